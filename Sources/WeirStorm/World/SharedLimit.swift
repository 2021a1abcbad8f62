import Synchronization
import WeirCore
import WeirRuntime

// A limit that the groups of a storm share: one ledger for each process, as in the daemon.

/// Groups for which others have changed what the limit leaves to them, and that have not been told yet.
final class WokenGroups: Sendable {
    private let numbers = Mutex<[Int]>([])

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }

    func take() -> [Int] {
        numbers.withLock { numbers in
            defer { numbers = [] }
            return numbers
        }
    }
}

extension Storm {
    /// What is stored of all groups counts before the first of them decides.
    func openLedger() {
        guard let limit else { return }
        fleets = FleetLedger([limit])
        _ = woken.take()
        for group in groups where isUnderLimit(group) {
            guard let kept = disk.kept[group.name]?.written else { continue }
            let policy = group.isWanted ? group.policy : group.policy.retired()
            fleets.enter(FleetClaim(of: policy, in: kept.state), of: group.name)
        }
    }

    /// The ledger that this group goes by.
    func ledger(for group: StormGroup) -> FleetLedger {
        guard let limit, isUnderLimit(group) else { return FleetLedger() }
        // Each group takes the limit for its own.
        if options.bug == .limitNotShared { return FleetLedger([limit]) }
        let (woken, number) = (woken, group.number)
        fleets.follow(group.name) { woken.add(number) }
        return fleets
    }

    private func isUnderLimit(_ group: StormGroup) -> Bool { group.plan.policy.fleet != nil && !group.plan.dryRun }

    /// After each event, as the daemon does it at once.
    func tellWoken() {
        guard limit != nil else { return }
        for number in woken.take() where isUp && groups[number].loop != nil {
            groups[number].loop?.value.ceilingChanged()
            signal(groups[number])
        }
    }

    /// Another file for the limit is read.
    func change(limit size: Int) {
        guard let former = limit else { return }
        tell("the limit of \(former.name) is \(size)")
        let changed = FleetLimit(name: former.name, maxSize: size)
        limit = changed
        fleets.set([changed])
    }

    /// Room for everything that they may want.
    var ampleLimit: Int {
        4 * groups.reduce(0) { $0 + $1.policy.maxSize * ($1.policy.fleet?.units ?? 0) }
    }
}
