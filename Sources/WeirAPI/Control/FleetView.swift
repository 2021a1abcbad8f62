import WeirCore
import WeirRuntime

/// The limit that a group shares with others, and what of it is the group's.
public struct FleetView: Codable, Sendable, Equatable {
    public var name: String
    /// Of all groups together. Unit: units, as are the figures of the others.
    public var limit: Int
    /// Higher goes first.
    public var priority: Int
    /// What one instance of this group takes. Unit: units.
    public var units: Int
    /// What the instances of this group take now. Unit: units.
    public var taken: Int
    /// So many instances it may have, were it to want as many.
    public var instances: Int
    /// So many of them may be begun now; the others when those of other groups have ended.
    public var launches: Int
    /// More are desired than there is room for.
    public var limited: Bool
    /// The other groups that have a share or take room, the largest share first.
    public var others: [Other]

    public struct Other: Codable, Sendable, Equatable {
        public var group: String
        /// What it may keep or come to have.
        public var share: Int
        /// What its instances take now.
        public var taken: Int
    }

    /// Nil when it is under no limit.
    init?(_ snapshot: GroupSnapshot) {
        guard let ceiling = snapshot.ceiling, let membership = snapshot.policy.fleet else { return nil }
        name = ceiling.fleet
        limit = ceiling.limit
        priority = membership.priority
        units = ceiling.units
        taken = snapshot.unitsTaken
        instances = ceiling.instances
        launches = ceiling.launches
        limited = !snapshot.leaving && snapshot.state.desiredCapacity > ceiling.instances
        others = ceiling.others.map { Other(group: $0.group, share: $0.share, taken: $0.taken) }
    }
}

extension GroupSnapshot {
    /// What its instances take of the limit that it shares. Unit: units.
    var unitsTaken: Int {
        FleetClaim(of: policy, in: state).map { $0.existing * $0.membership.units } ?? 0
    }
}
