import WeirQueue

/// Changes the attributes given; the others stay.
enum SetQueueAttributes: SQSAction {
    static let name = "SetQueueAttributes"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let given = try input.stringMembers("Attributes")
        guard !given.isEmpty else { throw ErrorTable.missingParameter("Attributes") }
        let changes = try AttributeTable.changes(given, call)
        try await call.ask { queues throws(QueueError) in
            try await queues.setAttributes(of: queue) { attributes in
                for change in changes { change.apply(to: &attributes) }
            }
        }
        return .empty
    }
}
