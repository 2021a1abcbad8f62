import WeirQueue

/// The tags of a queue.
enum ListQueueTags: SQSAction {
    static let name = "ListQueueTags"

    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer {
        let queue = try call.queueName(input)
        let tags = try await call.ask { queues throws(QueueError) in try await queues.tags(of: queue) }
        guard !tags.isEmpty else { return .empty }
        return SQSAnswer { json in
            json.name("Tags")
            json.object { json in
                for tag in tags { json.member(tag.name, tag.value) }
            }
        }
    }
}
