import ArgumentParser
import FoundationEssentials
import WeirPolicy

struct QueueVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "The embedded queue from a shell.",
        discussion: """
            Examples:
              weir queue create thumbnails
              weir queue send thumbnails '{"picture": 17}'
              seq 100 | weir queue send thumbnails --lines
              weir queue stats thumbnails
            """,
        subcommands: [
            QueueCreate.self, QueueList.self, QueueSend.self, QueueReceive.self, QueueStats.self, QueuePurge.self,
            QueueDelete.self,
        ])
}

struct QueueName: ParsableArguments {
    @Argument(help: ArgumentHelp("The queue.", valueName: "NAME"))
    var name: String

    /// The API takes URLs; only their last part matters here.
    var url: String { "http://weir/000000000000/\(name)" }
}

struct QueueCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a queue; nothing happens when it is there already.",
        discussion: "Example:\n  weir queue create thumbnails --visibility-timeout 5m --dead-letter-queue failed")

    @OptionGroup var queue: QueueName
    @OptionGroup var state: StateOption

    @Option(help: "How long a received message is hidden from others; default 30s.")
    var visibilityTimeout: String?

    @Option(help: "How long a message that nobody deletes is kept; default 4d.")
    var retention: String?

    @Option(help: "How long each message is held back at first; default 0s.")
    var delay: String?

    @Option(help: "The queue where messages go that were received too often; created when it is not there.")
    var deadLetterQueue: String?

    @Option(help: "How often a message is received before it goes there.")
    var maxReceiveCount = 10

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        var attributes: [String: String] = [:]
        attributes["VisibilityTimeout"] = try seconds(visibilityTimeout, "--visibility-timeout")
        attributes["MessageRetentionPeriod"] = try seconds(retention, "--retention")
        attributes["DelaySeconds"] = try seconds(delay, "--delay")
        if let deadLetterQueue {
            try await client.queue("CreateQueue", CreateQueueInput(queueName: deadLetterQueue, attributes: [:]))
            let target: AttributesView = try await client.queue(
                "GetQueueAttributes",
                AttributesInput(queueUrl: "http://weir/0/\(deadLetterQueue)", attributeNames: ["QueueArn"]))
            let arn = target.attributes["QueueArn"] ?? ""
            attributes["RedrivePolicy"] =
                #"{"deadLetterTargetArn":\#(quoted(arn)),"maxReceiveCount":"\#(maxReceiveCount)"}"#
        }
        let made: QueueURLView = try await client.queue(
            "CreateQueue", CreateQueueInput(queueName: queue.name, attributes: attributes))
        Terminal.out(made.queueUrl.split(separator: "/").last.map(String.init) ?? queue.name)
    }

    private func seconds(_ text: String?, _ option: String) throws -> String? {
        guard let text else { return nil }
        guard let duration = Quantity.time(text) else {
            throw ValidationError("\(option) '\(text)' is not a time with its unit, such as 30s or 5m")
        }
        return String(duration.components.seconds)
    }
}

struct QueueList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the queues and how many messages they hold.",
        discussion: "Example:\n  weir queue list")

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        let queues: QueueURLsView = try await client.queue("ListQueues", ListQueuesInput())
        var rows: [[String]] = [["QUEUE", "VISIBLE", "IN FLIGHT", "DELAYED"]]
        for url in queues.queueUrls ?? [] {
            let stats = try await QueueStats.read(url, client)
            switch format.format {
            case .text: rows.append([stats.queue, "\(stats.visible)", "\(stats.inFlight)", "\(stats.delayed)"])
            case .json: Terminal.out(try json(stats))
            }
        }
        if format.format == .text { Terminal.out(Table.text(rows)) }
    }
}

struct QueueSend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Sends messages; returns when they are on disk.",
        discussion: "Examples:\n  weir queue send thumbnails hello\n  seq 100 | weir queue send thumbnails --lines")

    @OptionGroup var queue: QueueName

    @Argument(help: ArgumentHelp("Message bodies.", valueName: "BODY"))
    var bodies: [String] = []

    @Flag(help: "Send each line of the standard input as a message.")
    var lines = false

    @OptionGroup var state: StateOption

    func validate() throws {
        guard bodies.isEmpty == lines else {
            throw ValidationError("give message bodies, or --lines to read them from the standard input")
        }
    }

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        var sent = 0
        var batch: [String] = []
        func flush() async throws {
            guard !batch.isEmpty else { return }
            let entries = batch.enumerated().map { BatchEntry(id: "\($0.offset)", messageBody: $0.element) }
            let answer: BatchView = try await client.queue(
                "SendMessageBatch", SendBatchInput(queueUrl: queue.url, entries: entries))
            sent += answer.successful?.count ?? 0
            batch = []
            if let failed = answer.failed?.first {
                throw Failure.world("sent \(sent), then one was refused: \(failed.message ?? failed.code)")
            }
        }
        if lines {
            while let line = readLine() {
                batch.append(line)
                if batch.count == 10 { try await flush() }
            }
        } else {
            for body in bodies {
                batch.append(body)
                if batch.count == 10 { try await flush() }
            }
        }
        try await flush()
        Terminal.out("sent \(sent)")
    }
}

struct QueueReceive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receives messages; without --delete they come back after the visibility timeout.",
        discussion: "Example:\n  weir queue receive thumbnails --max 10 --delete")

    @OptionGroup var queue: QueueName

    @Option(help: "How many at most, 1 to 10.")
    var max = 1

    @Option(help: "How long to wait for a first one, 0 to 20 seconds.")
    var waitSeconds = 0

    @Flag(help: "Delete what was received.")
    var delete = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        let received: MessagesView = try await client.queue(
            "ReceiveMessage",
            ReceiveInput(
                queueUrl: queue.url, maxNumberOfMessages: max, waitTimeSeconds: waitSeconds,
                messageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"]))
        for message in received.messages ?? [] {
            switch format.format {
            case .text: Terminal.out(message.body)
            case .json: Terminal.out(try json(message))
            }
            if delete {
                try await client.queue(
                    "DeleteMessage", DeleteInput(queueUrl: queue.url, receiptHandle: message.receiptHandle))
            }
        }
    }
}

struct QueueStats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "How many messages a queue holds.",
        discussion: "Example:\n  weir queue stats thumbnails --format json")

    @OptionGroup var queue: QueueName
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    /// What is printed as JSON; the names are those of the policy file's metrics.
    struct Stats: Encodable {
        var queue: String
        var visible: Int
        var inFlight: Int
        var delayed: Int
    }

    func run() async throws {
        let stats = try await Self.read(queue.url, ControlClient(state: state.resolved))
        switch format.format {
        case .text:
            Terminal.out(
                "\(stats.queue): visible \(stats.visible), in flight \(stats.inFlight), delayed \(stats.delayed)")
        case .json: Terminal.out(try json(stats))
        }
    }

    static func read(_ url: String, _ client: ControlClient) async throws -> Stats {
        let view: AttributesView = try await client.queue(
            "GetQueueAttributes", AttributesInput(queueUrl: url, attributeNames: ["All"]))
        func count(_ name: String) -> Int { view.attributes[name].flatMap(Int.init) ?? 0 }
        return Stats(
            queue: url.split(separator: "/").last.map(String.init) ?? url,
            visible: count("ApproximateNumberOfMessages"), inFlight: count("ApproximateNumberOfMessagesNotVisible"),
            delayed: count("ApproximateNumberOfMessagesDelayed"))
    }
}

struct QueuePurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Removes every message of a queue, also those in flight.",
        discussion: "Example:\n  weir queue purge thumbnails")

    @OptionGroup var queue: QueueName
    @OptionGroup var state: StateOption

    func run() async throws {
        try await ControlClient(state: state.resolved).queue("PurgeQueue", QueueInput(queueUrl: queue.url))
    }
}

struct QueueDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a queue with every message in it.",
        discussion: "Example:\n  weir queue delete thumbnails")

    @OptionGroup var queue: QueueName
    @OptionGroup var state: StateOption

    func run() async throws {
        try await ControlClient(state: state.resolved).queue("DeleteQueue", QueueInput(queueUrl: queue.url))
    }
}
