import WeirQueue

/// Takes tags away; those that are not there do not matter.
enum UntagQueue: SQSAction {
    static let name = "UntagQueue"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let keys = try input.strings("TagKeys")
        guard !keys.isEmpty else { throw ErrorTable.missingParameter("TagKeys") }
        try await call.ask { queues throws(QueueError) in
            try await queues.setTags(of: queue, adding: [], removing: keys)
        }
        return .empty
    }
}
