// How the room of a fleet is shared.
//
// Two questions have two answers. How many instances each group may keep follows from what all want: first the minimums,
// then the work, last the warm pools, each of these by priority. How many may be begun now follows from what exists: a
// group that keeps fewer than it has gives the rest back as it becomes idle, and until then its room is taken.

/// What a fleet's limit leaves to one group at one moment.
public struct FleetCeiling: Sendable, Equatable, Codable {
    public var fleet: String
    /// Of all groups together. Unit: units.
    public var limit: Int
    /// What one instance of this group takes. Unit: units.
    public var units: Int
    /// So many instances it may have for its work, were it to want as many; those that stand by included.
    public var instances: Int
    /// So many it may have together with its warm pool.
    public var withPool: Int
    /// So many instances more may be begun now.
    public var launches: Int
    /// The other groups that have a share or take room, the largest share first.
    public var others: [Other]

    public init(
        fleet: String, limit: Int, units: Int = 1, instances: Int, withPool: Int? = nil, launches: Int,
        others: [Other] = []
    ) {
        self.fleet = fleet
        self.limit = limit
        self.units = units
        self.instances = instances
        self.withPool = withPool ?? instances
        self.launches = launches
        self.others = others
    }

    /// What another group has of it.
    public struct Other: Sendable, Equatable, Codable {
        public var group: String
        /// What it may keep or come to have. Unit: units.
        public var share: Int
        /// What its instances take now. Unit: units.
        public var taken: Int

        public init(group: String, share: Int, taken: Int) {
            self.group = group
            self.share = share
            self.taken = taken
        }
    }
}

extension FleetLimit {
    /// How many instances each may keep, for work and warm pool, in the order of the claims.
    public func shares(of claims: [FleetClaim]) -> [Int] {
        FleetFilling(claims).shares(of: maxSize)
    }

    /// What is left to one of the groups; nil when it has no claim. It is told what it could have, not only what it wants at
    /// this moment, so that it can follow at once when it wants more: what others get does not depend on it.
    ///
    /// Example: a limit of 12; `urgent` with priority 10 and 8 wanted, `bulk` with priority 0, 12 wanted, 10 at work. For
    /// `bulk` there are 4 to keep and 0 to begin; for `urgent` 12, and the 2 that nobody has can be begun now.
    public func ceiling(of group: String, among claims: [FleetClaim]) -> FleetCeiling? {
        guard let own = claims.firstIndex(where: { $0.group == group }) else { return nil }
        let filling = FleetFilling(claims)
        var eager = filling
        eager.claims[own].wanted = maxSize
        eager.claims[own].reserve = 0
        let forWork = eager.shares(of: maxSize)
        var saving = filling
        saving.claims[own].reserve = maxSize
        let withPool = saving.shares(of: maxSize)[own]
        let launches = eager.launches(upTo: forWork, in: maxSize)[own]
        let actual = filling.shares(of: maxSize)
        var others: [FleetCeiling.Other] = []
        for index in claims.indices where index != own {
            let other = FleetCeiling.Other(
                group: claims[index].group, share: actual[index] * claims[index].membership.units,
                taken: claims[index].unitsTaken)
            if other.share > 0 || other.taken > 0 { others.append(other) }
        }
        others.sort { ($1.share, $1.taken, $0.group) < ($0.share, $0.taken, $1.group) }
        return FleetCeiling(
            fleet: name, limit: maxSize, units: claims[own].membership.units, instances: forWork[own],
            withPool: withPool, launches: launches, others: others)
    }
}

/// Hands out room, instance by instance.
private struct FleetFilling {
    /// What they want may be changed, not who they are.
    var claims: [FleetClaim]
    /// Positions by priority, the highest first; those of one priority by name.
    private let levels: [[Int]]

    init(_ claims: [FleetClaim]) {
        self.claims = claims
        let ranked = claims.indices.sorted { left, right in
            let (ofLeft, ofRight) = (claims[left].membership.priority, claims[right].membership.priority)
            return ofLeft == ofRight ? claims[left].group < claims[right].group : ofLeft > ofRight
        }
        var levels: [[Int]] = []
        for position in ranked {
            if let last = levels.last?.first,
                claims[last].membership.priority == claims[position].membership.priority
            {
                levels[levels.count - 1].append(position)
            } else {
                levels.append([position])
            }
        }
        self.levels = levels
    }

    /// What comes first, from minimum to warm pool: for each how many instances it may have come to then.
    private var rounds: [[Int]] {
        [
            claims.map { max(min($0.minimum, $0.wanted), 0) },
            claims.map { max($0.wanted, 0) },
            claims.map { max($0.wanted, 0) + max($0.reserve, 0) },
        ]
    }

    func shares(of limit: Int) -> [Int] {
        var granted = claims.map { _ in 0 }
        var room = limit
        for round in rounds {
            for level in levels { fill(level, upTo: round, &granted, &room) }
        }
        return granted
    }

    /// How many more of each may be begun now. Room that a group further in front waits for is kept for it, also while it is
    /// not enough for one of its instances.
    func launches(upTo shares: [Int], in limit: Int) -> [Int] {
        let present = claims.map(\.staying)
        var granted = present
        var room = limit - claims.reduce(0) { $0 + $1.unitsTaken }
        for round in rounds {
            let most = zip(round, shares).map { min($0, $1) }
            for level in levels {
                fill(level, upTo: most, &granted, &room)
                for position in level {
                    room -= max(most[position] - granted[position], 0) * claims[position].membership.units
                }
            }
        }
        return zip(granted, present).map { $0 - $1 }
    }

    /// One instance at a time, to the group that has the fewest units among those that want more and for which there is room
    /// for one more; of equals, to the first by name.
    private func fill(_ level: [Int], upTo most: [Int], _ granted: inout [Int], _ room: inout Int) {
        if level.count == 1 {
            let units = claims[level[0]].membership.units
            let more = min(most[level[0]] - granted[level[0]], max(room, 0) / units)
            guard more > 0 else { return }
            granted[level[0]] += more
            room -= more * units
            return
        }
        while true {
            var next: Int?
            for position in level {
                let units = claims[position].membership.units
                guard granted[position] < most[position], units <= room else { continue }
                if let best = next, granted[best] * claims[best].membership.units <= granted[position] * units {
                    continue
                }
                next = position
            }
            guard let next else { return }
            granted[next] += 1
            room -= claims[next].membership.units
        }
    }
}

// MARK: For people

extension FleetCeiling {
    /// `limited to 3 by fleet machine: 12 units, urgent takes 8, reports takes 1`
    func limitSentence(_ capacity: Int) -> String {
        "limited to \(capacity) by fleet \(fleet): \(size)"
            + listed(others.filter { $0.share > 0 }.map { "\($0.group) takes \($0.share)" })
    }

    /// `2 launches wait for room in fleet machine: 12 units, bulk still has 10`
    func waitSentence(_ missing: Int) -> String {
        let holders = others.filter { $0.taken > 0 }.map { "\($0.group) still has \($0.taken)" }
        return "\(counted(missing, "launch")) \(missing == 1 ? "waits" : "wait") for room in fleet \(fleet): \(size)"
            + listed(holders)
    }

    /// `12 units`; `12 units, 2 for each instance` when that is not one.
    private var size: String {
        counted(limit, "unit") + (units == 1 ? "" : ", \(units) for each instance")
    }

    private func listed(_ parts: [String]) -> String {
        let shown = parts.prefix(Limits.groupsNamed).map { ", \($0)" }.joined()
        return parts.count > Limits.groupsNamed ? "\(shown) and \(parts.count - Limits.groupsNamed) more" : shown
    }
}
