import WeirCore
import WeirPolicy

/// What a story came to: the group after each of its ticks.
public struct StoryCourse: Sendable {
    /// Their states are in the moments, in this order.
    public let alarms: [String]
    /// The alarms that invoke each scaling policy, by its name.
    let alarmsOfPolicies: [String: [String]]
    public let lasts: Duration
    /// By time, never empty.
    public internal(set) var moments: [Moment] = []

    /// The group from one tick on until the next.
    public struct Moment: Sendable {
        /// Since the beginning of the story. Unit: milliseconds.
        public var atMs: Int64
        /// The source was asked.
        public var isLook: Bool
        public var desired: Int
        public var inService = 0
        public var pending = 0
        public var terminating = 0
        public var alarms: [AlarmState]
        public var reasons: [Reason]
        /// The desired capacity is another one from here on.
        public var changesDesired: Bool
        /// Instances that this tick launched for the first time.
        public var launches = 0
        /// Instances that this tick told to stop for the first time.
        public var terminations = 0
        /// What the source said last; nil: it does not answer.
        public var measurement: Measurement?
    }

    /// The last moment that is not after this time, with all that follows at once.
    func index(at time: Duration) -> Int {
        let ms = (time + StoryLimits.atOnce).wholeMilliseconds
        var (low, high) = (0, moments.count)
        while low < high {
            let middle = (low + high) / 2
            if moments[middle].atMs <= ms { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// The moments from the last look at the source on that is not after this time.
    func look(at time: Duration) -> ClosedRange<Int> {
        let last = index(at: time)
        let first = moments[...last].lastIndex(where: \.isLook) ?? last
        return first...last
    }

    /// The first tick that is not before this time.
    func firstTick(_ time: Duration) -> Int {
        let ms = time.wholeMilliseconds
        return moments.firstIndex { $0.atMs >= ms } ?? moments.endIndex
    }

    /// What held at `from`, and what came until the other time.
    func range(from: Duration, until: Duration) -> ClosedRange<Int> {
        let first = index(at: from)
        return first...max(first, index(at: until))
    }
}

/// Notes tick after tick.
final class CourseRecorder {
    private(set) var course: StoryCourse
    private let beginsAt: Instant
    private var launched: Set<InstanceID> = []
    private var stopped: Set<InstanceID> = []
    private var measurement: Measurement?

    init(_ policy: GroupPolicy, beginsAt: Instant, lasts: Duration) {
        course = StoryCourse(
            alarms: policy.alarms.map(\.name) + policy.compositeAlarms.map(\.name),
            alarmsOfPolicies: Dictionary(
                policy.scalingPolicies.map { ($0.name, $0.alarms) }, uniquingKeysWith: { first, _ in first }),
            lasts: lasts)
        self.beginsAt = beginsAt
    }

    func note(_ now: Instant, _ evaluation: borrowing Evaluation, _ told: Measurement?) {
        if let told { measurement = told }
        let decision = evaluation.decision
        var moment = StoryCourse.Moment(
            atMs: (now - beginsAt).wholeMilliseconds, isLook: told != nil, desired: decision.desired,
            alarms: course.moments.last?.alarms ?? [], reasons: decision.reasons,
            changesDesired: decision.desired != decision.previousDesired, measurement: measurement)
        if !evaluation.alarmTransitions.isEmpty || moment.alarms.isEmpty {
            moment.alarms = evaluation.state.alarms.map(\.state)
        }
        for index in evaluation.state.fleet.indices {
            switch evaluation.state.fleet[index].lifecycleState {
            case .inService: moment.inService += 1
            case .pending, .pendingWait: moment.pending += 1
            case .draining, .terminatingWait, .terminating: moment.terminating += 1
            case .enteringStandby, .standby, .warmedPending, .warmedStopped, .warmedHibernated: break
            }
        }
        for planned in evaluation.plan.actions {
            switch planned.action {
            case .launch(let id): if launched.insert(id).inserted { moment.launches += 1 }
            case .terminate(let id, _): if stopped.insert(id).inserted { moment.terminations += 1 }
            case .prepare, .pause, .resume, .runHook, .drain, .restore, .remove: break
            }
        }
        course.moments.append(moment)
    }
}
