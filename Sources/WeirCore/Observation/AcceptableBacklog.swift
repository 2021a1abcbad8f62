/// How much may wait for one instance, so that nothing waits too long. Source: "Scaling based on Amazon SQS" of EC2 Auto
/// Scaling: longest acceptable wait ÷ average processing time.
public struct AcceptableBacklog: Sendable, Equatable, Codable {
    /// Unit: messages for one instance. Range: above 0. It is the target value of a policy that tracks backlog per instance.
    public let perInstance: Double

    /// Nil unless both are above zero. Unit: seconds.
    public init?(longestWaitSeconds: Double, processingSeconds: Double) {
        guard longestWaitSeconds > 0, processingSeconds > 0 else { return nil }
        let quotient = longestWaitSeconds / processingSeconds
        guard quotient.isFinite, quotient > 0 else { return nil }
        perInstance = quotient
    }

    /// What waits for each instance; nil when there is none.
    public static func perInstance(messages: Double, instances: Int) -> Double? {
        instances > 0 ? messages / Double(instances) : nil
    }

    /// So many instances hold the backlog acceptable, rounded up; what only rounding left over calls for no further one.
    public func instancesNeeded(messages: Double) -> Int {
        let exact = max(messages, 0) / perInstance
        let nearest = exact.rounded()
        let needed = abs(exact - nearest) <= nearest * 1e-12 ? nearest : exact.rounded(.up)
        return Int(exactly: needed) ?? Limits.largestGroup
    }
}
