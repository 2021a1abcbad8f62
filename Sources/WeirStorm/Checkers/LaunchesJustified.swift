import WeirCore

/// Whoever is launched for the capacity was missing: with it there are never more than desired, and what a refresh may add.
/// Instances whose launch is under way count, however long it takes and whatever process ordered it.
enum LaunchesJustified {
    static func check(_ record: Record, of group: StormGroup, _ ledger: Ledger, in storm: Storm) {
        checkPool(record, group, storm)
        guard record.plan.actions.contains(where: { isForCapacity($0) }) else { return }
        let counted = group.present.filter { ledger[$0].counts }
        let active = counted.count
        let desired = record.decision.desired
        let percent = group.policy.instanceRefresh.maxHealthyPercentage - 100
        let surge = percent > 0 ? max((desired * percent + 99) / 100, 1) : 0
        guard active > desired + surge else { return }
        storm.violate(
            .launchesJustified,
            "\(group.name) launches to reach \(desired), and has \(active) with them: "
                + counted.map { storm.workers[$0].id.text }.joined(separator: ", "))
    }

    /// Never more are made for the warm pool at once than it has places.
    private static func checkPool(_ record: Record, _ group: StormGroup, _ storm: Storm) {
        let prepared = record.plan.actions.count { planned in
            guard case .prepare(let id, _) = planned.action, case .warmPool = planned.why else { return false }
            // One that is there, or was asked for, is only brought to its end.
            return storm.workers[storm.position(of: id, in: group)].creations == 0
        }
        guard prepared > 0 else { return }
        let places = group.policy.warmPool?.size(
            desired: record.decision.desired, maxSize: storm.checks.boundsInForce(group).maximum)
        guard prepared > places ?? 0 else { return }
        storm.violate(.launchesJustified, "\(group.name) makes \(prepared) for a pool of \(places ?? 0)")
    }

    static func isForCapacity(_ planned: PlannedAction) -> Bool {
        switch (planned.action, planned.why) {
        case (.launch, .capacity), (.resume, .capacity): true
        default: false
        }
    }
}
