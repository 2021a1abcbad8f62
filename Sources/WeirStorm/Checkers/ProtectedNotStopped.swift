import WeirCore

/// Whoever was promised protection from scale-in is not ended because fewer are desired, nor because it is old, nor by a refresh
/// that leaves the protected alone.
enum ProtectedNotStopped {
    static func check(_ worker: Int, _ entry: Ledger.Entry, in storm: Storm) {
        let group = storm.groups[storm.workers[worker].group]
        guard storm.workers[worker].isPromised, storm.workers[worker].runs, !entry.isNamed, !entry.isSaidUnhealthy,
            !mayEndProtected(entry.departure, group.plan.policy.instanceRefresh)
        else { return }
        let why = entry.departure?.sentence ?? "nobody says why"
        storm.violate(.protectedNotStopped, "\(storm.workers[worker].id) is protected and stopped: \(why)")
    }

    private static func mayEndProtected(_ why: ActionReason?, _ refresh: RefreshPreferences) -> Bool {
        switch why {
        case .departure(let departure)?:
            switch departure {
            case .scaleIn, .lifetime: false
            case .refresh: refresh.protectedInstances == .replace || refresh.standbyInstances == .replace
            case .unhealthy, .abandoned, .askedByOperator, .pool, .launchFailure: true
            }
        case .askedByOperator?, .launchTimedOut?: true
        case .capacity?, .surplus?, .foundIdle?, .busy?, .wantedAgain?, .ended?, .restarted?, .standby?, .warmPool?,
            .lifecycle?, .hooksCompleted?, .retry?, .beyondFleet?, nil:
            false
        }
    }
}
