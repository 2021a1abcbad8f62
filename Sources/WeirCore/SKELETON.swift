// Stand-ins so that everything compiles; each moves to its own file.
public struct AlarmJudgement: Sendable, Equatable, Codable { public var sentence: String = "" }
public struct MetricHistory: Sendable, Equatable, Codable { public init() {} }
public struct CooldownState: Sendable, Equatable, Codable { }
public struct MetricExpression: Sendable, Equatable, Codable { }
public struct FleetEvent: Sendable, Equatable, Codable { public var sentence: String { "" } }
public struct Reason: Sendable, Equatable, Codable {
    public var code: String { "" }
    public var capacity: Int { 0 }
    public var sentence: String { "" }
}
