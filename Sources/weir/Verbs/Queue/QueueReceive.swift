import ArgumentParser

struct QueueReceive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receives messages; without --delete they come back after the visibility timeout.",
        usage: """
            weir queue receive <NAME> [--max <COUNT>] [--wait-seconds <SECONDS>]
                 [--delete] [--state <DIR>] [--format <format>]
            """,
        discussion: "Example:\n  weir queue receive thumbnails --max 10 --delete")

    @OptionGroup var queue: QueueName

    @Option(help: ArgumentHelp("How many at most, 1 to 10.", valueName: "COUNT"))
    var max = 1

    @Option(help: ArgumentHelp("How long to wait for a first one, 0 to 20.", valueName: "SECONDS"))
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
