import WeirQueue

/// Creates a queue, or finds the one that is there with the same values of the attributes given.
enum CreateQueue: SQSAction {
    static let name = "CreateQueue"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try input.requiredString("QueueName")
        let given = try input.stringMembers("Attributes")
        var attributes = QueueAttributes()
        for change in try AttributeTable.changes(given, call) { change.apply(to: &attributes) }
        // The API spells this one member in lower case.
        let tags = try input.stringMembers("tags").map { StoredAttribute(name: $0.name, value: $0.value) }
        let wanted = attributes
        try await call.ask { queues throws(QueueError) in
            try await queues.createQueue(queue, wanted, given: given.map(\.name), tags: tags)
        }
        return SQSAnswer { $0.member("QueueUrl", call.queueURL(queue)) }
    }
}
