/// The daemon as `GET /v1/daemon` shows it.
public struct DaemonView: Codable, Sendable, Equatable {
    public var pid: Int
    public var version: String
    /// RFC 3339 in UTC.
    public var startedAt: String
    /// Where it listens: `127.0.0.1:4100`, `unix:/path`.
    public var listen: [String]
    /// The state folder; nil when everything is kept in memory.
    public var state: String?

    enum CodingKeys: String, CodingKey {
        case pid, version, listen, state
        case startedAt = "started_at"
    }

    public init(pid: Int, version: String, startedAt: String, listen: [String], state: String?) {
        self.pid = pid
        self.version = version
        self.startedAt = startedAt
        self.listen = listen
        self.state = state
    }
}
