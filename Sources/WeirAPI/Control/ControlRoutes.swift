import FoundationEssentials
import WeirCore
import WeirRuntime

/// What the unix socket answers besides AWS's APIs: plain JSON under `/v1/`.
struct ControlRoutes: Sendable {
    let control: any ControlPlane
    let daemon: @Sendable () -> DaemonView
    let now: @Sendable () -> Instant

    static let prefix = "/v1/"

    func answer(_ request: APIRequest) async -> APIResponse {
        let path = request.path.split(separator: "/").dropFirst().map { percentDecoded($0, plusIsSpace: false) ?? "" }
        switch (request.isRead ? "GET" : request.method, path.first, path.count) {
        case ("GET", "daemon", 1): return Self.json(200, daemon())
        case ("GET", "groups", 1):
            let now = now()
            return Self.json(200, await control.groups().map { GroupView($0, at: now) })
        case ("GET", "groups", 2):
            guard let group = await control.group(named: path[1]) else { return Self.noSuchGroup(path[1]) }
            return Self.json(200, GroupView(group, at: now(), whole: true))
        case ("POST", "groups", 3) where path[2] == "requests": return await decide(request.body, group: path[1])
        default: return Self.refused(404, "there is no \(request.method) \(request.path)")
        }
    }

    private func decide(_ body: [UInt8], group: String) async -> APIResponse {
        guard let policy = await control.group(named: group)?.policy else { return Self.noSuchGroup(group) }
        let kind: Request.Kind
        do {
            kind = try JSONDecoder().decode(OperatorRequest.self, from: Data(body)).decided(policy)
        } catch let mistake as OperatorRequestMistake {
            return Self.refused(400, mistake.sentence)
        } catch {
            let kinds = OperatorRequest.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            return Self.refused(400, "the request is no JSON object whose 'kind' is one of \(kinds)")
        }
        switch await control.request(kind, of: group) {
        case nil: return Self.noSuchGroup(group)
        case .accepted(let sentence):
            let more = kind == .cancelRefresh ? await whoStillLeaves(group) : ""
            return Self.json(200, OperatorAnswer(accepted: true, message: sentence + more))
        case .refused(let refusal): return Self.refused(409, RefusalText.sentence(refusal, group: group))
        }
    }

    /// A cancelled refresh calls nobody back.
    private func whoStillLeaves(_ group: String) async -> String {
        guard let snapshot = await control.group(named: group), let refresh = RefreshView(snapshot),
            refresh.leaving > 0
        else { return "" }
        return "; \(refresh.leavingText)"
    }

    private static func noSuchGroup(_ name: String) -> APIResponse { refused(404, "there is no group '\(name)'") }

    private static func refused(_ status: Int, _ message: String) -> APIResponse {
        json(status, OperatorAnswer(accepted: false, message: message))
    }

    private static func json(_ status: Int, _ value: some Encodable) -> APIResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return APIResponse(status: status, contentType: "application/json", body: Array(try encoder.encode(value)))
        } catch {
            // Only a number that is not finite cannot be written; a source that tells one is at fault, not the reader.
            let body = JSONWriter.object { $0.member("message", "the answer cannot be written as JSON: \(error)") }
            return APIResponse(status: 500, contentType: "application/json", body: body)
        }
    }
}
