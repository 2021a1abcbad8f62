/// Holds an instance on its way into service, or on its way out, until somebody completes it: the worker, a script, or a
/// command that weir runs. Source: PutLifecycleHook.
public struct LifecycleHook: Sendable, Equatable, Codable {
    /// Unique in its group.
    public var name: String
    public var transition: LifecycleTransition
    /// Without a heartbeat for so long the hook ends with its default result. Range: 30…7200 s.
    public var heartbeatTimeout: Duration
    /// What it ends with when nobody completes it in time, or its command fails. Default: abandon.
    public var defaultResult: LifecycleResult
    /// Weir runs a command for it, whose end completes it.
    public var runsCommand: Bool

    public init(
        name: String, transition: LifecycleTransition, heartbeatTimeout: Duration,
        defaultResult: LifecycleResult = .abandon, runsCommand: Bool = false
    ) {
        self.name = name
        self.transition = transition
        self.heartbeatTimeout = heartbeatTimeout
        self.defaultResult = defaultResult
        self.runsCommand = runsCommand
    }

    /// However many heartbeats there are, it ends after this: 48 hours or 100 heartbeat timeouts, whichever is shorter.
    public var globalTimeout: Duration {
        min(Limits.longestHookWait, heartbeatTimeout * Limits.mostHeartbeatTimeouts)
    }

    /// PutLifecycleHook would take it.
    public var isValid: Bool { Limits.heartbeatTimeout.contains(heartbeatTimeout) }
}

/// Raw values are the words of the policy file.
public enum LifecycleTransition: String, Sendable, Codable, CaseIterable {
    case launching
    case terminating

    /// Its name in the Auto Scaling API.
    public var apiName: String {
        switch self {
        case .launching: "autoscaling:EC2_INSTANCE_LAUNCHING"
        case .terminating: "autoscaling:EC2_INSTANCE_TERMINATING"
        }
    }
}

/// How a hook was completed. Raw values are the words of the policy file.
public enum LifecycleResult: String, Sendable, Codable, CaseIterable {
    case `continue`
    /// On launch: the instance is ended, and another takes its place. On termination: other hooks are not waited for.
    case abandon

    /// Its name in the Auto Scaling API.
    public var apiName: String {
        switch self {
        case .continue: "CONTINUE"
        case .abandon: "ABANDON"
        }
    }
}

/// One instance waiting for one hook.
public struct HookWait: Sendable, Equatable, Codable {
    public var hook: LifecycleHook
    /// Names this wait; 36 characters. Whoever completes it gives this or the instance.
    public var token: String
    public var since: Instant
    /// When it ends with its default result.
    public private(set) var expiresAt: Instant

    public init(_ hook: LifecycleHook, token: String, since: Instant) {
        self.hook = hook
        self.token = token
        self.since = since
        expiresAt = since + hook.heartbeatTimeout
    }

    /// No heartbeat moves its end beyond this.
    public var deadline: Instant { since + hook.globalTimeout }

    /// The whole heartbeat timeout begins again. Source: RecordLifecycleActionHeartbeat.
    public mutating func recordHeartbeat(at now: Instant) {
        expiresAt = min(now + hook.heartbeatTimeout, deadline)
    }

    mutating func move(by span: Duration) {
        since = since + span
        expiresAt = expiresAt + span
    }
}
