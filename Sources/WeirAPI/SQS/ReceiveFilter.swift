import WeirCore
import WeirQueue

/// Which attributes of a message a receiver asked for; without asking there are none.
struct ReceiveFilter: Sendable {
    private let systemNames: Set<String>
    private let all: Bool
    private let exact: Set<String>
    /// What stood before `.*`.
    private let prefixes: Set<String>

    /// - Throws: `InvalidAttributeName` for a system attribute that does not exist, `InvalidParameterValue` for more than
    ///   `APILimits.attributeNames` names.
    init(_ input: Fields) throws(APIError) {
        // AttributeNames is the older name of the same list.
        let names = try input.strings("MessageSystemAttributeNames") + input.strings("AttributeNames")
        for name in names where name != Self.everything && SystemAttribute(rawValue: name) == nil {
            throw ErrorTable.unknownAttribute(name)
        }
        systemNames = Set(names)
        let wanted = try input.strings("MessageAttributeNames")
        guard wanted.count <= APILimits.attributeNames else {
            throw ErrorTable.tooMany("MessageAttributeNames", wanted.count, limit: APILimits.attributeNames)
        }
        all = wanted.contains(Self.everything) || wanted.contains(Self.anyName)
        exact = Set(wanted)
        prefixes = Set(wanted.filter { $0.hasSuffix(Self.anyName) }.map { String($0.dropLast(Self.anyName.count)) })
    }

    /// The message's own attributes that were asked for.
    func attributes(of message: ReceivedMessage) -> [MessageAttribute] {
        if all { return message.attributes }
        return message.attributes.filter { attribute in
            exact.contains(attribute.name) || hasWantedPrefix(attribute.name)
        }
    }

    /// `a.b.c` is wanted by `a.*`, `a.b.*` and `a.b.c.*`. Looking these few up takes no longer for many prefixes than for one.
    private func hasWantedPrefix(_ name: String) -> Bool {
        if prefixes.isEmpty { return false }
        return prefixes.contains(name)
            || name.indices.contains { name[$0] == "." && prefixes.contains(String(name[..<$0])) }
    }

    /// The system attributes that were asked for and that the message has.
    func systemAttributes(of message: ReceivedMessage, _ call: SQSCall) -> [(name: String, value: String)] {
        SystemAttribute.allCases.compactMap { attribute in
            guard systemNames.contains(Self.everything) || systemNames.contains(attribute.rawValue) else { return nil }
            return attribute.value(of: message, call).map { (attribute.rawValue, $0) }
        }
    }

    private static let everything = "All"
    private static let anyName = ".*"
}

/// What the queue itself knows of a message. Source: SQS API, ReceiveMessage.
enum SystemAttribute: String, CaseIterable {
    case senderID = "SenderId"
    case sentTimestamp = "SentTimestamp"
    case receiveCount = "ApproximateReceiveCount"
    case firstReceiveTimestamp = "ApproximateFirstReceiveTimestamp"
    case sequenceNumber = "SequenceNumber"
    case deduplicationID = "MessageDeduplicationId"
    case groupID = "MessageGroupId"
    case traceHeader = "AWSTraceHeader"
    case deadLetterSource = "DeadLetterQueueSourceArn"

    fileprivate func value(of message: ReceivedMessage, _ call: SQSCall) -> String? {
        switch self {
        case .senderID: message.senderID
        case .sentTimestamp: String(message.sentAt.milliseconds)
        case .receiveCount: String(message.receiveCount)
        case .firstReceiveTimestamp: String(message.firstReceivedAt.milliseconds)
        // Of FIFO queues only.
        case .sequenceNumber, .deduplicationID: nil
        case .groupID: message.groupID
        case .traceHeader: message.traceHeader
        case .deadLetterSource: message.deadLetterSourceQueue.map(call.queueARN)
        }
    }
}
