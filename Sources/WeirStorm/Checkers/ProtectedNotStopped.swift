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

    /// Nor is it chosen for that: it would get no more messages.
    static func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        for planned in record.plan.actions {
            guard case .drain(let id) = planned.action else { continue }
            switch planned.why {
            case .surplus, .beyondFleet, .departure(.lifetime): break
            default: continue
            }
            guard storm.workers[storm.position(of: id, in: group)].isPromised else { continue }
            storm.violate(.protectedNotStopped, "\(id) is protected and drains: \(planned.why.sentence)")
        }
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
