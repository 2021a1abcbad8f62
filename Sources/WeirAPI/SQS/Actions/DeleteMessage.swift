import WeirQueue

/// Deletes one message. Deleting twice succeeds.
enum DeleteMessage: SQSAction {
    static let name = "DeleteMessage"
    static let isReport = true

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let handle = try input.requiredString("ReceiptHandle")
        let results = try await call.ask { queues throws(QueueError) in
            try await queues.delete([handle], from: queue)
        }
        for result in results {
            if case .failure(let error) = result { throw ErrorTable.error(error) }
        }
        return .empty
    }
}
