/// One tick in the making. Each step of `evaluate` is an extension of this, in the folder of what it is about; it reads
/// what earlier steps left here and changes `state`. There is one of it, handed on and never copied.
struct Tick: ~Copyable {
    let policy: GroupPolicy
    let observation: Observation
    /// What of the observation's measurement is believed.
    var measurement: Measurement?
    /// The source is believed again on this tick, and a fallback had raised the desired capacity.
    var isFirstAfterFallback = false
    let now: Instant
    /// The source was asked on this tick, with or without success.
    let isMeasured: Bool
    var state: GroupState

    /// Desired capacity before this tick.
    let previousDesired: Int
    var transitions: [AlarmTransition] = []
    var reasons: [Reason] = []
    var answers: [Answer] = []
    var events: [FleetEvent] = []
    var notifications: [AlarmNotification] = []

    // The plan, kind by kind; they are put in order at the end.
    var removals: [PlannedAction] = []
    var restores: [PlannedAction] = []
    var launches: [PlannedAction] = []
    var hookRuns: [PlannedAction] = []
    var pauses: [PlannedAction] = []
    var drains: [PlannedAction] = []
    var terminations: [PlannedAction] = []

    /// For so many more instances there is room in the fleet; it counts only under a ceiling.
    var room = 0
    /// Under a ceiling, how many instances took room before this tick looked at anything.
    private(set) var instancesTakingRoomBefore = 0

    @inline(__always)
    init(
        _ policy: GroupPolicy, _ state: consuming GroupState, _ observation: consuming Observation, at now: Instant
    ) {
        self.policy = policy
        measurement = observation.measurement
        self.now = now
        if case .some = observation.measurement { isMeasured = true } else { isMeasured = false }
        previousDesired = state.desiredCapacity
        self.observation = consume observation
        self.state = consume state
        if self.observation.$ceiling.isThere { instancesTakingRoomBefore = instancesTakingRoom }
    }

    mutating func record(_ kind: FleetEvent.Kind, of instance: InstanceID) {
        events.append(FleetEvent(instance: instance, kind: kind))
    }

    /// Adds a link to the chain of reasons, with the desired capacity as it is now.
    mutating func give(_ fact: Reason.Fact) {
        reasons.append(Reason(capacity: state.desiredCapacity, fact: fact))
    }

    /// How many instances the plan leads to. A group that leaves wants none, and keeps its desired capacity for the day it
    /// comes back.
    var wanted: Int { policy.leaving ? 0 : min(state.desiredCapacity + surge, mostInService) }

    /// Minimum and maximum in force.
    var bounds: Bounds { Bounds(of: policy, in: state) }

    func suspends(_ process: ScalingProcess) -> Bool {
        !state.suspended.isEmpty && state.suspended.contains(process)
    }

    /// Why the launcher could not say what is there; nil when it could, or was not asked.
    var listingFailure: String? {
        switch observation.listing {
        case .failed(let why), .neverSucceeded(let why): why
        case .instances, nil: nil
        }
    }

    /// Why it is not known who is there, so that launching could make too many; nil when it is known.
    var unknownFleet: String? {
        switch observation.listing {
        case .neverSucceeded(let why): why
        case .failed, .instances, nil: nil
        }
    }

    @inline(__always)
    consuming func conclude() -> Evaluation {
        state.lastTick = now
        let nextMeasurement = scheduleMeasurement()
        let nextTick = scheduleTick(before: nextMeasurement)
        var evaluation = Evaluation(
            state: GroupState(seed: 0, createdAt: now, desiredCapacity: 0),
            decision: Decision(previousDesired: previousDesired, desired: state.desiredCapacity, reasons: []),
            nextTick: nextTick, nextMeasurement: nextMeasurement)
        if policy.$fleet.isThere { evaluation.claim = FleetClaim(of: policy, in: state, surge: surge) }
        evaluation.plan = orderedPlan()
        // They change hands and are not copied.
        swap(&evaluation.alarmTransitions, &transitions)
        swap(&evaluation.decision.reasons, &reasons)
        swap(&evaluation.answers, &answers)
        swap(&evaluation.events, &events)
        swap(&evaluation.notifications, &notifications)
        swap(&evaluation.state, &state)
        return evaluation
    }

    /// First what makes room or gives back, then what starts, last what ends.
    private func orderedPlan() -> Plan {
        if removals.isEmpty, restores.isEmpty, launches.isEmpty, drains.isEmpty, terminations.isEmpty,
            hookRuns.isEmpty, pauses.isEmpty
        {
            return Plan()
        }
        return Plan(
            actions: removals + restores + launches + awaitedHookRuns + drains + pauses + terminations)
    }

    /// A wait may have ended on the tick on which its command was ordered.
    private var awaitedHookRuns: [PlannedAction] {
        hookRuns.filter { planned in
            guard case .runHook(let id, let hook) = planned.action else { return false }
            return state.fleet.contains { $0.id == id && $0.hooks.contains { $0.hook.name == hook } }
        }
    }
}
