import WeirCore
import WeirPolicy

/// The queue that a group's alarms watch.
struct WatchedQueue {
    /// What the alarms call it: its name, or a function of a template.
    var link: String
    var resource: AWSResource?
    /// Nil when the stack makes a name that the template does not know.
    var knownName: String?

    var name: String { knownName ?? Resolution.logicalName(of: link) ?? link }

    func isCalled(_ other: String?) -> Bool { other == link || (resource?.isCalled(other) ?? false) }
}

extension AWSImport {
    static let queueFieldsKept = "the queue stays on SQS, and keeps it"

    /// That of the first alarm or policy of the group that names one.
    mutating func findQueue() {
        let policies = own(.scalingPolicy)
        let alarms = stock[.alarm].filter { alarm in
            AlarmFields.actionLists.contains { list in
                alarm.item[list.key]?.items.contains { action in policies.contains { $0.isCalled(action.plain) } }
                    ?? false
            }
        }
        let candidates = alarms.map(\.item) + policies.compactMap { $0.item["TargetTrackingConfiguration"] }
        guard let link = candidates.lazy.compactMap({ Self.queueName(in: $0.node) }).first else { return }
        let resource = stock[.queue].first { $0.isCalled(link) }
        let named = resource?.item["QueueName"]?.plain ?? resource?.item["QueueArn"]?.plain.map(Self.name(ofARN:))
        let known = named ?? (Resolution.logicalName(of: link) == nil ? link : nil)
        queue = WatchedQueue(link: link, resource: resource, knownName: known)
    }

    private static func queueName(in node: Node) -> String? {
        if let name = node["Name"]?.scalarText, name == "QueueName" { return node["Value"]?.scalarText }
        for child in node.items + node.entries.map(\.value) {
            if let found = queueName(in: child) { return found }
        }
        return nil
    }

    private static func name(ofARN arn: String) -> String { arn.split(separator: ":").last.map(String.init) ?? arn }

    mutating func writeQueue() {
        guard let queue else {
            if options.movesQueue || stock[.queue].isEmpty {
                notes.append(
                    Note(.fillIn, path: "queue", why: "nothing that was read says where the work of the group waits"))
            }
            draft.queue = [.init("embedded", text: draft.groupName, remark: "FILL IN: where work waits")]
            settleOtherQueues(but: nil)
            return
        }
        if queue.knownName == nil {
            notes.append(
                Note(
                    .fillIn, path: "queue",
                    why: "the stack gives the queue its name: '\(queue.name)' stands in its place"))
        }
        options.movesQueue ? writeEmbedded(queue) : writeSQS(queue)
        settleOtherQueues(but: queue)
    }

    private mutating func writeSQS(_ queue: WatchedQueue) {
        let remark = queue.knownName == nil ? "FILL IN: the name that the stack gave it" : "QueueName of the alarms"
        var entries: [PolicyDraft.Entry] = [.init("queue", text: queue.name, remark: remark)]
        if let region { entries.append(.init("region", text: region)) }
        draft.queue = [.init("sqs", section: entries)]
        guard let item = queue.resource?.item else { return }
        for (_, field) in item.entries { field.settle(.notNeeded(Self.queueFieldsKept)) }
    }

    /// The region that an ARN of the group names.
    private var region: String? {
        let arn = [group.field("AutoScalingGroupARN"), queue?.resource?.field("QueueArn")].compactMap { $0?.plain }
            .first
        let parts = arn?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        return parts.count > 3 && !parts[3].isEmpty ? String(parts[3]) : nil
    }

    // MARK: A queue that moves into weir

    private mutating func writeEmbedded(_ queue: WatchedQueue) {
        let name = Self.embeddedName(queue.name)
        var entries: [PolicyDraft.Entry] = [.init("queue", text: name, remark: "QueueName of the alarms")]
        if name != queue.name {
            notes.append(
                Note(.changed, path: "queue.embedded.queue", why: "the queue '\(queue.name)' is called '\(name)' now"))
        }
        defer { draft.queue = [.init("embedded", section: entries)] }
        guard let item = queue.resource?.item else { return }
        if let field = item["VisibilityTimeout"], let seconds = field.integer(as: "queue.embedded.visibility_timeout") {
            entries.append(.init("visibility_timeout", time: .seconds(seconds), from: field))
        }
        if let field = item["MessageRetentionPeriod"], let seconds = field.integer(as: "queue.embedded.retention") {
            entries.append(.init("retention", time: .seconds(seconds), from: field))
        }
        if let field = item["RedrivePolicy"] { entries += redrive(field) }
        item["QueueName"]?.carried("queue.embedded.queue")
        if let wait = item["ReceiveMessageWaitTimeSeconds"], wait.plain == "0" {
            wait.notNeeded("what a queue has anyway")
        }
        let order = "the embedded queue has no FIFO order and no deduplication"
        let security = "the embedded queue is a file of weir's machine; who may use it, weir's credentials say"
        item.settle(
            notNeeded: [
                "QueueArn": "an address on AWS", "CreatedTimestamp": AWSStock.presentState,
                "LastModifiedTimestamp": AWSStock.presentState,
                "ApproximateNumberOfMessages": AWSStock.presentState,
                "ApproximateNumberOfMessagesNotVisible": AWSStock.presentState,
                "ApproximateNumberOfMessagesDelayed": AWSStock.presentState,
            ],
            lost: [
                "FifoQueue": order, "ContentBasedDeduplication": order, "DeduplicationScope": order,
                "FifoThroughputLimit": order, "KmsMasterKeyId": security, "KmsDataKeyReusePeriodSeconds": security,
                "SqsManagedSseEnabled": security, "Policy": security,
                "ReceiveMessageWaitTimeSeconds":
                    "set it with SetQueueAttributes, once the queue is there, or have workers say it when they receive",
                "DelaySeconds": "set it with SetQueueAttributes, once the queue is there",
                "MaximumMessageSize": "set it with SetQueueAttributes, once the queue is there",
                "RedriveAllowPolicy": "a dead-letter queue of weir takes what it is given",
                "Tags": "queues have no tags in a policy file",
            ])
    }

    /// An object in a template, and a text of JSON elsewhere.
    private static func redrivePolicy(_ field: Item) -> Node? {
        guard let text = field.plain else { return field.node }
        return try? DocumentReading.read(text, file: field.document.file).first?.root
    }

    private func redrive(_ field: Item) -> [PolicyDraft.Entry] {
        guard let node = Self.redrivePolicy(field), let target = node["deadLetterTargetArn"]?.scalarText,
            let count = node["maxReceiveCount"]?.scalarText,
            let most = Int(count)
        else {
            field.lostWhole("it does not say which queue takes the messages, and after how many receives")
            return []
        }
        let dead = stock[.queue].first { $0.isCalled(target) }
        let name = dead?.item["QueueName"]?.plain ?? Resolution.logicalName(of: target) ?? Self.name(ofARN: target)
        field.carried("queue.embedded.dead_letter_queue")
        return [
            .init("dead_letter_queue", text: Self.embeddedName(name), from: field),
            .init("max_receive_count", most, from: field),
        ]
    }

    private static func embeddedName(_ name: String) -> String {
        let text = name.hasSuffix(".fifo") ? String(name.dropLast(5)) : name
        return String(
            text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" }.prefix(80))
    }

    private func takesDeadLetters(_ other: AWSResource, of queue: WatchedQueue?) -> Bool {
        guard let field = queue?.resource?.item["RedrivePolicy"] else { return false }
        return Self.redrivePolicy(field).map { other.isCalled($0["deadLetterTargetArn"]?.scalarText) } ?? false
    }

    /// Weir makes it when it makes the queue.
    private func settle(deadLetters other: AWSResource) {
        other.item["QueueName"]?.carried("queue.embedded.dead_letter_queue")
        if let retention = other.item["MessageRetentionPeriod"], retention.plain == "1209600" {
            retention.notNeeded("what a dead-letter queue of weir has")
        }
        for (_, field) in other.item.entries {
            field.settle(.told(.notCarried, "weir makes the dead-letter queue itself: it keeps messages for 14 days"))
        }
    }

    private func settleOtherQueues(but queue: WatchedQueue?) {
        for other in stock[.queue] where queue?.resource.map({ other.item.isSame(as: $0.item) }) != true {
            if options.movesQueue, takesDeadLetters(other, of: queue) {
                settle(deadLetters: other)
                continue
            }
            let why = "alarms of the group do not watch it"
            other.item.settle(.notNeeded(why))
            for (_, field) in other.item.entries { field.settle(.notNeeded(why)) }
        }
    }
}
