import FoundationEssentials
import WeirAPI
import WeirHTTP
import WeirRuntime

/// Asks the running daemon, over the socket in its state folder.
struct ControlClient: Sendable {
    private let socket: String
    private let state: String
    private let client = HTTPClient()

    init(state: String) {
        let folder = StateFolder(lookingAt: state)
        socket = folder.controlSocket
        self.state = folder.path
    }

    func daemon() async throws(Failure) -> DaemonView { try decode(await get("/v1/daemon")) }
    func groups() async throws(Failure) -> [GroupView] { try decode(await get("/v1/groups")) }

    /// The daemon's own JSON, for `--format json`.
    func groupsText(named group: String?) async throws(Failure) -> String {
        String(decoding: try await get(group.map { "/v1/groups/\($0)" } ?? "/v1/groups"), as: UTF8.self)
    }

    /// Asks something of a group.
    /// - Returns: the sentence that says what now holds.
    func request(_ request: OperatorRequest, of group: String) async throws(Failure) -> String {
        let response = try await send("POST", "/v1/groups/\(group)/requests", encode(request))
        let answer: OperatorAnswer = try decode(response.body)
        guard response.status == 200, answer.accepted else { throw .world(answer.message) }
        return answer.message
    }

    /// One call of the queue's own API.
    func queue<Answer: Decodable>(_ action: String, _ input: some Encodable) async throws(Failure) -> Answer {
        try decode(await queueBytes(action, input), .capitalised)
    }

    /// One call whose answer holds nothing of interest.
    func queue(_ action: String, _ input: some Encodable) async throws(Failure) {
        _ = try await queueBytes(action, input)
    }

    private func queueBytes(_ action: String, _ input: some Encodable) async throws(Failure) -> [UInt8] {
        let response = try await send(
            "POST", "/", encode(input, .capitalised),
            headers: [
                HTTPHeader("content-type", "application/x-amz-json-1.0"),
                HTTPHeader("x-amz-target", "AmazonSQS.\(action)"),
            ])
        guard response.status == 200 else {
            let error: QueueErrorView = try decode(response.body)
            throw .world(error.message)
        }
        return response.body
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
                    timeLimit: .seconds(30)))
        } catch {
            switch error {
            case .couldNotConnect:
                throw .world(
                    "no weir runs with the state folder \(state); start one with: weir run PATH --state \(state)")
            case .invalidRequest, .timedOut, .cancelled, .tooLarge, .tls, .brokenAnswer, .other:
                throw .world(error.sentence)
            }
        }
    }

    /// How names stand on the wire: the daemon's own as their types declare, those of the queue's API with a capital letter.
    private enum Names {
        case asDeclared
        case capitalised
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static func capitalised(_ path: [any CodingKey]) -> Key {
            let name = path.last?.stringValue ?? ""
            return Key(stringValue: name.prefix(1).uppercased() + name.dropFirst())
        }

        static func uncapitalised(_ path: [any CodingKey]) -> Key {
            let name = path.last?.stringValue ?? ""
            return Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
        }
    }

    private func encode(_ value: some Encodable, _ names: Names = .asDeclared) throws(Failure) -> [UInt8] {
        let encoder = JSONEncoder()
        switch names {
        case .asDeclared: break
        case .capitalised: encoder.keyEncodingStrategy = .custom(Key.capitalised)
        }
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .world("cannot write down the request: \(error)")
        }
    }

    private func decode<Value: Decodable>(_ body: [UInt8], _ names: Names = .asDeclared) throws(Failure) -> Value {
        let decoder = JSONDecoder()
        switch names {
        case .asDeclared: break
        case .capitalised: decoder.keyDecodingStrategy = .custom(Key.uncapitalised)
        }
        do {
            return try decoder.decode(Value.self, from: Data(body))
        } catch {
            throw .world("the daemon's answer is not understood; is it of another version? (\(error))")
        }
    }
}

private struct QueueErrorView: Decodable {
    var message: String
}
