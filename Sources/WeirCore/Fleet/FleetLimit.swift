/// What several groups may have together, for instance on one machine.
public struct FleetLimit: Sendable, Equatable, Codable {
    /// 1–63 of a–z, 0–9 and '-'; unique.
    public var name: String
    /// What the instances of all its groups may take together. Unit: units. Range: 1…`Limits.largestFleet`.
    public var maxSize: Int

    public init(name: String, maxSize: Int) {
        self.name = name
        self.maxSize = maxSize
    }
}

/// Under which limit a group is, and how.
public struct FleetMembership: Sendable, Equatable, Codable {
    /// The fleet that it is part of.
    public var name: String
    /// Higher goes first; equal ones share. Range: `Limits.fleetPriorities`. Default: 0.
    public var priority: Int
    /// What one instance takes of the limit. Range: 1…`Limits.largestFleet`. Default: 1.
    public var units: Int

    public init(name: String, priority: Int = 0, units: Int = 1) {
        self.name = name
        self.priority = priority
        self.units = units
    }
}

/// What one group has of a fleet's room, and what it would like to have. Numbers are instances, unless they say units.
public struct FleetClaim: Sendable, Equatable, Codable {
    public var group: String
    public var membership: FleetMembership
    /// What the group has in any case, as long as it wants it.
    public var minimum: Int
    /// What it wants for its work, were there no limit; those that stand by included.
    public var wanted: Int
    /// What it would like to hold ready in its warm pool besides. Work of any group comes first.
    public var reserve: Int
    /// Those that exist and may stay, also chosen ones that can still come back.
    public var staying: Int
    /// Those that exist at all: until an instance has really ended its room is taken.
    public var existing: Int

    public init(
        group: String, membership: FleetMembership, minimum: Int = 0, wanted: Int, reserve: Int = 0, staying: Int = 0,
        existing: Int? = nil
    ) {
        self.group = group
        self.membership = membership
        self.minimum = minimum
        self.wanted = wanted
        self.reserve = reserve
        self.staying = staying
        self.existing = existing ?? staying
    }

    /// Unit: units.
    var unitsTaken: Int { existing * membership.units }
}

extension FleetClaim {
    /// What a group claims between two ticks; nil when it is under no limit.
    public init?(of policy: GroupPolicy, in state: GroupState) {
        self.init(of: policy, in: state, surge: 0)
    }

    /// - Parameter surge: instances beyond the desired capacity that are wanted for a while.
    init?(of policy: GroupPolicy, in state: GroupState, surge: Int) {
        guard let membership = policy.fleet else { return nil }
        var (staying, existing, standby) = (0, 0, 0)
        for index in state.fleet.indices where state.fleet[index].takesRoom(under: policy) {
            existing += 1
            if state.fleet[index].mayStay { staying += 1 }
            if state.fleet[index].standsBy { standby += 1 }
        }
        let isHibernated = policy.warmPool?.state == .hibernated && !policy.leaving
        let bounds = Bounds(of: policy, in: state)
        self.init(
            group: policy.name, membership: membership, minimum: bounds.minimum,
            wanted: policy.leaving ? 0 : state.desiredCapacity + surge + standby,
            reserve: isHibernated
                ? policy.warmPool?.size(desired: state.desiredCapacity, maxSize: bounds.maximum) ?? 0 : 0,
            staying: staying, existing: existing)
        // Who may not launch has no use for more, and others have.
        guard state.suspended.contains(.launch) else { return }
        wanted = min(wanted, staying)
        reserve = min(reserve, staying - wanted)
    }
}

extension Instance {
    /// It takes something of the machine. One that was only made, for a stopped warm pool, does not.
    func takesRoom(under policy: GroupPolicy) -> Bool {
        switch lifecycleState {
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait, .terminating,
            .warmedHibernated:
            true
        case .warmedPending: runningSince != nil || policy.warmPool?.state != .stopped
        // It may run behind its closed gate.
        case .warmedStopped: runningSince != nil
        }
    }

    /// It is not on its way out for good.
    fileprivate var mayStay: Bool {
        switch lifecycleState {
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .warmedPending, .warmedStopped,
            .warmedHibernated:
            true
        case .draining: !finishesItsWork
        case .terminatingWait, .terminating: false
        }
    }

    /// Out of service for a while, and not on its way out.
    var standsBy: Bool {
        switch lifecycleState {
        case .enteringStandby, .standby: true
        case .pending, .pendingWait, .inService, .draining, .terminatingWait, .terminating, .warmedPending,
            .warmedStopped, .warmedHibernated:
            false
        }
    }
}
