import WeirCore
import WeirRuntime

/// Nobody is stopped, or paused, who holds a message, where the queue can tell; but for whom an operator asked by name, and who is
/// unhealthy and has had its `busy_timeout`.
enum BusyNotStopped {
    static func check(_ worker: Int, _ entry: Ledger.Entry, in storm: Storm) {
        let group = storm.groups[storm.workers[worker].group]
        checkQuiet(worker, entry, group, storm)
        guard group.seesWork, storm.workers[worker].runs, !storm.workers[worker].holds.isEmpty, !entry.isNamed else {
            return
        }
        if entry.isSaidUnhealthy, let timeout = group.policy.healthCheck.busyTimeout, let since = entry.unhealthySince,
            storm.now - since >= timeout.wholeMilliseconds || storm.clockSetAt >= since
        {
            return
        }
        storm.violate(
            .busyNotStopped,
            "\(storm.workers[worker].id) is stopped with \(storm.workers[worker].holds.count) messages in hand")
    }

    /// Holding nothing for a moment is not yet being idle: who is stopped for the capacity has held nothing for a while.
    private static func checkQuiet(_ worker: Int, _ entry: Ledger.Entry, _ group: StormGroup, _ storm: Storm) {
        guard group.seesWork, storm.workers[worker].runs, !entry.isNamed, !entry.isSaidUnhealthy else { return }
        switch entry.departure {
        case .surplus, .beyondFleet, .departure(.lifetime), .departure(.refresh): break
        default: return
        }
        let quiet = storm.now - storm.workers[worker].idleSince
        guard quiet < WeirRuntime.Limits.quietTime.wholeMilliseconds else { return }
        storm.violate(
            .busyNotStopped, "\(storm.workers[worker].id) is stopped \(quiet) ms after it was done with a message")
    }

    static func checkPause(_ worker: Int, in storm: Storm) {
        guard !storm.workers[worker].holds.isEmpty else { return }
        storm.violate(.busyNotStopped, "\(storm.workers[worker].id) is paused with a message in hand")
    }
}
