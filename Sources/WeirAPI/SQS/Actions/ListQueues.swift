import WeirQueue

/// The URLs of all queues whose names start as asked.
enum ListQueues: SQSAction {
    static let name = "ListQueues"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let prefix = try input.string("QueueNamePrefix") ?? ""
        let page = try QueuePage(input, names: await call.queues.queueNames(prefix: prefix))
        return SQSAnswer { json in
            // AWS leaves the member out when there is none.
            if !page.names.isEmpty { json.member("QueueUrls", page.names.map(call.queueURL)) }
            json.member("NextToken", page.nextToken)
        }
    }
}
