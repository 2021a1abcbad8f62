import WeirCore

/// The timing rules of a standard queue, as functions of values and `now`, so that a simulation decides exactly as the
/// real queue does. Source: SQS developer guide, visibility timeout, delay queues, message timers, dead-letter queues.
public enum DeliveryRules {
    /// When a message sent at `now` may first be received. A message's own delay wins over the queue's, also when it is 0.
    public static func firstVisible(sentAt now: Instant, queueDelay: Duration, messageDelay: Duration?) -> Instant {
        now + (messageDelay ?? queueDelay)
    }

    /// When a message received at `now` becomes visible again unless it is deleted first.
    public static func visibleAgain(receivedAt now: Instant, timeout: Duration) -> Instant {
        now + timeout
    }

    /// When a message becomes visible after its visibility was changed at `now`: the new timeout counts from the change.
    /// - Throws: `invalidParameter` when that would hold it longer than a receive may, counted from the receive. It is
    ///   refused, not shortened.
    public static func visibleAfterChange(
        receivedAt: Instant, at now: Instant, timeout: Duration, limits: QueueLimits = .strict
    ) throws(QueueError) -> Instant {
        guard limits.visibilityTimeout.contains(timeout) else {
            throw .invalidParameter(
                RangeText.sentence(QueueAttributeName.visibilityTimeout, timeout, limits.visibilityTimeout))
        }
        let visibleAt = now + timeout
        guard visibleAt - receivedAt <= limits.visibilityTimeout.upperBound else {
            throw .invalidParameter(
                "Value \(RangeText.seconds(timeout)) for parameter \(QueueAttributeName.visibilityTimeout) is invalid. "
                    + "Reason: Total VisibilityTimeout for the message is beyond the limit "
                    + "[\(RangeText.seconds(limits.visibilityTimeout.upperBound)) seconds].")
        }
        return visibleAt
    }

    /// Whether this receive attempt moves the message to the dead-letter queue instead of returning it: its count in this
    /// queue would exceed maxReceiveCount.
    public static func movesToDeadLetters(receivedHere: Int, _ policy: RedrivePolicy) -> Bool {
        receivedHere >= policy.maxReceiveCount
    }

    /// Whether a message is past its retention. A dead letter keeps the time when it was first sent.
    public static func isExpired(sentAt: Instant, retention: Duration, at now: Instant) -> Bool {
        expires(sentAt: sentAt, retention: retention) <= now
    }

    /// The moment from which the message is gone.
    public static func expires(sentAt: Instant, retention: Duration) -> Instant { sentAt + retention }
}
