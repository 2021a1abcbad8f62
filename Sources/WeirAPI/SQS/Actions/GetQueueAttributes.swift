import WeirQueue

/// The attributes asked for; none without asking. The counts are exact here.
enum GetQueueAttributes: SQSAction {
    static let name = "GetQueueAttributes"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let given = try input.strings("AttributeNames")
        for name in given where name != AttributeTable.all && AttributeTable(rawValue: name) == nil {
            throw ErrorTable.unknownAttribute(name)
        }
        let names = Set(given)
        let description = try await call.ask { queues throws(QueueError) in try await queues.describe(queue) }
        let values = AttributeTable.allCases.compactMap { attribute -> (String, String)? in
            guard names.contains(AttributeTable.all) || names.contains(attribute.rawValue) else { return nil }
            return attribute.value(of: description, call).map { (attribute.rawValue, $0) }
        }
        guard !values.isEmpty else { return .empty }
        return SQSAnswer { json in
            json.name("Attributes")
            json.object { json in
                for (name, value) in values { json.member(name, value) }
            }
        }
    }
}
