/// Names one instance for all its life, and is the token that makes its launch idempotent.
///
/// - Form: `i-` and 17 lower-case hexadecimal digits, as an EC2 instance id.
public struct InstanceID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }

    public static func < (left: InstanceID, right: InstanceID) -> Bool { left.text < right.text }
}

/// Travels as its plain text.
extension InstanceID: Codable {
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Where an instance is in its life. Raw values are those of the Auto Scaling API.
public enum LifecycleState: String, Sendable, Codable, CaseIterable {
    /// Its launch was decided; it is not running yet, as far as we know.
    case pending = "Pending"
    /// It runs, and launch hooks are not completed yet.
    case pendingWait = "Pending:Wait"
    /// It runs and takes messages.
    case inService = "InService"
    /// It is to stand by: it receives no more messages, and finishes those that it holds.
    case enteringStandby = "EnteringStandby"
    /// It runs, but takes no messages, does not count and is not ended.
    case standby = "Standby"
    /// It was chosen to end and receives no more messages; it can still come back. (On AWS an instance is deregistered from
    /// its load balancer in this state.)
    case draining = "Terminating"
    /// It is idle and about to end; termination hooks are not completed yet.
    case terminatingWait = "Terminating:Wait"
    /// It was told to stop. There is no way back.
    case terminating = "Terminating:Proceed"
    /// It is being prepared for the warm pool.
    case warmedPending = "Warmed:Pending"
    /// In the warm pool: made, but not started.
    case warmedStopped = "Warmed:Stopped"
    /// In the warm pool: started, then paused, with all that it has in memory.
    case warmedHibernated = "Warmed:Hibernated"
}

/// One instance of a group, as the group remembers it. An instance that has ended is not remembered.
public struct Instance: Sendable, Equatable, Codable {
    public let id: InstanceID
    public var lifecycleState: LifecycleState
    /// When its launch was decided.
    public internal(set) var launchedAt: Instant
    /// When it was first seen running. Nil until then.
    public var runningSince: Instant?
    /// When it came into service; its warmup and its health check grace period count from here. Nil until then.
    public var inServiceAt: Instant?
    /// When it entered the present lifecycle state.
    public var stateSince: Instant
    /// It, or an operator for it, asked not to be chosen for scale-in; or the group's instances start so.
    public var protectedFromScaleIn: Bool
    /// Messages that it holds, as last seen; 0 where the source cannot tell.
    public var heldMessages: Int
    /// An order that is to be given, or given again.
    public var dueOrder: DueOrder?
    /// Orders that failed in a row.
    public var failedOrders: Int = 0
    /// Drains that were ordered and whose outcome is not known yet.
    public var drainsAwaited: Int = 0
    /// Its launch failed, as far as the launcher said. The next listing tells whether it is there all the same.
    public var launchFailed: Bool = false
    /// It is draining, and was found to hold nothing after the last drain took effect.
    public var foundIdle: Bool = false
    /// What it was launched from; nil when that is not known.
    public var template: LaunchTemplate?
    /// Where it runs, if the launcher has more than one place.
    public var zone: String?
    /// The hooks that it waits for, in Pending:Wait or Terminating:Wait.
    public var hooks: [HookWait] = []
    /// Why it is unhealthy; nil while it is healthy.
    public var unhealthy: Unhealthiness?
    /// Health checks that failed in a row.
    public var failedHealthChecks: Int = 0
    /// Why it is on its way out; nil while it is not.
    public var departure: Departure?
    /// It was paused for the warm pool, and no order to resume it has succeeded since.
    public var isPaused: Bool = false
    /// It was taken out of the warm pool for work; nil when it was launched for it.
    public var cameFromPool: Bool?

    public init(
        id: InstanceID, lifecycleState: LifecycleState, launchedAt: Instant, inServiceAt: Instant? = nil,
        stateSince: Instant, protectedFromScaleIn: Bool = false, heldMessages: Int = 0
    ) {
        self.id = id
        self.lifecycleState = lifecycleState
        self.launchedAt = launchedAt
        self.runningSince = inServiceAt
        self.inServiceAt = inServiceAt
        self.stateSince = stateSince
        self.protectedFromScaleIn = protectedFromScaleIn
        self.heldMessages = heldMessages
    }
}
