import WeirCore

/// Names of queue attributes as the API writes them.
public enum QueueAttributeName {
    public static let delay = "DelaySeconds"
    public static let maximumMessageSize = "MaximumMessageSize"
    public static let retention = "MessageRetentionPeriod"
    public static let receiveWait = "ReceiveMessageWaitTimeSeconds"
    public static let visibilityTimeout = "VisibilityTimeout"
    public static let redrive = "RedrivePolicy"
}

extension QueueAttributes {
    /// - Throws: `invalidAttributeValue`, naming the first attribute that is out of its range.
    public func check(_ limits: QueueLimits = .strict) throws(QueueError) {
        try Self.check(QueueAttributeName.delay, delay, limits.delay)
        try Self.check(QueueAttributeName.retention, retention, limits.retention)
        try Self.check(QueueAttributeName.receiveWait, receiveWait, limits.receiveWait)
        try Self.check(QueueAttributeName.visibilityTimeout, visibilityTimeout, limits.visibilityTimeout)
        guard limits.messageSizeBytes.contains(maximumMessageSizeBytes) else {
            throw .invalidAttributeValue(
                attribute: QueueAttributeName.maximumMessageSize, value: "\(maximumMessageSizeBytes)",
                allowed: RangeText.of(limits.messageSizeBytes) + " bytes")
        }
        if let redrive, !limits.maxReceiveCount.contains(redrive.maxReceiveCount) {
            throw .invalidAttributeValue(
                attribute: QueueAttributeName.redrive, value: "\(redrive.maxReceiveCount)",
                allowed: "a maxReceiveCount of \(RangeText.of(limits.maxReceiveCount))")
        }
    }

    private static func check(_ name: String, _ value: Duration, _ range: ClosedRange<Duration>) throws(QueueError) {
        guard range.contains(value) else {
            throw .invalidAttributeValue(attribute: name, value: RangeText.seconds(value), allowed: RangeText.of(range))
        }
    }

    /// The first of the attributes named in `given` whose value differs from `other`'s.
    func firstDifference(from other: QueueAttributes, given: [String]) -> String? {
        given.first { name in
            switch name {
            case QueueAttributeName.delay: delay != other.delay
            case QueueAttributeName.maximumMessageSize: maximumMessageSizeBytes != other.maximumMessageSizeBytes
            case QueueAttributeName.retention: retention != other.retention
            case QueueAttributeName.receiveWait: receiveWait != other.receiveWait
            case QueueAttributeName.visibilityTimeout: visibilityTimeout != other.visibilityTimeout
            case QueueAttributeName.redrive: redrive != other.redrive
            default: stored.first { $0.name == name } != other.stored.first { $0.name == name }
            }
        }
    }
}
