/// One tick's story. It holds enough to decide the tick again: what was seen, and what was concluded.
public struct Record: Sendable, Equatable, Codable {
    public var version: Int = Record.currentVersion
    public var group: String
    public var at: Instant
    /// Nothing of this was done: it was a dry run.
    public var dryRun: Bool
    /// Policy and state from before this tick. Present on the first record of a process and whenever the policy changed;
    /// the ticks after it follow from their observations, as deciding draws on nothing else.
    @Boxed public var checkpoint: Checkpoint?
    public var observation: Observation
    public var alarmTransitions: [AlarmTransition]
    public var decision: Decision
    public var plan: Plan
    public var answers: [Answer]
    public var events: [FleetEvent]
    /// Actions of alarms that were due. Whether each could be carried out is in the log.
    public var notifications: [AlarmNotification]

    public static let currentVersion = 3

    public struct Checkpoint: Sendable, Equatable, Codable {
        public var policy: GroupPolicy
        public var state: GroupState

        public init(policy: GroupPolicy, state: GroupState) {
            self.policy = policy
            self.state = state
        }
    }

    public init(
        group: String, at now: Instant, dryRun: Bool, checkpoint: Checkpoint? = nil, observation: Observation,
        evaluation: Evaluation
    ) {
        self.checkpoint = checkpoint
        self.group = group
        self.at = now
        self.dryRun = dryRun
        self.observation = observation
        self.alarmTransitions = evaluation.alarmTransitions
        self.decision = evaluation.decision
        self.plan = evaluation.plan
        self.answers = evaluation.answers
        self.events = evaluation.events
        self.notifications = evaluation.notifications
    }
}
