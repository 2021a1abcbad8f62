import WeirCore

/// How a simulation went, in memory that does not grow with it. Moments are in nanoseconds since the beginning.
public final class Timeline {
    public private(set) var pieces = Buckets<TimelinePiece>(most: 2048)
    private var changes = TimelineDecisions()
    public private(set) var alarms: [AlarmCourse]
    /// When it ended.
    public private(set) var endNs: Int64 = 0

    // What holds since `endNs`.
    private var backlog = 0
    private var working = 0
    private var desired: Int
    private var inService: Int
    private var arrived = 0
    private var minute: Int64 = 0
    private var arrivedInMinute = 0

    private static let minuteNs: Int64 = 60_000_000_000

    public init(of policy: GroupPolicy) {
        alarms = policy.alarms.map { AlarmCourse($0.name) } + policy.compositeAlarms.map { AlarmCourse($0.name) }
        desired = policy.initialDesiredCapacity
        inService = policy.initialDesiredCapacity
    }

    /// Changes of the desired capacity: all of them; where there are thousands, the largest of each of equal pieces of time.
    public var decisions: [TimelineDecision] { changes.all }
    /// How many others there were.
    public var decisionsLeftOut: Int { changes.leftOut }

    // MARK: What the simulation tells

    /// Something has happened, and this holds from now on.
    func sees(atNs nowNs: Int64, arrived: Int, backlog: Int, working: Int) {
        let place = advance(to: nowNs)
        if arrived != self.arrived { comes(arrived - self.arrived, place) }
        self.arrived = arrived
        self.backlog = backlog
        self.working = working
        pieces[place].backlog.touch(backlog)
        pieces[place].working.touch(working)
    }

    func waited(_ waitNs: Int64, since arrivalNs: Int64) {
        let place = pieces.reach(arrivalNs)
        pieces[place].waits.add(waitNs)
    }

    /// - Parameter fleet: the fleet that the evaluation left; its own state has been taken out of it.
    func decided(_ evaluation: Evaluation, leading fleet: [Instance], atNs nowNs: Int64) {
        let place = advance(to: nowNs)
        desired = evaluation.decision.desired
        inService = fleet.count { $0.lifecycleState == .inService }
        pieces[place].desired.touch(desired)
        pieces[place].inService.touch(inService)
        for transition in evaluation.alarmTransitions {
            guard let alarm = alarms.firstIndex(where: { $0.name == transition.alarm }) else { continue }
            alarms[alarm].changes(to: transition.to, atNs: nowNs)
        }
        let decision = evaluation.decision
        guard decision.desired != decision.previousDesired else { return }
        changes.add(
            TimelineDecision(
                atNs: nowNs, from: decision.previousDesired, to: decision.desired, reasons: decision.reasons))
    }

    // MARK: Filling in

    /// What held until now is entered in every piece that it held in.
    private func advance(to nowNs: Int64) -> Int {
        let last = pieces.reach(nowNs)
        while endNs < nowNs {
            let place = pieces.index(of: endNs)
            let untilNs = min((Int64(place) + 1) * pieces.widthNs, nowNs)
            hold(place, forNs: untilNs - endNs)
            endNs = untilNs
        }
        return last
    }

    private func hold(_ place: Int, forNs lengthNs: Int64) {
        pieces[place].backlog.hold(backlog, forNs: lengthNs)
        pieces[place].working.hold(working, forNs: lengthNs)
        pieces[place].desired.hold(desired, forNs: lengthNs)
        pieces[place].inService.hold(inService, forNs: lengthNs)
    }

    private func comes(_ count: Int, _ place: Int) {
        pieces[place].arrivals += count
        let now = endNs / Self.minuteNs
        if now != minute { arrivedInMinute = 0 }
        minute = now
        arrivedInMinute += count
        let beginning = pieces.index(of: now * Self.minuteNs)
        pieces[beginning].busiestMinute = max(pieces[beginning].busiestMinute, arrivedInMinute)
    }
}
