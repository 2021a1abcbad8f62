import WeirCore

/// How many messages a queue holds, each counted once. The counts are exact.
public struct QueueDepth: Sendable, Equatable, Codable {
    /// Ready to be received.
    public var visible: Int
    /// Received, not deleted, and within their visibility timeout.
    public var inFlight: Int
    /// Not yet due for the first time.
    public var delayed: Int
    /// When the oldest visible message was sent; nil when none is visible.
    public var oldestVisibleSentAt: Instant?
    /// Messages sent to it, and deleted from it, since it was opened.
    public var sentTotal: Int
    public var deletedTotal: Int

    public init(
        visible: Int = 0, inFlight: Int = 0, delayed: Int = 0, oldestVisibleSentAt: Instant? = nil,
        sentTotal: Int = 0, deletedTotal: Int = 0
    ) {
        self.visible = visible
        self.inFlight = inFlight
        self.delayed = delayed
        self.oldestVisibleSentAt = oldestVisibleSentAt
        self.sentTotal = sentTotal
        self.deletedTotal = deletedTotal
    }
}
