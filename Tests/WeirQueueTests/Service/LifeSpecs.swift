import Testing
import WeirCore

@testable import WeirQueue

@Suite("Sending, receiving, deleting")
struct LifeSpecs {
    @Test("a message comes back as it was sent")
    func everythingOfIt() async throws {
        let scene = try await Scene()
        let attributes = [
            MessageAttribute(name: "kind", dataType: "String.label", value: .string("grün")),
            MessageAttribute(name: "raw", dataType: "Binary", value: .binary([0, 255, 10])),
        ]
        let sent = NewMessage(
            body: "Körper\n✓ 𝄞", attributes: attributes, traceHeader: "Root=1", groupID: "tenant-1")
        let ids = try await scene.service.send([sent], to: Scene.queue, senderID: "AKIA").map { try $0.get() }
        await scene.pass(.seconds(3))
        let first = try await scene.receiveOne(timeout: .zero)
        #expect(first.messageID == ids[0])
        #expect(first.body == sent.body)
        #expect(first.attributes == attributes)
        #expect(first.traceHeader == "Root=1")
        #expect(first.groupID == "tenant-1")
        #expect(first.senderID == "AKIA")
        #expect(first.sentAt == Scene.start)
        #expect(first.firstReceivedAt == Scene.start + .seconds(3))
        #expect(first.receiveCount == 1)
        #expect(first.deadLetterSourceQueue == nil)
        await scene.pass(.seconds(2))
        let second = try await scene.receiveOne()
        #expect(second.messageID == first.messageID)
        #expect(second.receiveCount == 2)
        #expect(second.firstReceivedAt == first.firstReceivedAt)
        #expect(second.receiptHandle != first.receiptHandle)
    }

    @Test("messages come in the order of their sending, up to as many as asked for")
    func order() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2", "3")
        try await scene.send("4")
        #expect(try await scene.receive(3).map(\.body) == ["1", "2", "3"])
        #expect(try await scene.receive(10).map(\.body) == ["4"])
        #expect(try await scene.receive(10).isEmpty)
    }

    @Test("one bad message of a call does not keep the others out")
    func mixed() async throws {
        let scene = try await Scene { $0.maximumMessageSizeBytes = 1024 }
        let results = try await scene.service.send(
            [
                NewMessage(body: "good"), NewMessage(body: "\u{0}"),
                NewMessage(body: String(repeating: "x", count: 1025)),
                NewMessage(body: String(repeating: "x", count: 1024)),
            ], to: Scene.queue, senderID: "me")
        #expect((try? results[0].get()) != nil)
        #expect(throws: QueueError.invalidMessageContents("The message body holds a character that is not allowed.")) {
            try results[1].get()
        }
        #expect(throws: QueueError.messageTooLong(bytes: 1025, limit: 1024)) { try results[2].get() }
        #expect((try? results[3].get()) != nil)
        #expect(try await scene.counts() == [2, 0, 0])
    }

    @Test("attributes count towards the size")
    func sizeOfAttributes() async throws {
        let scene = try await Scene { $0.maximumMessageSizeBytes = 1024 }
        let attribute = MessageAttribute(name: "a", dataType: "String", value: .string("v"))
        let message = NewMessage(body: String(repeating: "x", count: 1017), attributes: [attribute])
        let results = try await scene.service.send([message], to: Scene.queue, senderID: "me")
        #expect(throws: QueueError.messageTooLong(bytes: 1025, limit: 1024)) { try results[0].get() }
    }

    @Test("a queue that is not there")
    func noQueue() async throws {
        let scene = try await Scene()
        let missing = QueueError.queueDoesNotExist("none")
        await #expect(throws: missing) { try await scene.send("x", to: "none") }
        await #expect(throws: missing) { try await scene.receive(from: "none") }
        await #expect(throws: missing) { try await scene.service.delete(["x"], from: "none") }
        await #expect(throws: missing) { try await scene.service.changeVisibility([("x", .zero)], of: "none") }
        await #expect(throws: missing) { try await scene.service.depth(of: "none") }
        await #expect(throws: missing) { try await scene.service.describe("none") }
        await #expect(throws: missing) { try await scene.service.purge("none") }
        await #expect(throws: missing) { try await scene.service.deleteQueue("none") }
        await #expect(throws: missing) { try await scene.service.tags(of: "none") }
        await #expect(throws: missing) { try await scene.service.setTags(of: "none", adding: [], removing: []) }
        await #expect(throws: missing) { try await scene.service.setAttributes(of: "none") { _ in } }
        await #expect(throws: missing) { try await scene.service.deadLetterSources(of: "none") }
    }

    struct BadReceive: Sendable, CustomTestStringConvertible {
        var count = 1
        var timeout: Duration?
        var wait: Duration?
        var because: String

        var testDescription: String { because }
    }

    @Test(arguments: [
        BadReceive(count: 0, because: "a receive asks for one at least"),
        BadReceive(count: 11, because: "a receive asks for ten at most"),
        BadReceive(timeout: .seconds(43_201), because: "a visibility timeout ends at 12 hours"),
        BadReceive(timeout: .seconds(-1), because: "a visibility timeout is not negative"),
        BadReceive(wait: .seconds(21), because: "a wait ends at 20 s"),
    ])
    func outOfRange(_ row: BadReceive) async throws {
        let scene = try await Scene()
        try await scene.send("work")
        do {
            _ = try await scene.receive(row.count, timeout: row.timeout, wait: row.wait)
            Issue.record("it was accepted")
        } catch QueueError.invalidParameter {
            #expect(try await scene.counts() == [1, 0, 0])
        }
    }

    @Test("what was sent and deleted is counted; what moved or expired is not")
    func totals() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2", "3")
        let message = try await scene.receiveOne()
        try await scene.delete(message)
        try await scene.delete(message)
        let depth = try await scene.depth()
        #expect([depth.sentTotal, depth.deletedTotal] == [3, 1])
    }

    @Test("an empty short poll writes nothing, and no more does a closed instance's")
    func emptyReceives() async throws {
        let scene = try await Scene()
        let before = await scene.service.rowsWritten()
        for _ in 0..<50 { #expect(try await scene.receive(10).isEmpty) }
        #expect(await scene.service.rowsWritten() == before)
        try await scene.send("work")
        _ = await scene.service.closeGate(.ann)
        let after = await scene.service.rowsWritten()
        for _ in 0..<50 { #expect(try await scene.receive(10, by: .ann).isEmpty) }
        #expect(await scene.service.rowsWritten() == after)
    }

    @Test("after the end everything is refused, and nothing hangs")
    func closed() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll()
        await scene.service.close()
        #expect(try await poll.value.isEmpty)
        await #expect(throws: QueueError.storeFailed("the queue store is closed")) { try await scene.send("late") }
        await #expect(throws: QueueError.storeFailed("the queue store is closed")) { try await scene.receive() }
        #expect(await scene.service.held().isEmpty)
        #expect(await scene.service.queueNames(prefix: "").isEmpty)
        await scene.service.forget(.ann)
        await scene.service.timePassed()
        await scene.service.close()
    }
}
