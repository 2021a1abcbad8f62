import Testing
import WeirCore

@testable import WeirQueue

@Suite("Deleting by handle")
struct HandleSpecs {
    @Test("deleting twice is deleting once")
    func twice() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2")
        let message = try await scene.receiveOne()
        try await scene.delete(message)
        try await scene.delete(message)
        #expect(try await scene.counts() == [1, 0, 0])
    }

    @Test("an old handle succeeds and deletes nothing; the newest deletes, also after its timeout")
    func generations() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        let old = try await scene.receiveOne()
        await scene.pass(.seconds(30))
        let new = try await scene.receiveOne()
        try await scene.delete(old)
        #expect(try await scene.counts() == [0, 1, 0])
        await scene.pass(.seconds(30))
        try await scene.delete(new)
        #expect(try await scene.counts() == [0, 0, 0])
    }

    @Test("a handle of another queue, or of a queue of the same name that is no more, is invalid")
    func foreign() async throws {
        let scene = try await Scene()
        try await scene.service.createQueue("other", QueueAttributes(), given: [], tags: [])
        try await scene.send("work")
        let message = try await scene.receiveOne()
        let invalid = QueueError.receiptHandleIsInvalid(message.receiptHandle)
        await #expect(throws: invalid) { try await scene.delete(message, from: "other") }
        try await scene.service.deleteQueue(Scene.queue)
        await scene.pass(.seconds(60))
        try await scene.service.createQueue(Scene.queue, QueueAttributes(), given: [], tags: [])
        await #expect(throws: invalid) { try await scene.delete(message) }
    }

    @Test("the handle of a purged message deletes nothing")
    func purged() async throws {
        let scene = try await Scene()
        try await scene.send("old")
        let message = try await scene.receiveOne()
        try await scene.service.purge(Scene.queue)
        try await scene.send("new")
        try await scene.delete(message)
        #expect(try await scene.counts() == [1, 0, 0])
        #expect(try await scene.depth().deletedTotal == 0)
    }

    @Test("handles of one call are judged one by one")
    func batch() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2")
        let messages = try await scene.receive(2)
        let handles = [messages[0].receiptHandle, "nonsense", messages[1].receiptHandle]
        let results = try await scene.service.delete(handles, from: Scene.queue)
        #expect((try? results[0].get()) != nil)
        #expect(throws: QueueError.receiptHandleIsInvalid("nonsense")) { try results[1].get() }
        #expect((try? results[2].get()) != nil)
        #expect(try await scene.counts() == [0, 0, 0])
    }
}
