import WeirCore
import WeirQueue

/// The attributes of a queue by their names in the API. Source: SQS API, CreateQueue and GetQueueAttributes.
///
/// The order is that of answers.
enum AttributeTable: String, CaseIterable {
    case queueARN = "QueueArn"
    case visible = "ApproximateNumberOfMessages"
    case inFlight = "ApproximateNumberOfMessagesNotVisible"
    case delayed = "ApproximateNumberOfMessagesDelayed"
    case created = "CreatedTimestamp"
    case modified = "LastModifiedTimestamp"
    case visibilityTimeout = "VisibilityTimeout"
    case maximumMessageSize = "MaximumMessageSize"
    case retention = "MessageRetentionPeriod"
    case delay = "DelaySeconds"
    case receiveWait = "ReceiveMessageWaitTimeSeconds"
    case redrivePolicy = "RedrivePolicy"
    case redriveAllowPolicy = "RedriveAllowPolicy"
    case policy = "Policy"
    case kmsMasterKeyID = "KmsMasterKeyId"
    case kmsReusePeriod = "KmsDataKeyReusePeriodSeconds"
    case managedEncryption = "SqsManagedSseEnabled"
    case fifo = "FifoQueue"
    case contentBasedDeduplication = "ContentBasedDeduplication"
    case deduplicationScope = "DeduplicationScope"
    case fifoThroughputLimit = "FifoThroughputLimit"

    static let all = "All"

    // MARK: Reading

    /// The value as the API gives it; nil when the queue has none.
    func value(of queue: QueueDescription, _ call: SQSCall) -> String? {
        let attributes = queue.attributes
        return switch self {
        case .queueARN: call.queueARN(queue.name)
        case .visible: String(queue.depth.visible)
        case .inFlight: String(queue.depth.inFlight)
        case .delayed: String(queue.depth.delayed)
        case .created: String(queue.createdAt.epochSeconds)
        case .modified: String(queue.modifiedAt.epochSeconds)
        case .visibilityTimeout: Self.seconds(attributes.visibilityTimeout)
        case .maximumMessageSize: String(attributes.maximumMessageSizeBytes)
        case .retention: Self.seconds(attributes.retention)
        case .delay: Self.seconds(attributes.delay)
        case .receiveWait: Self.seconds(attributes.receiveWait)
        case .redrivePolicy: attributes.redrive.map { RedriveWire.text($0, call) }
        case .redriveAllowPolicy, .policy, .kmsMasterKeyID, .kmsReusePeriod, .managedEncryption:
            attributes.stored.first { $0.name == rawValue }?.value
        case .fifo, .contentBasedDeduplication, .deduplicationScope, .fifoThroughputLimit: nil
        }
    }

    private static func seconds(_ duration: Duration) -> String { String(duration.components.seconds) }

    // MARK: Changing

    /// The changes that `given` asks for, in its order.
    /// - Throws: `InvalidAttributeName` and `InvalidAttributeValue`; ranges are the queue's business.
    static func changes(
        _ given: [(name: String, value: String)], _ call: SQSCall
    ) throws(APIError) -> [AttributeChange] {
        guard given.count <= allCases.count else {
            throw ErrorTable.tooMany("Attributes", given.count, limit: allCases.count)
        }
        var changes: [AttributeChange] = []
        for (name, value) in given {
            guard let attribute = AttributeTable(rawValue: name) else { throw ErrorTable.unknownAttribute(name) }
            changes.append(try attribute.change(to: value, call))
        }
        return changes
    }

    private func change(to value: String, _ call: SQSCall) throws(APIError) -> AttributeChange {
        switch self {
        case .visibilityTimeout: .visibilityTimeout(try seconds(value))
        case .maximumMessageSize: .maximumMessageSize(try wholeNumber(value))
        case .retention: .retention(try seconds(value))
        case .delay: .delay(try seconds(value))
        case .receiveWait: .receiveWait(try seconds(value))
        case .redrivePolicy: .redrive(try RedriveWire.policy(value, call))
        case .redriveAllowPolicy, .policy, .kmsMasterKeyID, .kmsReusePeriod, .managedEncryption:
            .stored(rawValue, value.isEmpty ? nil : value)
        case .fifo, .contentBasedDeduplication, .deduplicationScope, .fifoThroughputLimit:
            throw ErrorTable.unsupported("FIFO queues are not supported; attribute \(rawValue) belongs to them.")
        case .queueARN, .visible, .inFlight, .delayed, .created, .modified:
            throw ErrorTable.unknownAttribute(rawValue)
        }
    }

    private func seconds(_ text: String) throws(APIError) -> Duration { .seconds(try wholeNumber(text)) }

    private func wholeNumber(_ text: String) throws(APIError) -> Int {
        guard let number = Int(text), (-APILimits.seconds...APILimits.seconds).contains(number) else {
            throw ErrorTable.invalidAttributeValue(rawValue, "'\(text)' is not a whole number in range.")
        }
        return number
    }
}

/// One attribute and its new value.
enum AttributeChange: Sendable {
    case visibilityTimeout(Duration)
    case maximumMessageSize(Int)
    case retention(Duration)
    case delay(Duration)
    case receiveWait(Duration)
    case redrive(RedrivePolicy?)
    /// Kept and given back, without effect; nil takes it away.
    case stored(String, String?)

    func apply(to attributes: inout QueueAttributes) {
        switch self {
        case .visibilityTimeout(let value): attributes.visibilityTimeout = value
        case .maximumMessageSize(let value): attributes.maximumMessageSizeBytes = value
        case .retention(let value): attributes.retention = value
        case .delay(let value): attributes.delay = value
        case .receiveWait(let value): attributes.receiveWait = value
        case .redrive(let value): attributes.redrive = value
        case .stored(let name, let value):
            attributes.stored.removeAll { $0.name == name }
            if let value { attributes.stored.append(StoredAttribute(name: name, value: value)) }
            attributes.stored.sort { $0.name < $1.name }
        }
    }
}

/// RedrivePolicy, which is JSON inside of a string.
enum RedriveWire {
    private static let target = "deadLetterTargetArn"
    private static let count = "maxReceiveCount"
    /// Source: SQS API, CreateQueue: maxReceiveCount is 10 unless given.
    private static let defaultCount = 10

    static func text(_ policy: RedrivePolicy, _ call: SQSCall) -> String {
        let json = JSONWriter.object { json in
            json.member(target, call.queueARN(policy.deadLetterQueue))
            json.member(count, policy.maxReceiveCount)
        }
        return String(decoding: json, as: UTF8.self)
    }

    /// Nil for "", which takes the policy away.
    static func policy(_ text: String, _ call: SQSCall) throws(APIError) -> RedrivePolicy? {
        if text.isEmpty { return nil }
        guard case .object(let object)? = try? JSONReader.read(Array(text.utf8)),
            case .string(let arn)? = object[target]
        else {
            throw ErrorTable.invalidParameter(
                "RedrivePolicy must be JSON with a \(target) and a \(count); it is '\(text)'.")
        }
        guard let name = call.queueName(ofARN: arn) else {
            throw ErrorTable.foreignTarget(arn, call.account, call.region)
        }
        return RedrivePolicy(deadLetterQueue: name, maxReceiveCount: try receiveCount(object[count]))
    }

    /// SDKs write the number as a number or as a string.
    private static func receiveCount(_ value: JSONValue?) throws(APIError) -> Int {
        switch value {
        case nil: return defaultCount
        case .integer(let number): return number
        case .string(let text):
            if let number = Int(text) { return number }
        case .null, .bool, .number, .array, .object: break
        }
        throw ErrorTable.invalidParameter("\(count) of RedrivePolicy must be a whole number.")
    }
}

extension Instant {
    /// Whole seconds since 1970.
    fileprivate var epochSeconds: Int64 { milliseconds / 1000 }
}
