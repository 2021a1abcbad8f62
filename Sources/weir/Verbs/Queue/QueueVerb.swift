import ArgumentParser

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

    func run() async throws {
        throw Failure.usage(Weir.helpMessage(for: Self.self))
    }
}

struct QueueName: ParsableArguments {
    @Argument(help: ArgumentHelp("The queue.", valueName: "NAME"))
    var name: String

    /// The API takes URLs; only their last part matters here.
    var url: String { "http://weir/000000000000/\(name)" }
}
