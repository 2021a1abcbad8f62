import Synchronization
import WeirCore

/// Who has what of the limits that groups share. A group reads what is left to it, decides, and enters what it has now in one
/// go, so that two groups can never take the same room; and before any of it begins.
///
/// A group counts from the moment at which it is entered, also before its first tick. What it does not hear of by its own
/// ticks (others gave room back, or want some) it is woken for.
public final class FleetLedger: Sendable {
    fileprivate struct Entry {
        var claim: FleetClaim
        /// What it last decided by, or was last woken for.
        var told: FleetCeiling?
    }

    fileprivate struct Pages {
        var limits: [String: FleetLimit] = [:]
        var entries: [String: Entry] = [:]
        var wakers: [String: @Sendable () -> Void] = [:]
        /// Something was changed since ceilings were compared last.
        var isStale = false
        /// Those that were asked for since something was changed last: most ticks change nothing.
        var ceilings: [String: FleetCeiling] = [:]
    }

    private let pages: Mutex<Pages>

    public init(_ limits: [FleetLimit] = []) {
        pages = Mutex(Pages(limits: Dictionary(limits.map { ($0.name, $0) }) { first, _ in first }))
    }

    // MARK: Limits

    /// From now on these hold and no others. A limit that went down ends nothing at work: groups that have more than their
    /// share give it back as it becomes idle.
    public func set(_ limits: [FleetLimit]) {
        wake(
            pages.withLock { pages in
                pages.limits = Dictionary(limits.map { ($0.name, $0) }) { first, _ in first }
                pages.isChanged()
                return pages.takeWakers()
            })
    }

    // MARK: Groups

    /// Enters what a group has before its first tick, or under another policy; nil: it is under no limit any more.
    public func enter(_ claim: FleetClaim?, of group: String) {
        wake(
            pages.withLock { pages in
                pages.enter(claim, of: group)
                return pages.takeWakers()
            })
    }

    /// Nothing of the group is left, or it never came to be.
    public func forget(_ group: String) { enter(nil, of: group) }

    /// - Parameters:
    ///   - claim: what the group has at this moment, before it decides.
    ///   - decision: is told what is left to the group; nobody else decides meanwhile.
    public func decide(
        for group: String, having claim: FleetClaim?, _ decision: (FleetCeiling?) -> Evaluation
    ) -> Evaluation {
        // Who is under no limit waits for nobody.
        guard let claim else {
            if knows(group) { forget(group) }
            return decision(nil)
        }
        let (evaluation, wakers) = pages.withLock { pages in
            pages.enter(claim, of: group)
            let ceiling = pages.ceiling(of: group)
            let evaluation = decision(ceiling)
            pages.enter(evaluation.claim, of: group)
            // What it has decided by it knows; only what others change is news.
            let told = pages.ceiling(of: group)
            pages.entries[group]?.told = told
            return (evaluation, pages.takeWakers())
        }
        wake(wakers)
        return evaluation
    }

    private func knows(_ group: String) -> Bool { pages.withLock { $0.entries[group] != nil } }

    /// What is left to a group now; nil when it is under no limit.
    public func ceiling(of group: String) -> FleetCeiling? {
        pages.withLock { $0.ceiling(of: group) }
    }

    // MARK: Waking

    /// Calls `waker` whenever others have changed what is left to the group, and it matters to it; nil: not any more.
    package func follow(_ group: String, _ waker: (@Sendable () -> Void)?) {
        pages.withLock { $0.wakers[group] = waker }
    }

    private func wake(_ wakers: [@Sendable () -> Void]) {
        for waker in wakers { waker() }
    }
}

extension FleetLedger.Pages {
    fileprivate mutating func enter(_ claim: FleetClaim?, of group: String) {
        guard entries[group]?.claim != claim else { return }
        isChanged()
        guard let claim else {
            entries[group] = nil
            return
        }
        entries[group] = FleetLedger.Entry(claim: claim, told: entries[group]?.told)
    }

    fileprivate mutating func isChanged() {
        isStale = true
        ceilings.removeAll(keepingCapacity: true)
    }

    /// Of one fleet, sorted by group.
    private func claims(in fleet: String) -> [FleetClaim] {
        entries.values.map(\.claim).filter { $0.membership.name == fleet }.sorted { $0.group < $1.group }
    }

    fileprivate mutating func ceiling(of group: String) -> FleetCeiling? {
        if let known = ceilings[group] { return known }
        guard let fleet = entries[group]?.claim.membership.name, let limit = limits[fleet] else { return nil }
        let ceiling = limit.ceiling(of: group, among: claims(in: fleet))
        ceilings[group] = ceiling
        return ceiling
    }

    /// Those of the groups for which something has changed that they would act on.
    fileprivate mutating func takeWakers() -> [@Sendable () -> Void] {
        guard isStale else { return [] }
        isStale = false
        var woken: [@Sendable () -> Void] = []
        for group in entries.keys.sorted() {
            guard let entry = entries[group] else { continue }
            let ceiling = ceiling(of: group)
            guard entry.claim.effect(of: ceiling) != entry.claim.effect(of: entry.told) else { continue }
            entries[group]?.told = ceiling
            if let waker = wakers[group] { woken.append(waker) }
        }
        return woken
    }
}

extension FleetClaim {
    /// What a ceiling means for a group that has and wants this.
    fileprivate struct Effect: Equatable {
        var atWork: Int
        var inAll: Int
        var begun: Int
    }

    /// - Parameter ceiling: nil where there is no limit.
    fileprivate func effect(of ceiling: FleetCeiling?) -> Effect {
        let atWork = min(wanted, ceiling?.instances ?? .max)
        let inAll = max(atWork, min(wanted + reserve, ceiling?.withPool ?? .max))
        return Effect(
            atWork: atWork, inAll: inAll, begun: min(ceiling?.launches ?? .max, max(inAll - staying, 0)))
    }
}
