/// One tick's story. It holds enough to decide the tick again: what was seen, and what was concluded.
public struct Record: Sendable, Equatable, Codable {
    public var version: Int = Record.currentVersion
    public var group: String
    public var at: Instant
    /// Nothing of this was done: it was a dry run.
    public var dryRun: Bool
    public var observation: Observation
    public var alarmTransitions: [AlarmTransition]
    public var decision: Decision
    public var plan: Plan
    public var answers: [Answer]
    public var events: [FleetEvent]

    public static let currentVersion = 1

    public init(group: String, at now: Instant, dryRun: Bool, observation: Observation, evaluation: Evaluation) {
        self.group = group
        self.at = now
        self.dryRun = dryRun
        self.observation = observation
        self.alarmTransitions = evaluation.alarmTransitions
        self.decision = evaluation.decision
        self.plan = evaluation.plan
        self.answers = evaluation.answers
        self.events = evaluation.events
    }
}
