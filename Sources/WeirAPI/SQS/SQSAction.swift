/// One action of the SQS API: its input, its checks, its work, its answer.
protocol SQSAction: Sendable {
    /// As it stands in the request, such as `SendMessage`.
    static var name: String { get }
    /// It says what was done with a message that was received. An instance may say so also when it is taken for ended.
    static var isReport: Bool { get }
    /// - Returns: the members of the answer.
    static func answer(_ input: Fields, _ call: SQSCall) async throws(APIError) -> SQSAnswer
}

extension SQSAction {
    static var isReport: Bool { false }
}

/// The JSON text of an answer.
struct SQSAnswer: Sendable {
    var json: [UInt8]

    /// The answer of actions that give none.
    static let empty = SQSAnswer(json: Array("{}".utf8))

    init(json: [UInt8]) {
        self.json = json
    }

    init(_ body: (inout JSONWriter) -> Void) {
        json = JSONWriter.object(body)
    }
}

/// All actions that are answered, by name. A new action is one file and one line here.
enum SQSActionTable {
    static let actions: [any SQSAction.Type] = [
        ChangeMessageVisibility.self, ChangeMessageVisibilityBatch.self, CreateQueue.self, DeleteMessage.self,
        DeleteMessageBatch.self, DeleteQueue.self, GetQueueAttributes.self, GetQueueURL.self,
        ListDeadLetterSourceQueues.self, ListQueueTags.self, ListQueues.self, PurgeQueue.self, ReceiveMessage.self,
        SendMessage.self, SendMessageBatch.self, SetQueueAttributes.self, TagQueue.self, UntagQueue.self,
    ]

    /// Actions of the API that are known and not offered.
    static let unsupported: Set<String> = [
        "AddPermission", "CancelMessageMoveTask", "ListMessageMoveTasks", "RemovePermission", "StartMessageMoveTask",
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: actions.map { ($0.name, $0) })

    /// What is asked for reports only; false also when there is no such action.
    static func isReport(_ name: String) -> Bool { byName[name]?.isReport ?? false }

    static func action(named name: String) throws(APIError) -> any SQSAction.Type {
        if let action = byName[name] { return action }
        if unsupported.contains(name) { throw ErrorTable.unsupported("\(name) is not supported.") }
        throw ErrorTable.invalidAction(name)
    }
}
