import WeirQueue

/// Sends up to ten messages, accepted or refused one by one.
enum SendMessageBatch: SQSAction {
    static let name = "SendMessageBatch"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let batch = try Batch(input)
        let outcomes = try await batch.run(read: MessageWire.message) { messages throws(APIError) in
            let bytes = messages.reduce(0) { $0 + MessageRules.sizeBytes($1) }
            guard bytes <= QueueLimits.batchSizeBytes else { throw ErrorTable.batchTooLong(bytes) }
            return try await call.ask { queues throws(QueueError) in
                try await queues.send(messages, to: queue, senderID: call.senderID)
            }
        }
        return Batch.answer(outcomes) { message, id, json in
            json.member("MessageId", id)
            MessageReceipt.write(message, to: &json)
        }
    }
}
