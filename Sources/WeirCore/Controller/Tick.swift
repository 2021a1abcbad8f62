/// One tick in the making. Each step of `evaluate` is an extension of this, in the folder of what it is about; it reads
/// what earlier steps left here and changes `state`. There is one of it, handed on and never copied.
struct Tick: ~Copyable {
    /// Policy, observation and evaluation, where they are.
    private let places: TickPlaces
    /// The measurement as it was told, where not all of it is believed.
    @Boxed private var told: Measurement?
    /// The source is believed again on this tick, and a fallback had raised the desired capacity.
    var isFirstAfterFallback = false
    let now: Instant
    /// The source was asked on this tick, with or without success.
    let isMeasured: Bool

    /// For so many more instances there is room in the fleet; it counts only under a ceiling.
    var room = 0
    /// Under a ceiling, how many instances took room before this tick looked at anything.
    private(set) var instancesTakingRoomBefore = 0

    @inline(__always)
    init(_ places: TickPlaces, at now: Instant) {
        self.places = places
        self.now = now
        isMeasured = places.isMeasured
        places.evaluation.begin()
        if observation.$ceiling.isThere { instancesTakingRoomBefore = instancesTakingRoom }
    }

    /// What of the observation's measurement is believed; it means nothing on a tick on which the source was not asked.
    @inline(__always)
    var measurement: Measurement {
        unsafeAddress { UnsafePointer(places.addressOfMeasurement) }
    }
    @inline(__always)
    var policy: GroupPolicy { unsafeAddress { places.addressOfPolicy } }
    @inline(__always)
    var observation: Observation { unsafeAddress { places.addressOfObservation } }
    #if DEBUG
        var state: GroupState {
            _read {
                places.watch.beginReading()
                defer { places.watch.endReading() }
                yield places.addressOfState.pointee
            }
            nonmutating _modify {
                places.watch.beginChanging()
                defer { places.watch.endChanging() }
                yield &places.addressOfState.pointee
            }
        }
    #else
        @inline(__always)
        var state: GroupState {
            unsafeAddress { UnsafePointer(places.addressOfState) }
            nonmutating unsafeMutableAddress { places.addressOfState }
        }
    #endif
    @inline(__always)
    var transitions: [AlarmTransition] {
        _read { yield places.evaluation.alarmTransitions }
        nonmutating _modify { yield &places.evaluation.alarmTransitions }
    }
    @inline(__always)
    var reasons: [Reason] {
        _read { yield places.evaluation.decision.reasons }
        nonmutating _modify { yield &places.evaluation.decision.reasons }
    }
    @inline(__always)
    var answers: [Answer] {
        _read { yield places.evaluation.answers }
        nonmutating _modify { yield &places.evaluation.answers }
    }
    @inline(__always)
    var events: [FleetEvent] {
        _read { yield places.evaluation.events }
        nonmutating _modify { yield &places.evaluation.events }
    }
    @inline(__always)
    var notifications: [AlarmNotification] {
        _read { yield places.evaluation.notifications }
        nonmutating _modify { yield &places.evaluation.notifications }
    }

    /// The plan, in the order in which its actions were thought of.
    @inline(__always)
    var planned: [PlannedAction] {
        _read { yield places.evaluation.plan.actions }
        nonmutating _modify { yield &places.evaluation.plan.actions }
    }

    /// From here on the tick goes by this measurement instead of what was told.
    mutating func correct(_ measurement: Measurement) {
        if !$told.isThere { told = self.measurement }
        places.addressOfMeasurement.pointee = measurement
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
    consuming func conclude() {
        state.lastTick = now
        let nextMeasurement = scheduleMeasurement()
        let places = places
        places.evaluation.nextTick = scheduleTick(before: nextMeasurement)
        places.evaluation.nextMeasurement = nextMeasurement
        places.evaluation.decision.desired = state.desiredCapacity
        if policy.$fleet.isThere { places.evaluation.claim = FleetClaim(of: policy, in: state, surge: surge) }
        orderPlan()
        if $told.isThere, let told { places.addressOfMeasurement.pointee = told }
    }

    /// Adds an action to the plan.
    @inline(__always)
    mutating func order(_ action: Action, _ why: ActionReason) {
        planned.append(PlannedAction(action: action, why: why))
    }

    /// First what makes room or gives back, then what starts, last what ends.
    private mutating func orderPlan() {
        var (isInOrder, runsHook) = (true, false)
        var last = Action.Turn.removal
        for index in planned.indices {
            let turn = planned[index].action.turn
            if turn == .hookRun { runsHook = true }
            if turn < last { isInOrder = false }
            last = turn
        }
        if runsHook { dropEndedHooks() }
        if isInOrder { return }
        let former = planned
        planned.removeAll(keepingCapacity: true)
        for turn in Action.Turn.allCases { planned += former.filter { $0.action.turn == turn } }
    }

    /// A wait may have ended on the tick on which its command was ordered.
    private mutating func dropEndedHooks() {
        let fleet = state.fleet
        planned.removeAll { planned in
            guard case .runHook(let id, let hook) = planned.action else { return false }
            return !fleet.contains { $0.id == id && $0.hooks.contains { $0.hook.name == hook } }
        }
    }
}

extension Action {
    /// Where in a plan it stands.
    fileprivate enum Turn: Int, CaseIterable, Comparable {
        case removal, restore, launch, hookRun, drain, pause, termination

        @inline(__always)
        static func < (left: Turn, right: Turn) -> Bool { left.rawValue < right.rawValue }
    }

    @inline(__always)
    fileprivate var turn: Turn {
        switch self {
        case .remove: .removal
        case .restore: .restore
        case .launch, .prepare, .resume: .launch
        case .runHook: .hookRun
        case .drain: .drain
        case .pause: .pause
        case .terminate: .termination
        }
    }
}
