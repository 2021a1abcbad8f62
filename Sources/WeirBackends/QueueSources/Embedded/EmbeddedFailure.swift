import WeirQueue

/// What can go wrong with an embedded queue, for people.
enum EmbeddedFailure {
    static func backendFailure(_ error: QueueError) -> BackendFailure {
        BackendFailure(sentence(error), retryHelps: retryHelps(error))
    }

    static func sentence(_ error: QueueError) -> String {
        switch error {
        case .queueDoesNotExist(let name): "there is no queue '\(name)'"
        case .queueNameExists(let name, let attribute): "queue '\(name)' exists with another \(attribute)"
        case .queueDeletedRecently(let name):
            "queue '\(name)' was deleted less than a minute ago; its name rests until then"
        case .invalidQueueName(let name): "'\(name)' is no name for a queue"
        case .invalidAttributeValue(let attribute, let value, let allowed):
            "\(attribute) cannot be \(value); allowed is \(allowed)"
        case .unsupported(let sentence), .invalidMessageContents(let sentence), .invalidParameter(let sentence):
            sentence
        case .messageTooLong(let bytes, let limit): "a message of \(bytes) bytes is longer than \(limit)"
        case .receiptHandleIsInvalid: "the receipt handle is not valid"
        case .messageNotInflight: "the message is not in flight"
        case .overLimit(let limit): "more than \(limit) messages are in flight"
        case .purgeInProgress(let name): "queue '\(name)' was purged less than a minute ago"
        case .storeFailed(let sentence): "the queue's store failed: \(sentence)"
        }
    }

    private static func retryHelps(_ error: QueueError) -> Bool {
        switch error {
        case .queueDoesNotExist, .queueDeletedRecently, .overLimit, .purgeInProgress, .storeFailed: true
        case .queueNameExists, .invalidQueueName, .invalidAttributeValue, .unsupported, .invalidMessageContents,
            .invalidParameter, .messageTooLong, .receiptHandleIsInvalid, .messageNotInflight:
            false
        }
    }
}
