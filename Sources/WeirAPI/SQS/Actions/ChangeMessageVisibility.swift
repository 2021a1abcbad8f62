import WeirCore
import WeirQueue

/// Changes for how long a message in flight stays invisible, from now on; zero gives it back at once.
enum ChangeMessageVisibility: SQSAction {
    static let name = "ChangeMessageVisibility"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let change = try VisibilityChange(input)
        let results = try await call.ask { queues throws(QueueError) in
            try await queues.changeVisibility([(change.receiptHandle, change.timeout)], of: queue)
        }
        for result in results {
            if case .failure(let error) = result { throw ErrorTable.error(error) }
        }
        return .empty
    }
}

/// One receipt handle and its new timeout.
struct VisibilityChange: Sendable {
    var receiptHandle: String
    var timeout: Duration

    init(_ input: Fields) throws(APIError) {
        receiptHandle = try input.requiredString("ReceiptHandle")
        guard let timeout = try input.seconds("VisibilityTimeout") else {
            throw ErrorTable.missingParameter("VisibilityTimeout")
        }
        self.timeout = timeout
    }
}
