import FoundationEssentials
import WeirCore
import WeirHTTP

/// Asks an engine. This is all that a dry run is given: it has no way to change anything, for it can only GET.
struct DockerEngine: Sendable {
    static let defaultHost = "unix:///var/run/docker.sock"

    let address: Address
    let http: HTTPClient
    let version: AgreedVersion

    init(address: Address, http: HTTPClient, version: AgreedVersion = AgreedVersion()) {
        self.address = address
        self.http = http
        self.version = version
    }

    /// Where an engine's API is.
    struct Address: Sendable, Hashable {
        /// Scheme, host and port of the URLs.
        var origin: String
        var unixSocket: String?

        init(unixSocket: String) {
            origin = "http://docker"
            self.unixSocket = unixSocket
        }

        /// Reads what `DOCKER_HOST` may hold; nil when it is nothing that can be spoken to.
        init?(_ text: String) {
            if text.hasPrefix("unix://") {
                let path = String(text.dropFirst("unix://".count))
                guard path.hasPrefix("/") else { return nil }
                self = Address(unixSocket: path)
            } else if text.hasPrefix("tcp://") || text.hasPrefix("http://") {
                let host = text.drop { $0 != "/" }.dropFirst(2)
                guard !host.isEmpty, !host.dropLast(host.hasSuffix("/") ? 1 : 0).contains("/") else { return nil }
                origin = "http://" + (host.hasSuffix("/") ? host.dropLast() : host)
            } else {
                return nil
            }
        }
    }

    func get(
        _ path: String, query: [(String, String)] = [], timeLimit: Duration = DockerLimits.listTime,
        maximumBytes: Int = HTTPLimits.responseBytes
    ) async throws(DockerFailure) -> [UInt8] {
        try await send("GET", path, query: query, timeLimit: timeLimit, maximumBytes: maximumBytes).body
    }

    /// What the engine reports for as long as it is listened to.
    func stream(_ path: String, query: [(String, String)]) async throws(DockerFailure) -> HTTPChunks {
        try await open("GET", path, query: query, timeLimit: DockerLimits.listTime)
    }

    // MARK: In which version

    /// Does it in a version that the engine accepts. If it refuses that one, another engine has come in the place of the
    /// one that was asked; it has done nothing yet, so it is asked, and all is said again.
    private func speaking<Value>(
        timeLimit: Duration, _ work: (DockerVersion) async throws(DockerFailure) -> Value
    ) async throws(DockerFailure) -> Value {
        let spoken = try await agreedVersion(timeLimit)
        do {
            return try await work(spoken)
        } catch {
            if error.mayBeAnotherEngine { version.forget() }
            guard error.refusesVersion else { throw error }
            let other = try await agreedVersion(timeLimit)
            guard other != spoken else { throw error }
            return try await work(other)
        }
    }

    /// The engine is asked once. One that does not tell (a proxy in front of it may forbid the question) is spoken to in
    /// the version that weir was written for.
    private func agreedVersion(_ timeLimit: Duration) async throws(DockerFailure) -> DockerVersion {
        if let known = version.known { return known }
        let answer = try await exchange(
            request("GET", "/version", in: nil, query: [], timeLimit: min(timeLimit, DockerLimits.listTime)))
        let oldest = answer.status == 200 ? DockerWire.oldestVersion(answer.body) : nil
        let agreed = max(.written, oldest ?? .written)
        version.agree(agreed)
        return agreed
    }

    // For `DockerHands` below, which must not repeat how an engine is spoken to. Nothing outside of this file can ask for
    // another method than GET.

    private func request(
        _ method: String, _ path: String, in version: DockerVersion?, query: [(String, String)], body: [UInt8]? = nil,
        timeLimit: Duration
    ) -> HTTPRequest {
        let prefix = version.map { "/v\($0)" } ?? ""
        let query = query.isEmpty ? "" : "?" + query.map { "\($0)=\(Self.escape($1))" }.joined(separator: "&")
        return HTTPRequest(
            method, "\(address.origin)\(prefix)\(path)\(query)",
            headers: body == nil ? [] : [HTTPHeader("Content-Type", "application/json")], body: body ?? [],
            unixSocket: address.unixSocket, timeLimit: timeLimit,
            connectLimit: min(timeLimit, DockerLimits.connectTime))
    }

    fileprivate func send(
        _ method: String, _ path: String, query: [(String, String)] = [], body: [UInt8]? = nil, timeLimit: Duration,
        maximumBytes: Int = HTTPLimits.responseBytes
    ) async throws(DockerFailure) -> HTTPResponse {
        try await speaking(timeLimit: timeLimit) { (version) async throws(DockerFailure) in
            var request = request(method, path, in: version, query: query, body: body, timeLimit: timeLimit)
            request.maximumResponseBytes = maximumBytes
            let response = try await exchange(request)
            guard response.status < 400 else {
                throw .refused(status: response.status, message: DockerWire.message(response.body))
            }
            return response
        }
    }

    private func exchange(_ request: HTTPRequest) async throws(DockerFailure) -> HTTPResponse {
        do {
            return try await http.send(request)
        } catch {
            throw .unreachable(error)
        }
    }

    fileprivate func open(
        _ method: String, _ path: String, query: [(String, String)], timeLimit: Duration
    ) async throws(DockerFailure) -> HTTPChunks {
        try await speaking(timeLimit: timeLimit) { (version) async throws(DockerFailure) in
            try await open(request(method, path, in: version, query: query, timeLimit: timeLimit))
        }
    }

    private func open(_ request: HTTPRequest) async throws(DockerFailure) -> HTTPChunks {
        do {
            let stream = try await http.stream(request)
            guard stream.status >= 400 else { return stream.chunks }
            var body: [UInt8] = []
            for try await chunk in stream.chunks where body.count < DockerLimits.streamLineBytes { body += chunk }
            throw DockerFailure.refused(status: stream.status, message: DockerWire.message(body))
        } catch let failure as HTTPFailure {
            throw .unreachable(failure)
        } catch let failure as DockerFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
    static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let unreserved = Array("-._~".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            let isPlain = isAlphanumeric(byte) || unreserved.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Asks an engine to change something. Only `DockerLauncher` has one.
struct DockerHands: Sendable {
    let engine: DockerEngine

    @discardableResult
    func post(
        _ path: String, query: [(String, String)] = [], body: [UInt8]? = nil, timeLimit: Duration
    ) async throws(DockerFailure) -> HTTPResponse {
        try await engine.send("POST", path, query: query, body: body, timeLimit: timeLimit)
    }

    func delete(_ path: String, query: [(String, String)]) async throws(DockerFailure) {
        _ = try await engine.send("DELETE", path, query: query, timeLimit: DockerLimits.removeTime)
    }

    func postStream(
        _ path: String, query: [(String, String)], timeLimit: Duration
    ) async throws(DockerFailure) -> HTTPChunks {
        try await engine.open("POST", path, query: query, timeLimit: timeLimit)
    }
}
