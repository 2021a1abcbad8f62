import WeirQueue

/// The URLs of the queues whose dead letters come here.
enum ListDeadLetterSourceQueues: SQSAction {
    static let name = "ListDeadLetterSourceQueues"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let sources = try await call.ask { queues throws(QueueError) in try await queues.deadLetterSources(of: queue) }
        let page = try QueuePage(input, names: sources)
        return SQSAnswer { json in
            // The API spells this one member in lower case.
            json.member("queueUrls", page.names.map(call.queueURL))
            json.member("NextToken", page.nextToken)
        }
    }
}
