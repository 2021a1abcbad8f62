import WeirCore

/// A message as its sender gives it.
public struct NewMessage: Sendable, Equatable {
    public var body: String
    public var attributes: [MessageAttribute]
    /// System attribute AWSTraceHeader, 1…1,024 bytes. It does not count towards the message's size.
    public var traceHeader: String?
    /// Overrides the queue's delay, also when 0. Range: 0…900 s.
    public var delay: Duration?
    /// Allowed on standard queues, where it means fair queues; kept and given back, without effect.
    public var groupID: String?

    public init(
        body: String, attributes: [MessageAttribute] = [], traceHeader: String? = nil, delay: Duration? = nil,
        groupID: String? = nil
    ) {
        self.body = body
        self.attributes = attributes
        self.traceHeader = traceHeader
        self.delay = delay
        self.groupID = groupID
    }
}

/// A user's attribute of a message.
public struct MessageAttribute: Sendable, Equatable, Codable {
    public var name: String
    /// `String`, `Number` or `Binary`, with an optional `.label`.
    public var dataType: String
    public var value: Value

    public init(name: String, dataType: String, value: Value) {
        self.name = name
        self.dataType = dataType
        self.value = value
    }

    public enum Value: Sendable, Equatable, Codable {
        case string(String)
        case binary([UInt8])
    }
}

/// A message as its receiver gets it.
public struct ReceivedMessage: Sendable, Equatable {
    /// A UUID in lower case.
    public var messageID: String
    public var receiptHandle: String
    public var body: String
    public var attributes: [MessageAttribute]
    public var traceHeader: String?
    public var groupID: String?
    /// Who sent it: an access key id or an account.
    public var senderID: String
    public var sentAt: Instant
    public var firstReceivedAt: Instant
    /// How often it was received, this time included.
    public var receiveCount: Int
    /// In a dead-letter queue: the name of the queue that it came from.
    public var deadLetterSourceQueue: String?

    public init(
        messageID: String, receiptHandle: String, body: String, attributes: [MessageAttribute], traceHeader: String?,
        groupID: String?, senderID: String, sentAt: Instant, firstReceivedAt: Instant, receiveCount: Int,
        deadLetterSourceQueue: String?
    ) {
        self.messageID = messageID
        self.receiptHandle = receiptHandle
        self.body = body
        self.attributes = attributes
        self.traceHeader = traceHeader
        self.groupID = groupID
        self.senderID = senderID
        self.sentAt = sentAt
        self.firstReceivedAt = firstReceivedAt
        self.receiveCount = receiveCount
        self.deadLetterSourceQueue = deadLetterSourceQueue
    }
}
