import WeirCore

/// The settings of one queue. Source: SQS API, CreateQueue and SetQueueAttributes.
public struct QueueAttributes: Sendable, Equatable, Codable {
    /// DelaySeconds. Range 0…900 s, default 0.
    public var delay: Duration = .zero
    /// MaximumMessageSize. Unit: bytes. Range 1,024…1,048,576, default 1,048,576.
    public var maximumMessageSizeBytes: Int = 1_048_576
    /// MessageRetentionPeriod. Range 60 s…14 d, default 4 d.
    public var retention: Duration = .seconds(345_600)
    /// ReceiveMessageWaitTimeSeconds. Range 0…20 s, default 0.
    public var receiveWait: Duration = .zero
    /// VisibilityTimeout. Range 0…12 h, default 30 s.
    public var visibilityTimeout: Duration = .seconds(30)
    /// RedrivePolicy; nil: none.
    public var redrive: RedrivePolicy?
    /// Attributes that are kept and given back but have no effect here (Policy, KmsMasterKeyId, RedriveAllowPolicy's
    /// text, …), by name, sorted.
    public var stored: [StoredAttribute] = []

    public init() {}
}

public struct RedrivePolicy: Sendable, Equatable, Codable {
    public var deadLetterQueue: String
    /// Range 1…1,000, default 10.
    public var maxReceiveCount: Int

    public init(deadLetterQueue: String, maxReceiveCount: Int) {
        self.deadLetterQueue = deadLetterQueue
        self.maxReceiveCount = maxReceiveCount
    }
}

public struct StoredAttribute: Sendable, Equatable, Codable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A queue as it is described to others.
public struct QueueDescription: Sendable, Equatable {
    public var name: String
    public var attributes: QueueAttributes
    public var createdAt: Instant
    public var modifiedAt: Instant
    public var depth: QueueDepth

    public init(
        name: String, attributes: QueueAttributes, createdAt: Instant, modifiedAt: Instant, depth: QueueDepth
    ) {
        self.name = name
        self.attributes = attributes
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.depth = depth
    }
}
