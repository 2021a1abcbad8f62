/// The backlog that one instance may have in front of it, so that a message waits no longer than is acceptable. Source:
/// "Scaling based on Amazon SQS".
///
/// 10 s of latency at 0.1 s a message are 100 messages for each instance. 1,500 messages on 10 instances are 150 each, so
/// 15 instances are needed.
public struct AcceptableBacklog: Sendable, Equatable {
    /// How long a message may wait. Unit: seconds.
    public var acceptableLatency: Double
    /// How long one instance works on one message. Range: above 0.
    public var secondsPerMessage: Double

    public init(acceptableLatency: Double, secondsPerMessage: Double) {
        self.acceptableLatency = acceptableLatency
        self.secondsPerMessage = secondsPerMessage
    }

    /// The target value of a policy that tracks the backlog per instance. Unit: messages.
    public var target: Double { acceptableLatency / secondsPerMessage }

    /// Unit: messages. Nil without an instance.
    public static func perInstance(messages: Double, instances: Int) -> Double? {
        instances > 0 ? messages / Double(instances) : nil
    }

    /// The instances that would bring the backlog of each to the target, however many there are now.
    public func instancesNeeded(messages: Double) -> Int? {
        TargetTracking(metric: .builtIn(.visible), target: target).capacity(from: 1, metric: messages)
    }
}
