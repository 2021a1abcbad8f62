import WeirQueue

/// Changes the visibility of up to ten messages, one by one.
enum ChangeMessageVisibilityBatch: SQSAction {
    static let name = "ChangeMessageVisibilityBatch"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let batch = try Batch(input)
        let outcomes = try await batch.run(read: VisibilityChange.init) { changes throws(APIError) in
            try await call.ask { queues throws(QueueError) in
                try await queues.changeVisibility(changes.map { ($0.receiptHandle, $0.timeout) }, of: queue)
            }
        }
        return Batch.answer(outcomes) { _, _, _ in }
    }
}
