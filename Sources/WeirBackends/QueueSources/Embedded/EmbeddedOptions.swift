import WeirCore
import WeirPolicy
import WeirQueue

/// What a policy file says about an embedded queue. A setting that is left out stays as the queue has it.
struct EmbeddedOptions: Sendable, Equatable {
    var queue: String
    var visibilityTimeout: Duration?
    var retention: Duration?
    var deadLetterQueue: String?
    /// Only with a dead-letter queue.
    var maxReceiveCount: Int?

    init(_ options: Options) {
        queue = options.text("queue") ?? ""
        visibilityTimeout = options.duration("visibility_timeout")
        retention = options.duration("retention")
        deadLetterQueue = options.text("dead_letter_queue")
        maxReceiveCount = options.integer("max_receive_count")
    }

    /// Puts what the file says into the settings of the queue.
    func apply(to attributes: inout QueueAttributes) {
        if let visibilityTimeout { attributes.visibilityTimeout = visibilityTimeout }
        if let retention { attributes.retention = retention }
        if let deadLetterQueue {
            attributes.redrive = RedrivePolicy(
                deadLetterQueue: deadLetterQueue, maxReceiveCount: maxReceiveCount ?? Self.defaultMaxReceiveCount)
        }
    }

    /// Source: SQS API, RedrivePolicy.
    static let defaultMaxReceiveCount = 10

    private static let nameRule = "1 to 80 letters, digits, '-' or '_'"

    static let section = BackendSection(
        word: "embedded",
        summary:
            "A durable queue inside weir that speaks the SQS protocol, and knows which instance holds which message.",
        fields: [
            Field(
                "queue", .checkedText(expected: nameRule) { QueueName.isValid($0) }, required: true,
                "Name of the queue; it is made when it is not there."),
            Field(
                "visibility_timeout", .duration(QueueLimits.strict.visibilityTimeout),
                "How long a received message stays hidden from others. A new queue has 30s."),
            Field(
                "retention", .duration(QueueLimits.strict.retention),
                "How long a message is kept that nobody deletes. A new queue has 4d."),
            Field(
                "dead_letter_queue", .checkedText(expected: nameRule) { QueueName.isValid($0) },
                "Where messages go that were received too often; made when it is not there."),
            Field(
                "max_receive_count", .integer(QueueLimits.strict.maxReceiveCount),
                "How often a message may be received before it goes to the dead-letter queue; 10 when left out."),
        ],
        shorthand: "queue",
        check: check, abilities: [.handingOut])

    private static func check(_ options: Options) -> [OptionMistake] {
        var mistakes: [OptionMistake] = []
        let deadLetterQueue = options.text("dead_letter_queue")
        if deadLetterQueue == nil, options.integer("max_receive_count") != nil {
            mistakes.append(
                OptionMistake(
                    field: "max_receive_count",
                    message: "'max_receive_count' has no effect without a dead-letter queue",
                    expected: "'dead_letter_queue' as well"))
        }
        if deadLetterQueue != nil, deadLetterQueue == options.text("queue") {
            mistakes.append(
                OptionMistake(
                    field: "dead_letter_queue", message: "a queue cannot be its own dead-letter queue",
                    expected: "the name of another queue"))
        }
        return mistakes
    }
}
