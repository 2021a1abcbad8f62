import WeirPolicy
import WeirQueue

/// The rules of the queue that a policy file names, where it is one of weir's own: what the file says, and else what a new queue has.
public struct StatedQueue: Sendable, Equatable {
    public var visibilityTimeout: Duration
    public var retention: Duration
    /// Nil: no message becomes a dead letter.
    public var maxReceiveCount: Int?
    public var mostInFlight: Int

    /// Nil for sources of which the file does not say such things.
    public init?(of source: BackendChoice) {
        guard source.word == EmbeddedOptions.section.word else { return nil }
        var attributes = QueueAttributes()
        EmbeddedOptions(source.options).apply(to: &attributes)
        visibilityTimeout = attributes.visibilityTimeout
        retention = attributes.retention
        maxReceiveCount = attributes.redrive?.maxReceiveCount
        mostInFlight = QueueLimits.strict.inFlightMessages
    }
}
