import WeirQueue

/// Deletes all messages of a queue.
enum PurgeQueue: SQSAction {
    static let name = "PurgeQueue"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        try await call.ask { queues throws(QueueError) in try await queues.purge(queue) }
        return .empty
    }
}
