import ArgumentParser
import WeirAPI
import WeirBackends
import WeirPolicy
import WeirRuntime

struct QueuePurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Removes every message of a queue, also those in flight.",
        discussion: "Example:\n  weir queue purge thumbnails")

    @OptionGroup var queue: QueueName
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        let before = try await QueueStats.read(queue.url, client)
        try await client.queue("PurgeQueue", QueueInput(queueUrl: queue.url))
        try Removal(queue: queue.name, messages: before.messages).tell("\(queue.name) is purged", format)
    }
}

struct QueueDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a queue with every message in it; not the queue of a running group.",
        discussion: "Example:\n  weir queue delete thumbnails")

    @OptionGroup var queue: QueueName

    @Flag(help: "Also when it is the queue of a running group.")
    var force = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        let before = try await QueueStats.read(queue.url, client)
        if !force, let group = try await reader(client) {
            let way = group.leaving ? "wait until its last instance has ended" : "take its policy away first"
            throw Failure.world("'\(queue.name)' is the queue of group \(group.group); \(way), or use --force")
        }
        try await client.queue("DeleteQueue", QueueInput(queueUrl: queue.url))
        try Removal(queue: queue.name, messages: before.messages).tell("\(queue.name) is deleted", format)
    }

    /// The running group whose work waits in this queue. Which queue a group has stands in its policy, and that is kept
    /// with its state.
    private func reader(_ client: ControlClient) async throws -> GroupView? {
        let stored: [StoredGroup]
        do throws(StateFailure) {
            stored = try FileStateStore(StateFolder(lookingAt: state.resolved)).loadAll()
        } catch {
            throw Failure.world(error.message)
        }
        let policies = PolicyReader(catalogue: Registry.catalogue)
        let readers = stored.filter { group in
            let file = policies.read(former: group.policyText, path: group.policyPath).files.first
            return file?.embeddedQueue == queue.name
        }
        return try await client.groups().first { group in readers.contains { $0.name == group.group } }
    }
}

/// What was taken away.
private struct Removal: Encodable {
    var queue: String
    /// How many were there just before.
    var messages: Int

    func tell(_ sentence: String, _ format: FormatOption) throws {
        switch format.format {
        case .text:
            let held = messages == 0 ? "was empty" : "held \(messages) \(messages == 1 ? "message" : "messages")"
            Terminal.out("\(sentence); it \(held)")
        case .json: Terminal.out(try json(self))
        }
    }
}
