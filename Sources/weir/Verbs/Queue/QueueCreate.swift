import ArgumentParser
import WeirPolicy

struct QueueCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a queue; nothing happens when it is there already.",
        usage: """
            weir queue create <NAME> [--visibility-timeout <TIME>] [--retention <TIME>]
                 [--delay <TIME>] [--dead-letter-queue <NAME>]
                 [--max-receive-count <COUNT>] [--state <DIR>] [--format <format>]
            """,
        discussion: """
            Examples:
              weir queue create thumbnails --visibility-timeout 5m
              weir queue create thumbnails --dead-letter-queue failed
            """)

    @OptionGroup var queue: QueueName

    @Option(
        help: ArgumentHelp("How long a received message is hidden from others; default 30s.", valueName: "TIME"))
    var visibilityTimeout: String?

    @Option(help: ArgumentHelp("How long a message that nobody deletes is kept; default 4d.", valueName: "TIME"))
    var retention: String?

    @Option(help: ArgumentHelp("How long each message is held back at first; default 0s.", valueName: "TIME"))
    var delay: String?

    @Option(
        help: ArgumentHelp(
            "The queue where messages go that were received too often; created when it is not there.",
            valueName: "NAME"))
    var deadLetterQueue: String?

    @Option(help: ArgumentHelp("How often a message is received before it goes there.", valueName: "COUNT"))
    var maxReceiveCount = 10

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

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
        let name = queueName(of: made.queueUrl)
        switch format.format {
        case .text: Terminal.out(name)
        case .json: Terminal.out(try json(["queue": name]))
        }
    }

    private func seconds(_ text: String?, _ option: String) throws -> String? {
        guard let text else { return nil }
        guard let duration = Quantity.time(text) else {
            throw ValidationError("\(option) '\(text)' is not a time with its unit, such as 30s or 5m")
        }
        return String(duration.components.seconds)
    }
}
