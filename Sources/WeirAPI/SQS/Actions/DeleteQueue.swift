import WeirQueue

/// Deletes a queue and all that is in it.
enum DeleteQueue: SQSAction {
    static let name = "DeleteQueue"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        try await call.ask { queues throws(QueueError) in try await queues.deleteQueue(queue) }
        return .empty
    }
}
