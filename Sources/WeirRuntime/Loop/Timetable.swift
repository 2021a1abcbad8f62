import WeirCore

/// When a group measures and when it ticks. It holds moments and decides nothing about the group; asked at the same moments,
/// it says the same.
struct Timetable {
    private(set) var nextTick: Instant
    private(set) var nextMeasurement: Instant
    /// When the last measurement came.
    private(set) var measuredAt: Instant?
    /// Since when the source is being asked; nil when it is not.
    private(set) var measuringSince: Instant?
    /// How long an answer of the source may take.
    var patience = Limits.measuringPatience
    /// A source that has said nothing by then counts as one that failed; nil when it is not being asked.
    private var patienceEnds: Instant?
    /// What was decided could not be stored; it is tried again then.
    var savingDue: Instant?
    /// The launcher has said what is there, or that it cannot. Before that nothing is decided.
    var knowsTheFleet = false
    /// Something happened in the queue since the last measurement began.
    private var woken = false
    /// A policy of the group follows each message, and so wants to look sooner when something happens.
    var followsTraffic = false
    /// The source is another one and was not asked yet. A tick that began before knows nothing of it.
    private var sourceIsNew = false
    private var tickedAt: Instant?
    private var lastLook: Instant

    init(at now: Instant) {
        nextTick = now
        nextMeasurement = now
        lastLook = now
    }

    // MARK: What happened

    /// Has to hear of every look at the clock. When it was set back, what was planned lies too far ahead: it is due now.
    mutating func look(at now: Instant) {
        defer { lastLook = now }
        guard now < lastLook else { return }
        nextTick = now
        nextMeasurement = now
        measuredAt = nil
        tickedAt = nil
        measuringSince = measuringSince.map { _ in now }
        patienceEnds = patienceEnds.map { _ in now + patience }
        savingDue = savingDue.map { _ in now }
    }

    mutating func beginsMeasuring(at now: Instant) {
        measuringSince = now
        patienceEnds = now + patience
        woken = false
        sourceIsNew = false
    }

    mutating func hasMeasured(at now: Instant) {
        measuringSince = nil
        patienceEnds = nil
        measuredAt = now
    }

    /// - Returns: the source has been asked for too long. It goes on being asked, and this is said again after as long.
    mutating func losesPatience(at now: Instant) -> Bool {
        guard let ends = patienceEnds, now >= ends else { return false }
        patienceEnds = now + patience
        return true
    }

    mutating func ticked(at now: Instant, _ evaluation: Evaluation) {
        tickedAt = now
        nextTick = evaluation.nextTick
        nextMeasurement = sourceIsNew ? now : evaluation.nextMeasurement
    }

    /// Something happened in the queue that may matter now.
    mutating func wake() { woken = true }

    /// There is another source: it is asked at once, and not at the beat of the one before.
    mutating func measureAnother(at now: Instant) {
        nextMeasurement = now
        sourceIsNew = true
    }

    // MARK: What is due

    var isMeasuring: Bool { measuringSince != nil }

    /// When the source is to be asked: at its beat, or soon after something happened in the queue.
    /// - Parameter groupIsEmpty: nobody is there to take a message.
    func measurementDue(groupIsEmpty: Bool) -> Instant {
        guard woken else { return nextMeasurement }
        let usual =
            followsTraffic ? WeirCore.Limits.shortestTrafficInterval : WeirCore.Limits.shortestWakeInterval
        let pause = groupIsEmpty ? WeirCore.Limits.shortestWakeIntervalAtZero : usual
        return measuredAt.map { min(nextMeasurement, $0 + pause) } ?? lastLook
    }

    /// When a tick is due that nothing but the time asks for. A measurement brings a tick of its own, so there is none
    /// beside it; but a source that takes long does not keep the group from ticking.
    var tickDue: Instant? {
        if let measuringSince {
            let patience = Limits.tickWhileMeasuring
            return max(nextTick, measuringSince + patience, tickedAt.map { $0 + patience } ?? nextTick)
        }
        return nextTick < nextMeasurement ? nextTick : nil
    }

    /// The next moment at which something is due.
    /// - Parameter isMeasured: a measurement is there that no tick has taken yet; until one has, none is due.
    func nextLook(after now: Instant, groupIsEmpty: Bool, isMeasured: Bool = false) -> Instant {
        var next = now + Limits.longestSleep
        func consider(_ moment: Instant?) {
            if let moment, moment < next { next = moment }
        }
        if !isMeasuring, !isMeasured { consider(measurementDue(groupIsEmpty: groupIsEmpty)) }
        consider(knowsTheFleet ? tickDue : now + Limits.listingRetry)
        consider(savingDue)
        consider(patienceEnds)
        return next
    }
}
