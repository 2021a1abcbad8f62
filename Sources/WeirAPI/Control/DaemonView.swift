/// The daemon as `GET /v1/daemon` shows it.
public struct DaemonView: Codable, Sendable, Equatable {
    public var pid: Int
    public var version: String
    /// RFC 3339 in UTC.
    public var startedAt: String
    /// Where it listens: `127.0.0.1:4100`, `unix:/path`.
    public var listen: [String]
    /// The URL for AWS's tools and SDKs; nil when weir listens on sockets of files only.
    public var endpoint: String?
    public var region: String
    /// The state folder; nil when everything is kept in memory.
    public var state: String?
    /// Why the policy files as they are now are not in force, and since when; nil when they are.
    public var policyTrouble: String?

    enum CodingKeys: String, CodingKey {
        case pid, version, listen, endpoint, region, state
        case policyTrouble = "policy_trouble"
        case startedAt = "started_at"
    }

    public init(
        pid: Int, version: String, startedAt: String, listen: [String], endpoint: String?, region: String,
        state: String?, policyTrouble: String? = nil
    ) {
        self.pid = pid
        self.version = version
        self.startedAt = startedAt
        self.listen = listen
        self.endpoint = endpoint
        self.region = region
        self.state = state
        self.policyTrouble = policyTrouble
    }
}
