import WeirCore

/// What a queue can refuse. The API has one table from these to AWS's codes.
public enum QueueError: Error, Sendable, Equatable {
    case queueDoesNotExist(String)
    /// A queue of that name exists with another value of this attribute.
    case queueNameExists(String, attribute: String)
    /// The name was deleted less than 60 s ago.
    case queueDeletedRecently(String)
    case invalidQueueName(String)
    /// Names the attribute, gives the value and says what is allowed.
    case invalidAttributeValue(attribute: String, value: String, allowed: String)
    case unsupported(String)
    case invalidMessageContents(String)
    /// A parameter of a message or of a call is out of its range; the sentence says which and what is allowed.
    case invalidParameter(String)
    case messageTooLong(bytes: Int, limit: Int)
    case receiptHandleIsInvalid(String)
    case messageNotInflight
    /// Too many messages of the queue are in flight.
    case overLimit(Int)
    case purgeInProgress(String)
    /// The store failed: disk full, file gone. The message was not accepted.
    case storeFailed(String)
}
