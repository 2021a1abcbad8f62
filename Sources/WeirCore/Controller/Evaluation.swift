/// What one tick concluded: the state to remember, and everything that led there.
public struct Evaluation: Sendable, Equatable, Codable {
    public var state: GroupState
    /// Alarms that changed their state on this tick.
    public var alarmTransitions: [AlarmTransition]
    public var decision: Decision
    public var plan: Plan
    /// One for each request of the observation, in its order.
    public var answers: [Answer]
    /// What happened to instances: came into service, ended, died young, came back.
    public var events: [FleetEvent]
    /// When the next tick is due at the latest; anything that happens may bring it forward.
    public var nextTick: Instant
    /// The source is to be measured at that tick or after; before it, ticks do without a measurement.
    public var nextMeasurement: Instant
    /// Actions of alarms that are due, each once for its transition.
    public var notifications: [AlarmNotification] = []
    /// What the group has and wants of its fleet's room from now on; nil when it is under no limit.
    @Boxed public var claim: FleetClaim?

    public init(
        state: consuming GroupState, alarmTransitions: [AlarmTransition] = [], decision: Decision, plan: Plan = Plan(),
        answers: [Answer] = [], events: [FleetEvent] = [], nextTick: Instant, nextMeasurement: Instant
    ) {
        self.state = consume state
        self.alarmTransitions = alarmTransitions
        self.decision = decision
        self.plan = plan
        self.answers = answers
        self.events = events
        self.nextTick = nextTick
        self.nextMeasurement = nextMeasurement
    }

    /// Of the tick before only the state is left.
    mutating func begin() {
        decision.previousDesired = state.desiredCapacity
        decision.reasons.clear()
        alarmTransitions.clear()
        plan.actions.clear()
        answers.clear()
        events.clear()
        notifications.clear()
        if $claim.isThere { claim = nil }
    }
}

extension Array {
    /// Its memory is kept for the next ones, where nobody else looks at it.
    @inline(__always)
    fileprivate mutating func clear() {
        // There are few, and for few this costs less than to remove all at once.
        while !isEmpty { removeLast() }
    }
}

/// An alarm changed its state.
public struct AlarmTransition: Sendable, Equatable, Codable {
    public var alarm: String
    public var from: AlarmState
    public var to: AlarmState
    public var judgement: AlarmJudgement

    public init(alarm: String, from: AlarmState, to: AlarmState, judgement: AlarmJudgement) {
        self.alarm = alarm
        self.from = from
        self.to = to
        self.judgement = judgement
    }
}

/// How many instances, and the chain of reasons that led there; the chain is never empty, also when nothing changes.
public struct Decision: Sendable, Equatable, Codable {
    public var previousDesired: Int
    public var desired: Int
    public var reasons: [Reason]

    public init(previousDesired: Int, desired: Int, reasons: [Reason]) {
        self.previousDesired = previousDesired
        self.desired = desired
        self.reasons = reasons
    }
}
