/// The last activity of a simple scaling policy, and the time after it in which no simple policy acts.
///
/// The cooldown starts when the activity has finished: when its last instance is in service, or has ended. Source: EC2 Auto
/// Scaling, "Scaling cooldowns". Step policies and what an operator sets are not delayed by it.
public struct CooldownState: Sendable, Equatable, Codable {
    /// The policy that acted.
    public var policy: String
    public var startedAt: Instant
    /// How long the cooldown is.
    public var span: Duration
    /// When it ends; nil while the activity is still under way.
    public var until: Instant?

    public init(policy: String, startedAt: Instant, span: Duration, until: Instant? = nil) {
        self.policy = policy
        self.startedAt = startedAt
        self.span = span
        self.until = until
    }
}

/// A scaling policy that was invoked and had to wait. It is tried again as soon as it need not.
public struct HeldPolicy: Sendable, Equatable, Codable {
    public var policy: String
    /// Nil when that is not known beforehand: it waits for launches, terminations or data.
    public var until: Instant?

    public init(policy: String, until: Instant?) {
        self.policy = policy
        self.until = until
    }
}

extension GroupPolicy {
    /// How long a simple policy's activity holds back the next one: its own cooldown, else the group's.
    func cooldown(of scaling: SimpleScaling) -> Duration { scaling.cooldown ?? defaultCooldown }
}
