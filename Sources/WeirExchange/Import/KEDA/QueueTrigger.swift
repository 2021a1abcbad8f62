import WeirPolicy

/// A trigger that counts messages, as a source and a target. Source: KEDA, scalers "AWS SQS Queue", "RabbitMQ Queue", "Redis Lists".
struct QueueTrigger {
    /// Below `queue`.
    var source: [PolicyDraft.Entry]
    /// The messages that count, in metrics of the policy file.
    var backlog: String
    /// These are what backlog tracking counts: all that is waiting or in flight, as far as the source tells.
    var isOutstanding: Bool
    /// Messages for each instance.
    var target: Double
    var targetItem: Item?
    /// Above so many messages there is work to do at all.
    var activation: Double
    var activationItem: Item?

    static let types = ["aws-sqs-queue", "rabbitmq", "redis"]
    private static let outstanding = "outstanding"

    init(_ type: String, _ item: Item, notes: inout [Note]) throws(NotCarried) {
        guard let metadata = item["metadata"] else { throw NotCarried("it has no metadata") }
        let target: String
        let activation: String
        switch type {
        case "aws-sqs-queue":
            (target, activation) = ("queueLength", "activationQueueLength")
            source = Self.sqs(metadata, &notes)
            backlog = Self.sqsBacklog(metadata)
            isOutstanding = backlog == Self.outstanding
        case "rabbitmq":
            (target, activation) = ("value", "activationValue")
            let queue = try RabbitQueue(metadata, &notes)
            source = queue.source
            // What the source does not tell is not counted.
            (backlog, isOutstanding) = (queue.countsUnacknowledged ? Self.outstanding : "visible", true)
        case "redis":
            (target, activation) = ("listLength", "activationListLength")
            source = try Self.redis(metadata, &notes)
            // A list tells only what waits.
            (backlog, isOutstanding) = ("visible", true)
        default:
            throw NotCarried("weir has no source for '\(type)'; the http and the command source can ask anything")
        }
        targetItem = metadata[target]
        activationItem = metadata[activation]
        self.target = targetItem?.number(as: "target") ?? 5
        self.activation = activationItem?.number(as: "threshold") ?? 0
        // A target for each pod is an AverageValue; a Value is one for all of them.
        if let kind = item["metricType"] {
            kind.plain == "Value"
                ? kind.lost("the target is one for each instance")
                : kind.notNeeded("the target is one for each instance")
        }
    }

    // MARK: Amazon SQS

    private static func sqs(_ metadata: Item, _ notes: inout [Note]) -> [PolicyDraft.Entry] {
        var entries: [PolicyDraft.Entry] = []
        if let item = metadata["queueURL"], let url = item.text(as: "queue.sqs.queue") {
            entries.append(.init("queue", text: url, from: item))
        } else {
            metadata["queueURLFromEnv"]?.lost("the pod's environment says it")
            notes.append(Note(.fillIn, path: "queue.sqs.queue", why: "the trigger does not say which queue"))
            entries.append(.init("queue", "fill-in", remark: "FILL IN: the queue's name or its URL"))
        }
        for (key, word) in [("awsRegion", "region"), ("awsEndpoint", "endpoint")] {
            guard let item = metadata[key], let text = item.text(as: "queue.sqs.\(word)") else { continue }
            entries.append(.init(word, text: text, from: item))
        }
        metadata["identityOwner"]?.lost("weir takes the credentials of its environment or of ~/.aws")
        return [.init("sqs", section: entries)]
    }

    private static func sqsBacklog(_ metadata: Item) -> String {
        let inFlight = metadata["scaleOnInFlight"]?.boolean(as: "metrics") ?? true
        let delayed = metadata["scaleOnDelayed"]?.boolean(as: "metrics") ?? false
        switch (inFlight, delayed) {
        case (false, false): return "visible"
        case (true, false): return outstanding
        case (false, true): return "(visible + delayed)"
        case (true, true): return "(outstanding + delayed)"
        }
    }

    // MARK: Redis lists

    private static func redis(_ metadata: Item, _ notes: inout [Note]) throws(NotCarried) -> [PolicyDraft.Entry] {
        guard let item = metadata["listName"], let list = item.text(as: "queue.command") else {
            throw NotCarried("it does not say which list")
        }
        var words = ["redis-cli"]
        let address = metadata["address"]?.text(as: "queue.command")?.split(separator: ":").map(String.init) ?? []
        let host = metadata["host"]?.text(as: "queue.command") ?? address.first
        let port = metadata["port"]?.text(as: "queue.command") ?? (address.count > 1 ? address.last : nil)
        if let host { words += ["-h", quoted(host)] }
        if let port { words += ["-p", quoted(port)] }
        if host == nil {
            notes.append(
                Note(.fillIn, path: "queue.command", why: "the trigger does not say where Redis is: -h HOST -p PORT"))
        }
        if let database = metadata["databaseIndex"]?.text(as: "queue.command") { words += ["-n", quoted(database)] }
        if metadata["enableTLS"]?.boolean(as: "queue.command") == true { words.append("--tls") }
        for key in [
            "addressFromEnv", "hostFromEnv", "portFromEnv", "usernameFromEnv", "passwordFromEnv", "unsafeSsl",
        ] {
            metadata[key]?.settle(.told(.notCarried, "weir's own environment says it; a password as REDISCLI_AUTH"))
        }
        words += ["LLEN", quoted(list)]
        let line = "printf '{\"visible\": %s}' \"$(\(words.joined(separator: " ")))\""
        return [.init("command", section: [.init("shell", text: line, from: item)])]
    }

    /// For a shell: plain where that is safe.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:".contains($0)) }
        return isPlain && !text.isEmpty
            ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
