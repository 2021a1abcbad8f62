import WeirCore

/// The limits that simulated groups share: what the daemon keeps in its ledger, for groups that decide one after the other.
public final class SharedLimits {
    private var accounts: FleetAccounts
    public let limits: [FleetLimit]
    /// The most that the instances of each fleet took at a time, in the order of the limits. Unit: units.
    public private(set) var peaks: [Int]

    public init(_ limits: [FleetLimit]) {
        self.limits = limits
        accounts = FleetAccounts(limits)
        peaks = limits.map { _ in 0 }
    }

    /// Before the first look of anybody.
    func enter(_ policy: GroupPolicy, _ state: GroupState) {
        accounts.enter(FleetClaim(of: policy, in: state), of: policy.name)
    }

    /// What is left to a group that decides now.
    func ceiling(of policy: GroupPolicy, in state: GroupState) -> FleetCeiling? {
        guard policy.$fleet.isThere else { return nil }
        enter(policy, state)
        return accounts.ceiling(of: policy.name)
    }

    func decided(_ claim: FleetClaim?, of group: String) {
        guard let claim else { return }
        accounts.decided(claim, of: group)
        for index in limits.indices where limits[index].name == claim.membership.name {
            peaks[index] = max(peaks[index], accounts.unitsTaken(in: limits[index].name))
        }
    }

    /// More are there than the limit leaves to the group: it waits for idle ones, and gives them back.
    func yielding(_ evaluation: Evaluation, active: Int, _ idleMatters: Bool) -> (yields: Bool, idleMatters: Bool) {
        guard let claim = evaluation.claim, let ceiling = accounts.ceiling(of: claim.group) else {
            return (false, idleMatters)
        }
        let yields = active > min(claim.wanted, ceiling.instances)
        return (yields, idleMatters || yields)
    }

    /// Groups that would act on what others have changed.
    func takeWoken() -> [String] { accounts.takeWoken() }
}
