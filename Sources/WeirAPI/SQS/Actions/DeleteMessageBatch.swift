import WeirQueue

/// Deletes up to ten messages, one by one.
enum DeleteMessageBatch: SQSAction {
    static let name = "DeleteMessageBatch"
    static let isReport = true

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let batch = try Batch(input)
        let outcomes = try await batch.run { fields throws(APIError) in
            try fields.requiredString("ReceiptHandle")
        } work: { handles throws(APIError) in
            try await call.ask { queues throws(QueueError) in try await queues.delete(handles, from: queue) }
        }
        return Batch.answer(outcomes) { _, _, _ in }
    }
}
