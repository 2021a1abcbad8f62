import WeirQueue

/// The URL of a queue by its name.
enum GetQueueURL: SQSAction {
    static let name = "GetQueueUrl"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try input.requiredString("QueueName")
        if let owner = try input.string("QueueOwnerAWSAccountId"), owner != call.account {
            throw ErrorTable.error(.queueDoesNotExist(queue))
        }
        _ = try await call.ask { queues throws(QueueError) in try await queues.describe(queue) }
        return SQSAnswer { $0.member("QueueUrl", call.queueURL(queue)) }
    }
}
