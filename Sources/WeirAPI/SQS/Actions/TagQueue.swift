import WeirQueue

/// Adds tags to a queue; a new value takes the place of an old one.
enum TagQueue: SQSAction {
    static let name = "TagQueue"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let tags = try input.stringMembers("Tags").map { StoredAttribute(name: $0.name, value: $0.value) }
        guard !tags.isEmpty else { throw ErrorTable.missingParameter("Tags") }
        try await call.ask { queues throws(QueueError) in
            try await queues.setTags(of: queue, adding: tags, removing: [])
        }
        return .empty
    }
}
