/// A tick with all that went into it and all that came of it.
public struct DecidedTick: Sendable, Equatable {
    public var policy: GroupPolicy
    /// What was remembered before it.
    public var before: GroupState
    public var observation: Observation
    public var at: Instant
    public var evaluation: Evaluation

    public init(
        policy: GroupPolicy, before: GroupState, observation: Observation, at now: Instant, evaluation: Evaluation
    ) {
        self.policy = policy
        self.before = before
        self.observation = observation
        at = now
        self.evaluation = evaluation
    }
}
