import Foundation
import Synchronization
import Testing
import WeirCore
import WeirPolicy
import WeirQueue
import WeirRuntime

@testable import WeirBackends

@Suite("The queue of an embedded source")
struct EmbeddedSourceSpecs {
    private let queues: QueueService

    init() throws {
        queues = try QueueService(folder: nil) { Instant(milliseconds: 1_000_000) }
    }

    private func prepare(_ change: (inout EmbeddedOptions) -> Void = { _ in }) async throws {
        var options = EmbeddedOptions(queue: "work")
        change(&options)
        try await EmbeddedSource(options: options, queues: queues).prepare()
    }

    @Test("is made when it is not there, with what the file says")
    func made() async throws {
        try await prepare {
            $0.visibilityTimeout = .seconds(90)
            $0.deadLetterQueue = "work-dead"
            $0.maxReceiveCount = 3
        }
        let attributes = try await queues.describe("work").attributes
        #expect(attributes.visibilityTimeout == .seconds(90))
        #expect(attributes.retention == QueueAttributes().retention)
        #expect(attributes.redrive == RedrivePolicy(deadLetterQueue: "work-dead", maxReceiveCount: 3))
        #expect(try await queues.describe("work-dead").attributes.retention == .seconds(14 * 86_400))
    }

    @Test("is made again as the file says when somebody has deleted it, once its name has rested")
    func madeAgain() async throws {
        let clock = Mutex(Instant(milliseconds: 1_000_000))
        let queues = try QueueService(folder: nil) { clock.withLock { $0 } }
        var options = EmbeddedOptions(queue: "work")
        options.visibilityTimeout = .seconds(90)
        let source = EmbeddedSource(options: options, queues: queues)
        try await source.prepare()
        try await queues.deleteQueue("work")
        let missing = await source.measure(at: clock.withLock { $0 })
        #expect(missing.visible.number == nil)
        clock.withLock { $0 = $0 + .seconds(61) }
        #expect(await source.measure(at: clock.withLock { $0 }).visible == .value(0))
        #expect(try await queues.describe("work").attributes.visibilityTimeout == .seconds(90))
    }

    @Test("a dead-letter queue takes messages after ten receives, unless the file says otherwise")
    func tenReceives() async throws {
        try await prepare { $0.deadLetterQueue = "work-dead" }
        #expect(try await queues.describe("work").attributes.redrive?.maxReceiveCount == 10)
    }

    @Test("gets what the file says when it is there, and keeps the rest")
    func changed() async throws {
        var existing = QueueAttributes()
        existing.visibilityTimeout = .seconds(45)
        existing.delay = .seconds(7)
        try await queues.createQueue("work", existing, given: [], tags: [])
        try await prepare { $0.retention = .seconds(3600) }
        let attributes = try await queues.describe("work").attributes
        #expect(attributes.visibilityTimeout == .seconds(45))
        #expect(attributes.delay == .seconds(7))
        #expect(attributes.retention == .seconds(3600))
    }

    @Test("a dead-letter queue that is there is left as it is")
    func deadLetterQueueKept() async throws {
        var existing = QueueAttributes()
        existing.retention = .seconds(600)
        try await queues.createQueue("work-dead", existing, given: [], tags: [])
        try await prepare { $0.deadLetterQueue = "work-dead" }
        #expect(try await queues.describe("work-dead").attributes.retention == .seconds(600))
    }

    @Test("keeps its messages when it is prepared again")
    func messagesKept() async throws {
        try await prepare()
        _ = try await queues.send([NewMessage(body: "x")], to: "work", senderID: "test")
        try await prepare { $0.visibilityTimeout = .seconds(5) }
        #expect(try await queues.depth(of: "work").visible == 1)
    }

    @Test("a name that rests says so, and that trying again helps")
    func resting() async throws {
        try await prepare()
        try await queues.deleteQueue("work")
        await #expect(
            throws: BackendFailure(
                "queue 'work' was deleted less than a minute ago; its name rests until then", retryHelps: true)
        ) {
            try await prepare()
        }
    }

    @Test("a dry run says of a queue that was never made that weir run makes it, and does not call it empty")
    func notMade() async throws {
        let folder = NSTemporaryDirectory() + "weir-\(UUID().uuidString)"
        let source = EmbeddedFolderSource(queue: "tiles", folder: folder)
        let sentence = "there is no queue 'tiles' in \(folder) yet; weir run makes it, empty"
        #expect(await source.measure(at: Instant(milliseconds: 0)) == .missing(.sourceFailed(sentence)))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("who holds a message is known, and whose gate is closed receives none")
    func gate() async throws {
        try await prepare()
        let source = EmbeddedSource(options: EmbeddedOptions(queue: "work"), queues: queues)
        let worker = InstanceID("i-00000000000000001")
        func receive() async throws -> [ReceivedMessage] {
            try await queues.receive(from: "work", count: 1, visibilityTimeout: nil, wait: .zero, receiver: worker)
        }
        _ = try await queues.send([NewMessage(body: "a"), NewMessage(body: "b")], to: "work", senderID: "test")
        let held = try await receive()
        #expect(await source.held() == [HeldMessages(instance: worker, messages: 1)])
        #expect(await source.close(worker) == 1)
        #expect(try await receive().isEmpty)
        _ = try await queues.delete(held.map(\.receiptHandle), from: "work")
        #expect(await source.held().isEmpty)
        await source.open(worker)
        #expect(try await receive().count == 1)
        await source.forget(worker)
        #expect(await source.held().isEmpty)
    }
}

@Suite("The options of the embedded source")
struct EmbeddedOptionsSpecs {
    @Test("a plain value is the name of the queue")
    func shorthand() {
        #expect(EmbeddedOptions.section.shorthand == "queue")
    }

    @Test(
        "what makes no sense together",
        arguments: [
            (
                [.init(name: "queue", value: .text("a")), .init(name: "max_receive_count", value: .integer(3))],
                "'max_receive_count' has no effect without a dead-letter queue"
            ),
            (
                [.init(name: "queue", value: .text("a")), .init(name: "dead_letter_queue", value: .text("a"))],
                "a queue cannot be its own dead-letter queue"
            ),
        ] as [([Options.Entry], String)])
    func mistakes(_ values: [Options.Entry], message: String) {
        #expect(EmbeddedOptions.section.check(Options(values: values)).map(\.message) == [message])
    }
}

extension EmbeddedOptions {
    init(queue: String) {
        self.init(Options(values: [.init(name: "queue", value: .text(queue))]))
    }
}
