import WeirCore

/// Several groups under one limit. Each ticks in its turn, and what it has then counts for the next one.
struct FleetWorld {
    var limit: FleetLimit
    /// In the order in which they tick.
    private(set) var groups: [MiniWorld]
    /// The most units that were in existence at once, after any group's tick.
    private(set) var peak = 0

    init(_ limit: FleetLimit, _ groups: [MiniWorld]) {
        self.limit = limit
        self.groups = groups
    }

    subscript(name: String) -> MiniWorld {
        get { groups[position(name)] }
        set { groups[position(name)] = newValue }
    }

    private func position(_ name: String) -> Int { groups.firstIndex { $0.policy.name == name } ?? 0 }

    var claims: [FleetClaim] { groups.compactMap { FleetClaim(of: $0.policy, in: $0.state) } }

    /// What runs or is about to, whatever the groups remember. Unit: units.
    var units: Int {
        groups.reduce(0) { sum, group in
            let unborn = group.state.fleet.count { group.worker($0.id) == nil && !$0.launchFailed }
            let alive = group.workers.count { $0.exit == nil }
            return sum + (alive + unborn) * (group.policy.fleet?.units ?? 0)
        }
    }

    /// One tick of each group, in order.
    mutating func tick(at seconds: Double, requests: [String: [Request.Kind]] = [:]) {
        for position in groups.indices {
            let name = groups[position].policy.name
            groups[position].ceiling = limit.ceiling(of: name, among: claims)
            groups[position].tick(at: seconds, requests: requests[name] ?? [])
            peak = max(peak, units)
        }
    }

    mutating func run(from first: Double, until last: Double) {
        var second = first
        while second <= last {
            tick(at: second)
            second += 1
        }
    }
}

extension GroupPolicy {
    /// A group that only an operator scales.
    static func member(
        _ name: String, of fleet: String = "machine", priority: Int = 0, units: Int = 1, min: Int = 0, max: Int = 20
    ) -> GroupPolicy {
        var policy = GroupPolicy(name: name, minSize: min, maxSize: max)
        policy.fleet = FleetMembership(name: fleet, priority: priority, units: units)
        return policy
    }
}
