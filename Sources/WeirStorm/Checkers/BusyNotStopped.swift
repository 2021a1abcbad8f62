import WeirCore

/// Nobody is stopped, or paused, who holds a message, where the queue can tell; but for whom an operator asked by name, and who is
/// unhealthy and has had its `busy_timeout`.
enum BusyNotStopped {
    static func check(_ worker: Int, _ entry: Ledger.Entry, in storm: Storm) {
        let group = storm.groups[storm.workers[worker].group]
        guard group.seesWork, storm.workers[worker].runs, !storm.workers[worker].holds.isEmpty, !entry.isNamed else {
            return
        }
        if entry.isSaidUnhealthy, group.policy.healthCheck.busyTimeout != nil { return }
        storm.violate(
            .busyNotStopped,
            "\(storm.workers[worker].id) is stopped with \(storm.workers[worker].holds.count) messages in hand")
    }

    static func checkPause(_ worker: Int, in storm: Storm) {
        guard !storm.workers[worker].holds.isEmpty else { return }
        storm.violate(.busyNotStopped, "\(storm.workers[worker].id) is paused with a message in hand")
    }
}
