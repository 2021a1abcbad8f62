import WeirCore

/// What the API and the operator's commands may ask of the running groups.
public protocol ControlPlane: Sendable {
    /// All groups, sorted by name.
    func groups() async -> [GroupSnapshot]
    func group(named name: String) async -> GroupSnapshot?
    /// The group and the instance with this id, if it is alive.
    func find(_ instance: InstanceID) async -> (group: String, instance: Instance)?
    /// Decides the request on a tick of its own and gives the answer; nil when there is no such group.
    func request(_ kind: Request.Kind, of group: String) async -> Answer.Result?
}

/// How a group stands.
public struct GroupSnapshot: Sendable, Codable {
    public var policy: GroupPolicy
    public var state: GroupState
    /// Its policy was taken away, and it leaves when its instances have.
    public var leaving: Bool
    public var dryRun: Bool
    /// The last measurement and when it was made.
    public var measuredAt: Instant?
    public var measurement: Measurement?
    /// The last decision that changed desired capacity or was held back, and the last of all.
    public var lastChange: DatedDecision?
    public var lastDecision: DatedDecision?
    /// The last decisions that were told apart from those before them, oldest first; see `RecentDecisions`.
    public var decisions: [DatedDecision] = []
    public var totals: GroupTotals
    /// What the limit that it shares with other groups leaves to it; nil when there is none.
    public var ceiling: FleetCeiling?
    /// What a policy that decides beside it would have done; nil when none does.
    public var shadow: ShadowReport?

    public init(policy: GroupPolicy, state: GroupState, leaving: Bool = false, dryRun: Bool = false) {
        self.policy = policy
        self.state = state
        self.leaving = leaving
        self.dryRun = dryRun
        self.totals = GroupTotals()
    }
}

public struct DatedDecision: Sendable, Codable, Equatable {
    public var at: Instant
    public var decision: Decision

    public init(at: Instant, decision: Decision) {
        self.at = at
        self.decision = decision
    }
}

/// Counts since this weir started; what `/metrics` shows as counters.
public struct GroupTotals: Sendable, Codable, Equatable {
    public var ticks = 0
    public var launches = 0
    public var launchFailures = 0
    public var terminations = 0
    /// Drains undone because the instance turned out to hold a message, or because capacity was wanted again.
    public var restores = 0
    /// Instances that ended by themselves.
    public var exits = 0
    /// Instances told to stop while they held a message: must stay 0.
    public var busyTerminations = 0
    public var measurementFailures = 0
    /// Highest number of instances in service at once.
    public var peakInService = 0
    /// Instances that were chosen to be replaced: unhealthy ones, those of an instance refresh, those that were too old.
    public var unhealthyReplacements = 0
    public var refreshReplacements = 0
    public var lifetimeReplacements = 0
    /// Lifecycle hooks that nobody completed in time, and those that ended with ABANDON, however they did.
    public var hookTimeouts = 0
    public var hookAbandonments = 0
    /// Instances that went to work from the warm pool.
    public var warmStarts = 0
    /// Instance refreshes that did not succeed and were not cancelled.
    public var refreshFailures = 0

    public init() {}
}
