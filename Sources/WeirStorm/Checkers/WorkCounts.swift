import WeirCore

/// Nothing is scaled in because the queue is empty while it is not: work in flight counts, and a source that does not answer is no
/// empty queue. A source that lies is believed, as nobody can know; so a lie excuses.
struct WorkCounts {
    private struct Sight {
        /// When the queue was last seen without anything to do.
        var emptyAt: Int64 = -1
        /// Until when a lie, or a clock that was set, may still be in view.
        var isExcusedUntil: Int64 = -1
        /// Messages that the source spoke of last, to the process that runs; nil when it spoke of none.
        var heard: Double?
    }

    private var sights: [Sight]
    /// When weir last concluded anything.
    private var concludedAt: [Int64]
    /// From asking the source to deciding by its answer.
    private static let slack: Int64 = 400_000

    init(_ groups: Int) {
        sights = Array(repeating: Sight(), count: groups)
        concludedAt = Array(repeating: 0, count: groups)
    }

    mutating func isMeasured(_ group: StormGroup, in storm: Storm) {
        if group.letters.outstanding == 0 { sights[group.number].emptyAt = storm.now }
    }

    mutating func sourceLies(_ group: StormGroup, in storm: Storm) {
        sights[group.number].isExcusedUntil = storm.now + group.plan.quietSpanMs * 2 + Self.slack
    }

    mutating func begins(_ group: StormGroup) { sights[group.number].heard = nil }

    mutating func isHeard(_ measurement: Measurement, _ group: StormGroup) {
        sights[group.number].heard = measurement.visible.number.map { $0 + (measurement.inFlight.number ?? 0) }
    }

    /// So many messages, more than all that live can have in hand, are not gone at once: one answer that says so is not believed.
    func isDoubted(zeroOf group: StormGroup, in storm: Storm) -> Bool {
        // Whom a dry run imagines is in nobody's world.
        guard !group.plan.dryRun, let heard = sights[group.number].heard else { return false }
        // With those of which weir may not have heard yet that they are gone.
        let inHand = (group.present.count { storm.workers[$0].phase != .unborn } + 3) * group.policy.concurrency
        return heard >= Double(group.policy.suspicion.suspiciousDrop) && heard > Double(inHand)
    }

    mutating func clockIsSet(in storm: Storm) {
        for group in storm.groups { sourceLies(group, in: storm) }
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        // A clock that was set back while nobody looked hides how long that was.
        if storm.clockSetAt >= concludedAt[group.number] { sourceLies(group, in: storm) }
        concludedAt[group.number] = storm.now
        guard record.decision.desired < record.decision.previousDesired else { return }
        let sight = sights[group.number]
        guard storm.now >= sight.isExcusedUntil, group.letters.outstanding > 0 else { return }
        for reason in record.decision.reasons {
            guard case .proposed(let proposal) = reason.fact, proposal.capacity < proposal.desired,
                proposal.alarm == "empty"
            else { continue }
            let span = storm.now - sight.emptyAt
            // The alarm has to see the whole of its span empty, and that was longer ago.
            if span > group.plan.quietSpanMs + Self.slack {
                storm.violate(
                    .workCounts,
                    "\(group.name): \(record.decision.change) as nothing is left to do, and "
                        + "\(group.letters.outstanding) messages are, \(group.letters.inFlight) of them in flight; "
                        + "it was last empty \(span / 1000) s ago")
            }
        }
    }
}
