import FoundationEssentials
import Glibc
import WeirAPI
import WeirCore
import WeirHTTP
import WeirRuntime

/// Asks the running daemon, over the socket in its state folder.
struct ControlClient: Sendable {
    private let socket: String
    private let state: String
    private let client = HTTPClient()
    private let patience: Duration

    /// - Parameter patience: how long an answer may take.
    init(state: String, patience: Duration = .seconds(30)) {
        self.patience = patience
        let folder = StateFolder(lookingAt: state)
        socket = folder.controlSocket
        self.state = folder.path
    }

    func daemon() async throws(Failure) -> DaemonView { try ControlWire.decode(await get("/v1/daemon")) }
    func groups() async throws(Failure) -> [GroupView] { try ControlWire.decode(await get("/v1/groups")) }

    /// - Throws: a mistake that names the groups that there are.
    func group(named name: String) async throws(Failure) -> GroupView {
        if let found = try await findGroup(named: name) { return found }
        throw Self.noGroup(name, among: try await groups())
    }

    static func noGroup(_ name: String, among groups: [GroupView]) -> Failure {
        let names = groups.map(\.group).joined(separator: ", ")
        return .mistake("no group '\(name)' runs here; \(names.isEmpty ? "none does" : "these do: \(names)")")
    }

    /// One group with its last decisions; nil when there is none of this name.
    func findGroup(named name: String) async throws(Failure) -> GroupView? {
        // What no group can be called is not put into a path.
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
            return nil
        }
        let path = "/v1/groups/\(name)"
        let response = try await send("GET", path, [])
        switch response.status {
        case 200: return try ControlWire.decode(response.body)
        case 404: return nil
        default: throw .world("the daemon answered \(response.status) to \(path): \(response.text)")
        }
    }

    /// Asks something of a group.
    /// - Returns: the sentence that says what now holds.
    func request(_ request: OperatorRequest, of group: GroupView) async throws(Failure) -> String {
        let response = try await send("POST", "/v1/groups/\(group.group)/requests", ControlWire.encode(request))
        let answer: OperatorAnswer = try ControlWire.decode(response.body)
        switch response.status {
        case 200 where answer.accepted: return answer.message
        // The request itself was wrong; whatever else is refused, another time may be right.
        case 400: throw .mistake(answer.message)
        default: throw .world(answer.message)
        }
    }

    /// One call of the queue's own API.
    func queue<Answer: Decodable>(_ action: String, _ input: some Encodable) async throws(Failure) -> Answer {
        try ControlWire.decode(await queueBytes(action, input), .capitalised)
    }

    /// One call whose answer holds nothing of interest.
    func queue(_ action: String, _ input: some Encodable) async throws(Failure) {
        _ = try await queueBytes(action, input)
    }

    private func queueBytes(_ action: String, _ input: some Encodable) async throws(Failure) -> [UInt8] {
        let body = try ControlWire.encode(input, .capitalised)
        let response = try await send(
            "POST", "/", body,
            headers: [
                HTTPHeader("content-type", "application/x-amz-json-1.0"),
                HTTPHeader("x-amz-target", "AmazonSQS.\(action)"),
            ])
        guard response.status == 200 else {
            let error: QueueErrorView = try ControlWire.decode(response.body)
            switch error.shape {
            case "QueueDoesNotExist": throw try await noSuchQueue(in: body)
            // It says how long to wait.
            case "QueueDeletedRecently": throw .world(error.message)
            default: throw response.status == 400 ? .mistake(error.message) : .world(error.message)
            }
        }
        return response.body
    }

    /// - Parameter body: the request that named it.
    private func noSuchQueue(in body: [UInt8]) async throws(Failure) -> Failure {
        let asked: QueueURLView = try ControlWire.decode(body, .capitalised)
        let list: QueueURLsView = try await queue("ListQueues", ListQueuesInput())
        let names = (list.queueUrls ?? []).map(queueName(of:))
        let known = names.isEmpty ? "there is none yet" : "there are: \(names.joined(separator: ", "))"
        return .mistake("there is no queue '\(queueName(of: asked.queueUrl))'; \(known)")
    }

    private func get(_ path: String) async throws(Failure) -> [UInt8] {
        let response = try await send("GET", path, [])
        guard response.status == 200 else {
            throw .world("the daemon answered \(response.status) to \(path): \(response.text)")
        }
        return response.body
    }

    private func send(
        _ method: String, _ path: String, _ body: [UInt8], headers: [HTTPHeader] = []
    ) async throws(Failure) -> HTTPResponse {
        do throws(HTTPFailure) {
            return try await client.send(
                HTTPRequest(
                    method, "http://weir\(path)", headers: headers, body: body, unixSocket: socket,
                    timeLimit: patience))
        } catch {
            switch error {
            case .couldNotConnect:
                // The folder or the socket in it belongs to somebody else.
                if access(socket, W_OK) != 0, errno == EACCES {
                    throw .world(
                        "may not speak to the weir of \(state) (weir.sock: Permission denied); "
                            + "run this as the user that runs weir")
                }
                throw .world(
                    "no weir runs with the state folder \(state); start one with: weir run PATH --state \(state)")
            case .timedOut(_, _, let span):
                throw .world(
                    "the weir of \(state) has not answered for \(span.inWords): it hangs, is stopped or has very much to do"
                )
            case .invalidRequest, .cancelled, .tooLarge, .tls, .brokenAnswer, .other:
                throw .world(error.sentence)
            }
        }
    }
}
