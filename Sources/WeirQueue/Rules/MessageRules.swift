import WeirCore

/// What a message may be, apart from what its queue says. Source: SQS API, SendMessage; Message metadata.
public enum MessageRules {
    /// Body plus names, types and values of attributes. The trace header does not count.
    public static func sizeBytes(_ message: NewMessage) -> Int {
        message.attributes.reduce(message.body.utf8.count) { sum, attribute in
            sum + attribute.name.utf8.count + attribute.dataType.utf8.count + attribute.value.sizeBytes
        }
    }

    /// - Throws: `invalidMessageContents` for a forbidden character, `invalidParameter` for anything else.
    public static func check(_ message: NewMessage, limits: QueueLimits = .strict) throws(QueueError) {
        guard !message.body.isEmpty else {
            throw .invalidParameter("The message body is empty; it needs one character at least.")
        }
        guard MessageText.isAllowed(message.body) else {
            throw .invalidMessageContents("The message body holds a character that is not allowed.")
        }
        if let delay = message.delay, !limits.delay.contains(delay) {
            throw .invalidParameter(RangeText.sentence("DelaySeconds", delay, limits.delay))
        }
        if let group = message.groupID, !isGroupID(group) {
            throw .invalidParameter(
                "MessageGroupId must be \(RangeText.of(QueueLimits.groupIDCharacters)) letters, digits or punctuation marks."
            )
        }
        if let header = message.traceHeader { try check(traceHeader: header) }
        guard QueueLimits.attributesPerMessage.contains(message.attributes.count) else {
            throw .invalidParameter(
                "A message has \(RangeText.of(QueueLimits.attributesPerMessage)) attributes; this one has "
                    + "\(message.attributes.count).")
        }
        try AttributeRules.check(message.attributes)
    }

    private static func check(traceHeader header: String) throws(QueueError) {
        guard QueueLimits.traceHeaderBytes.contains(header.utf8.count) else {
            throw .invalidParameter(
                "AWSTraceHeader has \(RangeText.of(QueueLimits.traceHeaderBytes)) bytes; this one has \(header.utf8.count)."
            )
        }
        guard MessageText.isAllowed(header) else {
            throw .invalidMessageContents("AWSTraceHeader holds a character that is not allowed.")
        }
    }

    private static func isGroupID(_ text: String) -> Bool {
        QueueLimits.groupIDCharacters.contains(text.utf8.count) && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }
}

extension MessageAttribute.Value {
    var sizeBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
