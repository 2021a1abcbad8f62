import WeirCore
import WeirQueue
import WeirSignature

/// The one table from our errors to AWS's. Source: SQS API model (JSON and Query editions), "Common Errors", EC2 Auto
/// Scaling API model.
enum ErrorTable {
    private static let sqs = "AWS.SimpleQueueService."

    // MARK: What queues refuse

    static func error(_ error: QueueError) -> APIError {
        switch error {
        case .queueDoesNotExist(let name):
            APIError(
                "QueueDoesNotExist", queryCode: sqs + "NonExistentQueue",
                "The specified queue does not exist: '\(name)'.")
        case .queueNameExists(let name, let attribute):
            APIError(
                "QueueNameExists", queryCode: "QueueAlreadyExists",
                "A queue named '\(name)' already exists with a different value for attribute \(attribute).")
        case .queueDeletedRecently(let name):
            APIError(
                "QueueDeletedRecently", queryCode: sqs + "QueueDeletedRecently",
                "You must wait \(QueueLimits.deletedNameRest.components.seconds) seconds after deleting '\(name)' before "
                    + "you can create another queue with the same name.")
        case .invalidQueueName(let name):
            invalidParameter(
                "'\(name)' is no queue name. It can only include alphanumeric characters, hyphens, or underscores. "
                    + "\(QueueLimits.queueNameCharacters.lowerBound) to \(QueueLimits.queueNameCharacters.upperBound) "
                    + "in length")
        case .invalidAttributeValue(let attribute, let value, let allowed):
            APIError(
                "InvalidAttributeValue",
                "Invalid value for the parameter \(attribute). Reason: '\(value)' is given, \(allowed) is allowed.")
        case .unsupported(let what): unsupported(what)
        case .invalidMessageContents(let what): APIError("InvalidMessageContents", what)
        case .invalidParameter(let what): invalidParameter(what)
        case .messageTooLong(let bytes, let limit):
            invalidParameter(
                "One or more parameters are invalid. Reason: Message must be shorter than \(limit) bytes; it has \(bytes)."
            )
        case .receiptHandleIsInvalid(let handle):
            APIError("ReceiptHandleIsInvalid", "The input receipt handle is invalid: '\(handle.prefix(100))'.")
        case .messageNotInflight:
            APIError(
                "MessageNotInflight", queryCode: sqs + "MessageNotInflight",
                "The message is not available for a visibility timeout change: it is not in flight.")
        case .overLimit(let limit):
            APIError("OverLimit", status: 403, "Too many messages of this queue are in flight; \(limit) may be.")
        case .purgeInProgress(let name):
            APIError(
                "PurgeQueueInProgress", queryCode: sqs + "PurgeQueueInProgress", status: 403,
                "Only one PurgeQueue operation on \(name) is allowed every "
                    + "\(QueueLimits.purgeInterval.components.seconds) seconds.")
        case .storeFailed(let what):
            APIError("InternalFailure", status: 500, fault: .receiver, "The queue's store failed: \(what)")
        }
    }

    // MARK: What the SQS API refuses

    static func invalidParameter(_ what: String) -> APIError { APIError("InvalidParameterValue", what) }

    static func missingParameter(_ name: String) -> APIError {
        APIError("MissingParameter", "The request must contain the parameter \(name).")
    }

    static func unsupported(_ what: String) -> APIError {
        APIError("UnsupportedOperation", queryCode: sqs + "UnsupportedOperation", what)
    }

    static func tooMany(_ name: String, _ count: Int, limit: Int) -> APIError {
        invalidParameter("\(name) has \(count) entries; \(limit) are allowed.")
    }

    static func foreignTarget(_ arn: String, _ account: String, _ region: String) -> APIError {
        invalidParameter(
            "Value \(arn) for parameter RedrivePolicy is invalid. Reason: The dead-letter queue must be a queue of the same "
                + "account and region (arn:aws:sqs:\(region):\(account):NAME).")
    }

    static func unknownAttribute(_ name: String) -> APIError {
        APIError("InvalidAttributeName", "Unknown Attribute \(name).")
    }

    static func invalidAttributeValue(_ name: String, _ reason: String) -> APIError {
        APIError("InvalidAttributeValue", "Invalid value for the parameter \(name). Reason: \(reason)")
    }

    static func invalidAction(_ name: String) -> APIError {
        APIError("InvalidAction", "The action \(name) is not valid for this endpoint.")
    }

    static func unreadable(_ what: String) -> APIError {
        APIError("SerializationException", queryCode: "MalformedInput", what)
    }

    static func emptyBatch() -> APIError {
        APIError(
            "EmptyBatchRequest", queryCode: sqs + "EmptyBatchRequest",
            "There should be at least one entry in the request.")
    }

    static func tooManyEntries(_ count: Int) -> APIError {
        APIError(
            "TooManyEntriesInBatchRequest", queryCode: sqs + "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are \(QueueLimits.batchEntries.upperBound). You have sent \(count).")
    }

    static func entryIDsNotDistinct(_ id: String) -> APIError {
        APIError("BatchEntryIdsNotDistinct", queryCode: sqs + "BatchEntryIdsNotDistinct", "Id \(id) repeated.")
    }

    static func invalidEntryID() -> APIError {
        APIError(
            "InvalidBatchEntryId", queryCode: sqs + "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most "
                + "\(QueueLimits.batchEntryIDCharacters.upperBound) letters long.")
    }

    static func batchTooLong(_ bytes: Int) -> APIError {
        APIError(
            "BatchRequestTooLong", queryCode: sqs + "BatchRequestTooLong",
            "Batch requests cannot be longer than \(QueueLimits.batchSizeBytes) bytes. You have sent \(bytes) bytes.")
    }

    // MARK: What Auto Scaling refuses

    static func validation(_ what: String) -> APIError { APIError("ValidationError", what) }

    static func accessDenied(_ principal: Principal, _ action: String) -> APIError {
        APIError(
            "AccessDenied", status: 403,
            "User: \(principal) is not authorized to perform: autoscaling:\(action). An instance may describe, and for itself "
                + "it may set protection and health, complete lifecycle hooks and record heartbeats.")
    }

    /// - Parameter group: the group that was asked.
    static func error(_ refusal: Refusal, group: String) -> APIError {
        let message = RefusalText.sentence(refusal, group: group)
        return switch refusal {
        case .noSuchInstance, .notInService, .atMinimum, .groupIsLeaving, .atMaximum, .tooMany, .wrongState,
            .noLifecycleAction, .noSuchToken, .standbyBelowMinimum:
            validation(message)
        case .tooManyInstances: APIError("LimitExceeded", message)
        case .coolingDown: APIError("ScalingActivityInProgress", message)
        case .refreshUnderWay: APIError("InstanceRefreshInProgress", message)
        case .noRefreshUnderWay: APIError("ActiveInstanceRefreshNotFound", message)
        case .nothingToRollBackTo: APIError("IrreversibleInstanceRefresh", message)
        }
    }

    static func noManagedInstance(_ id: InstanceID) -> APIError {
        validation("Instance Id not found - No managed instance found for instance ID: \(id)")
    }

    static func tooManyInstances(_ count: Int) -> APIError {
        APIError("LimitExceeded", RefusalText.sentence(.tooManyInstances(count), group: ""))
    }

    static func invalidNextToken() -> APIError { APIError("InvalidNextToken", "The NextToken value is not valid.") }

    // MARK: What the door refuses

    static func error(_ failure: SignatureFailure) -> APIError {
        APIError(failure.code, status: failure.status, failure.message)
    }

    static func wrongCapability() -> APIError {
        APIError("AccessDenied", status: 403, "The token in the URL is not the one of this instance.")
    }

    static func bodyTooLarge() -> APIError {
        APIError("RequestEntityTooLarge", status: 413, "A request may have \(APILimits.bodyBytes) bytes.")
    }

    static func tooManyBodies() -> APIError {
        APIError(
            "ServiceUnavailable", status: 503, fault: .receiver,
            "Too many large requests are under way. Try again later.")
    }

    static func nothingHere(_ path: String) -> APIError {
        APIError("NotFound", status: 404, "There is nothing at \(path).")
    }
}
