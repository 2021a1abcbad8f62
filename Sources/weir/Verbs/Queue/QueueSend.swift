import ArgumentParser

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
    @OptionGroup var format: FormatOption

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
            sent += try await send(batch, after: sent, client)
            batch = []
        }
        if lines {
            while let line = readLine() {
                batch.append(line)
                if batch.count == Self.batchSize { try await flush() }
            }
        } else {
            for body in bodies {
                batch.append(body)
                if batch.count == Self.batchSize { try await flush() }
            }
        }
        try await flush()
        if format.format == .text { Terminal.out("sent \(sent)") }
    }

    /// What one call takes.
    private static let batchSize = 10

    /// Sends one batch, and prints the ids as JSON if that was asked for.
    private func send(_ bodies: [String], after sent: Int, _ client: ControlClient) async throws -> Int {
        let entries = bodies.enumerated().map { BatchEntry(id: "\($0.offset)", messageBody: $0.element) }
        let answer: BatchView = try await client.queue(
            "SendMessageBatch", SendBatchInput(queueUrl: queue.url, entries: entries))
        let successful = (answer.successful ?? []).sorted { $0.id < $1.id }
        if format.format == .json {
            for message in successful {
                Terminal.out(try json(["queue": queue.name, "message_id": message.messageId]))
            }
        }
        if let failed = answer.failed?.first {
            let all = sent + successful.count
            throw Failure.world("sent \(all), then one was refused: \(failed.message ?? failed.code)")
        }
        return successful.count
    }
}
