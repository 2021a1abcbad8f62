import WeirCore

// Limits of the queue itself: how long it keeps a message, and how many may be in flight.

extension Simulation {
    private var retentionNs: Int64? { model.retention.map { $0.wholeMilliseconds * Self.millisecondNs } }

    /// None is older before.
    mutating func beginExpiring() {
        guard let retentionNs else { return }
        agenda.add(.expires(again: true), atNs: retentionNs)
    }

    /// A message that is not deleted may reach its retention before those that wait.
    mutating func expectExpiry(ofSentAt sentNs: Int64) {
        guard let retentionNs else { return }
        agenda.add(.expires(again: false), atNs: max(sentNs + retentionNs, nowNs))
    }

    func hasExpired(_ job: Job) -> Bool { retentionNs.map { job.arrivalNs + $0 <= nowNs } ?? false }

    /// Deletes what has reached its retention, visible or hidden. What somebody works on is done all the same; only that nobody gets it
    /// again.
    mutating func expire(again: Bool) {
        guard let retentionNs else { return }
        let cutoffNs = nowNs - retentionNs
        while !waiting.isEmpty, waiting.oldestArrivalNs <= cutoffNs {
            _ = waiting.removeFirst()
            neverReceived += 1
            counts.expired += 1
        }
        counts.expired += returned.removeAll(sentUntil: cutoffNs)
        let wasHidden = hidden.count
        counts.expired += hidden.removeAll(sentUntil: cutoffNs)
        if hidden.count < wasHidden { handOut() }
        guard again else { return }
        // Whatever comes from now on is younger than what waits, or else than now.
        let oldestNs = waiting.isEmpty ? nowNs : waiting.oldestArrivalNs
        agenda.add(.expires(again: true), atNs: oldestNs + retentionNs)
    }

    /// No message may be received: too many are in flight.
    var isFull: Bool { busy + hidden.count >= model.mostInFlight ?? .max }

    /// Whether it can come to that at all, so that nobody has to look where it cannot.
    static func canFill(_ policy: GroupPolicy, _ model: SimulationModel, canFail: Bool) -> Bool {
        guard let most = model.mostInFlight else { return false }
        return canFail || model.unhealthyAfter != nil || policy.maxSize * policy.concurrency >= most
    }
}

extension HiddenJobs {
    /// - Returns: how many there were.
    mutating func removeAll(sentUntil cutoffNs: Int64) -> Int {
        let before = count
        keep { $0.job.arrivalNs > cutoffNs }
        return before - count
    }
}

extension ReturnedLine {
    /// - Returns: how many there were.
    mutating func removeAll(sentUntil cutoffNs: Int64) -> Int {
        let before = count
        keep { $0.job.arrivalNs > cutoffNs }
        return before - count
    }
}
