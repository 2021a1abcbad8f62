import ArgumentParser

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

        var messages: Int { visible + inFlight + delayed }
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
            queue: queueName(of: url), visible: count("ApproximateNumberOfMessages"),
            inFlight: count("ApproximateNumberOfMessagesNotVisible"),
            delayed: count("ApproximateNumberOfMessagesDelayed"))
    }
}
