import WeirCore
import WeirRuntime

/// A lifecycle hook as the policy file has it.
public struct HookView: Codable, Sendable, Equatable {
    public var name: String
    /// `launching` or `terminating`.
    public var transition: String
    /// Unit: seconds, as is the next.
    public var heartbeatTimeout: Int
    public var globalTimeout: Int
    /// `continue` or `abandon`.
    public var defaultResult: String

    enum CodingKeys: String, CodingKey {
        case name, transition
        case heartbeatTimeout = "heartbeat_timeout_s"
        case globalTimeout = "global_timeout_s"
        case defaultResult = "default_result"
    }

    init(_ hook: LifecycleHook) {
        name = hook.name
        transition = hook.transition.rawValue
        heartbeatTimeout = hook.heartbeatTimeout.apiSeconds
        globalTimeout = hook.globalTimeout.apiSeconds
        defaultResult = hook.defaultResult.rawValue
    }
}

/// One instance waiting for one hook.
public struct HookWaitView: Codable, Sendable, Equatable {
    public var hook: String
    public var token: String
    public var since: String
    /// When it ends with the hook's default result.
    public var until: String
    /// `continue` or `abandon`.
    public var defaultResult: String

    enum CodingKeys: String, CodingKey {
        case hook, token, since, until
        case defaultResult = "default_result"
    }

    init(_ wait: HookWait) {
        hook = wait.hook.name
        token = wait.token
        since = wait.since.rfc3339
        until = wait.expiresAt.rfc3339
        defaultResult = wait.hook.defaultResult.rawValue
    }
}

public struct UnhealthyView: Codable, Sendable, Equatable {
    public var since: String
    public var why: String
    /// Somebody said so, and it is replaced without waiting for its turn.
    public var marked: Bool

    init(_ unhealthiness: Unhealthiness) {
        since = unhealthiness.since.rfc3339
        why = unhealthiness.why
        marked = unhealthiness.isMarked
    }
}

public struct WarmPoolView: Codable, Sendable, Equatable {
    /// `stopped` or `hibernated`.
    public var state: String
    /// Instances that are ready to be taken, and those that are being made.
    public var ready: Int
    public var preparing: Int
    /// How many instances the pool is to hold now.
    public var size: Int

    /// Nil when the group has no warm pool, and nothing is left of one.
    init?(_ snapshot: GroupSnapshot) {
        guard let pool = snapshot.policy.warmPool else { return nil }
        state = pool.state.rawValue
        ready = snapshot.readyInPool
        preparing = snapshot.state.fleet.count { $0.lifecycleState == .warmedPending }
        size = pool.size(
            desired: snapshot.state.desiredCapacity, maxSize: Bounds(of: snapshot.policy, in: snapshot.state).maximum)
    }
}

extension GroupSnapshot {
    /// Instances of the warm pool that can be taken at once.
    var readyInPool: Int {
        state.fleet.count { $0.lifecycleState == .warmedStopped || $0.lifecycleState == .warmedHibernated }
    }
}

extension Instance {
    /// - Parameter launchedNow: what instances are launched from now.
    /// - Returns: false when it is not known what it was made from.
    func isOutdated(_ launchedNow: LaunchTemplate) -> Bool { template.map { $0 != launchedNow } ?? false }
}
