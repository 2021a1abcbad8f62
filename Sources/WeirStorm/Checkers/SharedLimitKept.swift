import WeirCore
import WeirRuntime

/// Nobody launches into room that is taken: what all groups of a limit have, by the records and the world, is within it
/// whenever something is begun. And in the calm each has the share that is its own.
enum SharedLimitKept {
    static func check(_ record: Record, of group: StormGroup, _ ledger: Ledger, in storm: Storm) {
        guard let limit = storm.limit, group.policy.fleet != nil, begins(record) else { return }
        let taken = storm.groups.reduce(0) { $0 + unitsTaken(by: $1, ledger, storm) }
        guard taken > limit.maxSize else { return }
        let each = storm.groups.map { "\($0.name) \(unitsTaken(by: $0, ledger, storm))" }
        storm.violate(
            .sharedLimitKept,
            "\(group.name) launches, and with it \(taken) units of \(limit.maxSize) are taken: "
                + each.joined(separator: ", "))
    }

    /// Something is decided that takes room anew. That an order is given again, to one that is there, takes none.
    private static func begins(_ record: Record) -> Bool {
        record.plan.actions.contains { planned in
            switch (planned.action, planned.why) {
            case (.launch, .capacity), (.launch, .departure), (.launch, .lifecycle): true
            default: false
            }
        }
    }

    private static func unitsTaken(by group: StormGroup, _ ledger: Ledger, _ storm: Storm) -> Int {
        guard let membership = group.policy.fleet else { return 0 }
        let existing = group.present.count { position in
            let worker = storm.workers[position]
            let isGone = worker.phase == .exited || worker.phase == .unborn && worker.creations > 0
            // Who was brought by others may run before anybody in weir knows of it.
            return ledger[position].takesRoom && !ledger[position].isStray && !isGone
        }
        return existing * membership.units
    }

    // MARK: Shares

    /// How many may work, of what each group wants: by the rule as the documentation has it, one instance after the other.
    static func share(of group: StormGroup, wanting desired: Int, in storm: Storm) -> Int {
        guard let limit = storm.limit, group.policy.fleet != nil else { return desired }
        let members = storm.groups.compactMap { Member($0, storm) }
        var granted = members.map { _ in 0 }
        var room = limit.maxSize
        for onlyMinimum in [true, false] {
            for priority in Set(members.map(\.priority)).sorted(by: >) {
                while let next = members.indices.filter({ index in
                    let member = members[index]
                    let most = onlyMinimum ? member.minimum : member.wanted
                    return member.priority == priority && granted[index] < most && member.units <= room
                }).min(by: { left, right in
                    (granted[left] * members[left].units, members[left].name)
                        < (granted[right] * members[right].units, members[right].name)
                }) {
                    granted[next] += 1
                    room -= members[next].units
                }
            }
        }
        return zip(members, granted).first { $0.0.name == group.name }?.1 ?? desired
    }

    private struct Member {
        let name: String
        let priority: Int
        let units: Int
        let minimum: Int
        let wanted: Int

        init?(_ group: StormGroup, _ storm: Storm) {
            guard let membership = group.policy.fleet, let state = group.loop?.value.stored.state else { return nil }
            name = group.name
            priority = membership.priority
            units = membership.units
            wanted = state.desiredCapacity
            minimum = min(storm.checks.boundsInForce(group).minimum, wanted)
        }
    }
}
