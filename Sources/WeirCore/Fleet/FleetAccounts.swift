/// Who has what of the limits that groups share, and whom a change concerns. Whoever keeps it sees to it that a group reads what is
/// left to it, decides and enters what it has then, before another group does.
public struct FleetAccounts: Sendable {
    private struct Entry {
        var claim: FleetClaim
        /// What it last decided by, or was last woken for.
        var told: FleetCeiling?
    }

    private var limits: [String: FleetLimit] = [:]
    private var entries: [String: Entry] = [:]
    /// Something was changed since ceilings were compared last.
    private var isStale = false
    /// Those that were asked for since something was changed last: most ticks change nothing.
    private var ceilings: [String: FleetCeiling] = [:]

    public init(_ limits: [FleetLimit] = []) {
        self.limits = Self.named(limits)
    }

    private static func named(_ limits: [FleetLimit]) -> [String: FleetLimit] {
        Dictionary(limits.map { ($0.name, $0) }) { first, _ in first }
    }

    /// From now on these hold and no others.
    public mutating func set(_ limits: [FleetLimit]) {
        self.limits = Self.named(limits)
        isChanged()
    }

    /// Enters what a group has; nil: it is under no limit any more.
    public mutating func enter(_ claim: FleetClaim?, of group: String) {
        guard entries[group]?.claim != claim else { return }
        isChanged()
        guard let claim else {
            entries[group] = nil
            return
        }
        entries[group] = Entry(claim: claim, told: entries[group]?.told)
    }

    /// Enters what a group has after it has decided. What it has decided by it knows; only what others change is news.
    public mutating func decided(_ claim: FleetClaim?, of group: String) {
        enter(claim, of: group)
        let told = ceiling(of: group)
        entries[group]?.told = told
    }

    public func knows(_ group: String) -> Bool { entries[group] != nil }

    /// What is left to a group now; nil when it is under no limit.
    public mutating func ceiling(of group: String) -> FleetCeiling? {
        if let known = ceilings[group] { return known }
        guard let fleet = entries[group]?.claim.membership.name, let limit = limits[fleet] else { return nil }
        let ceiling = limit.ceiling(of: group, among: claims(in: fleet))
        ceilings[group] = ceiling
        return ceiling
    }

    /// What the instances of all groups of a fleet take now. Unit: units.
    public func unitsTaken(in fleet: String) -> Int {
        entries.values.reduce(0) { $0 + ($1.claim.membership.name == fleet ? $1.claim.unitsTaken : 0) }
    }

    /// Those of the groups for which something has changed since this was asked last that they would act on, by name.
    public mutating func takeWoken() -> [String] {
        guard isStale else { return [] }
        isStale = false
        var woken: [String] = []
        for group in entries.keys.sorted() {
            guard let entry = entries[group] else { continue }
            let ceiling = ceiling(of: group)
            guard entry.claim.effect(of: ceiling) != entry.claim.effect(of: entry.told) else { continue }
            entries[group]?.told = ceiling
            woken.append(group)
        }
        return woken
    }

    private mutating func isChanged() {
        isStale = true
        ceilings.removeAll(keepingCapacity: true)
    }

    /// Of one fleet, sorted by group.
    private func claims(in fleet: String) -> [FleetClaim] {
        entries.values.map(\.claim).filter { $0.membership.name == fleet }.sorted { $0.group < $1.group }
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
