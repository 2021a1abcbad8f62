/// One tick's story. It holds enough to decide the tick again: what was seen, and what was concluded.
public struct Record: Sendable, Equatable {
    public var version: Int = Record.currentVersion
    public var group: String
    /// Ticks of the process that decided, from 1: a number that is left out is a record that was lost. 0: not known, as in
    /// records of version 3.
    public var tick: Int
    public var at: Instant
    /// Nothing of this was done: it was a dry run.
    public var dryRun: Bool
    /// Policy and state from before this tick. Present on the first record of a process, of a file and after one that was
    /// lost, and whenever the policy changed; the ticks after it follow from their observations, as deciding draws on nothing
    /// else.
    @Boxed public var checkpoint: Checkpoint?
    public var observation: Observation
    public var alarmTransitions: [AlarmTransition]
    public var decision: Decision
    public var plan: Plan
    public var answers: [Answer]
    public var events: [FleetEvent]
    /// Actions of alarms that were due. Whether each could be carried out is in the log.
    public var notifications: [AlarmNotification]
    /// When the next tick and the next measurement were due. Nil in records of version 3.
    public var next: Next?

    public static let currentVersion = 4
    /// Records of older versions are not read.
    public static let oldestVersion = 3

    public struct Next: Sendable, Equatable {
        public var tick: Instant
        public var measurement: Instant

        public init(tick: Instant, measurement: Instant) {
            self.tick = tick
            self.measurement = measurement
        }
    }

    public struct Checkpoint: Sendable, Equatable, Codable {
        public var policy: GroupPolicy
        public var state: GroupState

        public init(policy: GroupPolicy, state: GroupState) {
            self.policy = policy
            self.state = state
        }
    }

    public init(
        group: String, tick: Int = 0, at now: Instant, dryRun: Bool, checkpoint: Checkpoint? = nil,
        observation: Observation, evaluation: Evaluation
    ) {
        self.checkpoint = checkpoint
        self.tick = tick
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
        self.next = Next(tick: evaluation.nextTick, measurement: evaluation.nextMeasurement)
    }
}
