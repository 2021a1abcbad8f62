import WeirCore
import WeirQueue

/// Receives up to ten messages, waiting for the first one if asked to. When the client goes away meanwhile, the queue takes
/// none, or takes them back.
enum ReceiveMessage: SQSAction {
    static let name = "ReceiveMessage"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let filter = try ReceiveFilter(input)
        let count = try input.integer("MaxNumberOfMessages") ?? 1
        let visibilityTimeout = try input.seconds("VisibilityTimeout")
        let wait = try input.seconds("WaitTimeSeconds")
        let messages = try await call.ask { queues throws(QueueError) in
            try await queues.receive(
                from: queue, count: count, visibilityTimeout: visibilityTimeout, wait: wait,
                receiver: call.principal.receiver)
        }
        return SQSAnswer { json in write(messages, filter, call, to: &json) }
    }

    private static func write(
        _ messages: [ReceivedMessage], _ filter: ReceiveFilter, _ call: SQSCall, to json: inout JSONWriter
    ) {
        guard !messages.isEmpty else { return }
        json.name("Messages")
        json.array { json in
            for message in messages {
                json.object { write(message, filter, call, to: &$0) }
            }
        }
    }

    private static func write(
        _ message: ReceivedMessage, _ filter: ReceiveFilter, _ call: SQSCall, to json: inout JSONWriter
    ) {
        json.member("MessageId", message.messageID)
        json.member("ReceiptHandle", message.receiptHandle)
        json.member("MD5OfBody", MessageDigest.body(message.body))
        json.member("Body", message.body)
        let system = filter.systemAttributes(of: message, call)
        if !system.isEmpty {
            json.name("Attributes")
            json.object { json in
                for (name, value) in system { json.member(name, value) }
            }
        }
        let attributes = filter.attributes(of: message)
        json.member("MD5OfMessageAttributes", MessageDigest.attributes(attributes))
        MessageWire.write(attributes, to: &json)
    }
}
