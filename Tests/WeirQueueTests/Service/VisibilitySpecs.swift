import Testing
import WeirCore

@testable import WeirQueue

@Suite("Visibility, delay, retention")
struct VisibilitySpecs {
    @Test("a message that is not deleted is visible again when its timeout ends, and not a moment sooner")
    func timeout() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        _ = try await scene.receiveOne()
        await scene.pass(.seconds(30) - .milliseconds(1))
        #expect(try await scene.receive().isEmpty)
        await scene.pass(.milliseconds(1))
        #expect(try await scene.receiveOne().receiveCount == 2)
    }

    @Test("a call's own timeout wins, for this receive only")
    func ownTimeout() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        _ = try await scene.receiveOne(timeout: .seconds(5))
        await scene.pass(.seconds(5))
        let second = try await scene.receiveOne()
        try await scene.change(second, to: .seconds(2))
        await scene.pass(.seconds(2))
        _ = try await scene.receiveOne()
        await scene.pass(.seconds(29))
        #expect(try await scene.counts() == [0, 1, 0])
        await scene.pass(.seconds(1))
        #expect(try await scene.counts() == [1, 0, 0])
    }

    @Test("the delay of the queue is not retroactive")
    func delayChanges() async throws {
        let scene = try await Scene { $0.delay = .seconds(60) }
        try await scene.send("early")
        try await scene.service.setAttributes(of: Scene.queue) { $0.delay = .zero }
        try await scene.send("late")
        #expect(try await scene.counts() == [1, 0, 1])
        let late = try await scene.receiveOne()
        #expect(late.body == "late")
        try await scene.delete(late)
        await scene.pass(.seconds(60))
        #expect(try await scene.receive(10).map(\.body) == ["early"])
    }

    @Test("a message that is visible again has no visibility to change")
    func notInFlight() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        let message = try await scene.receiveOne()
        await scene.pass(.seconds(30))
        await #expect(throws: QueueError.messageNotInflight) { try await scene.change(message, to: .seconds(10)) }
    }

    @Test("neither has one that is gone, or was received again since")
    func gone() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        let old = try await scene.receiveOne(timeout: .zero)
        let new = try await scene.receiveOne()
        await #expect(throws: QueueError.self) { try await scene.change(old, to: .seconds(10)) }
        try await scene.change(new, to: .seconds(10))
        try await scene.delete(new)
        await #expect(throws: QueueError.self) { try await scene.change(new, to: .seconds(10)) }
        #expect(try await scene.counts() == [0, 0, 0])
    }

    @Test("changes of one call are judged one by one")
    func batch() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2")
        let messages = try await scene.receive(2)
        let results = try await scene.service.changeVisibility(
            [(messages[0].receiptHandle, .zero), ("nonsense", .zero), (messages[1].receiptHandle, .seconds(43_201))],
            of: Scene.queue)
        #expect((try? results[0].get()) != nil)
        #expect(throws: QueueError.receiptHandleIsInvalid("nonsense")) { try results[1].get() }
        #expect(throws: QueueError.self) { try results[2].get() }
        #expect(try await scene.counts() == [1, 1, 0])
    }

    @Test("a wall clock that is set back neither loses nor repeats a message, and time limits run on")
    func clockBackwards() async throws {
        let scene = try await Scene()
        try await scene.send("a", "b")
        _ = try await scene.receiveOne()
        await scene.pass(.seconds(-3600))
        #expect(try await scene.counts() == [1, 1, 0])
        #expect(try await scene.receive(10).map(\.body) == ["b"])
        try await scene.send("c")
        #expect(try await scene.receive(10).map(\.body) == ["c"])
        await scene.pass(.seconds(29))
        #expect(try await scene.counts() == [0, 3, 0])
        await scene.pass(.seconds(1))
        #expect(try await scene.receive(10).map(\.body) == ["a", "b", "c"])
    }

    @Test("the age of the oldest visible message is told by the clock of today, also after it was set back")
    func ageAfterClockBackwards() async throws {
        let scene = try await Scene()
        try await scene.send("a")
        await scene.pass(.seconds(-3600))
        await scene.pass(.seconds(10))
        let oldest = try #require(try await scene.depth().oldestVisibleSentAt)
        #expect(scene.clock.now - oldest == .seconds(10))
    }

    @Test("the oldest visible message is found past those in flight, and again when an older one comes back")
    func oldest() async throws {
        let scene = try await Scene()
        for body in ["1", "2", "3"] {
            try await scene.send(body)
            await scene.pass(.seconds(1))
        }
        func oldest() async throws -> Duration? { try await scene.depth().oldestVisibleSentAt.map { $0 - Scene.start } }
        #expect(try await oldest() == .seconds(0))
        let first = try await scene.receive(2)
        #expect(try await oldest() == .seconds(2))
        try await scene.change(first[1], to: .zero)
        #expect(try await oldest() == .seconds(1))
        try await scene.delete(first[1])
        _ = try await scene.receive(10)
        #expect(try await oldest() == nil)
        await scene.pass(.seconds(30))
        #expect(try await oldest() == .seconds(0))
    }
}

@Suite("Retention")
struct RetentionSpecs {
    @Test("a message is gone when its retention is over, whatever its state")
    func expiry() async throws {
        let scene = try await Scene {
            $0.retention = .seconds(60)
            $0.visibilityTimeout = .seconds(300)
        }
        try await scene.send("held", "visible")
        try await scene.send("delayed", delay: .seconds(900))
        let held = try await scene.receiveOne(by: .ann)
        await scene.pass(.seconds(60) - .milliseconds(1))
        #expect(try await scene.counts() == [1, 1, 1])
        await scene.pass(.milliseconds(1))
        #expect(try await scene.counts() == [0, 0, 0])
        #expect(await scene.service.held().isEmpty)
        #expect(try await scene.receive().isEmpty)
        try await scene.delete(held)
        #expect(try await scene.depth().deletedTotal == 0)
    }

    @Test("lowering the retention may expire messages at once, and raising it keeps them")
    func lowered() async throws {
        let scene = try await Scene()
        try await scene.send("old")
        await scene.pass(.seconds(100))
        try await scene.send("young")
        try await scene.service.setAttributes(of: Scene.queue) { $0.retention = .seconds(60) }
        await scene.service.timePassed()
        #expect(try await scene.counts() == [1, 0, 0])
        try await scene.service.setAttributes(of: Scene.queue) { $0.retention = .seconds(600) }
        await scene.pass(.seconds(599))
        #expect(try await scene.counts() == [1, 0, 0])
        await scene.pass(.seconds(1))
        #expect(try await scene.counts() == [0, 0, 0])
    }

    @Test("many expire in pieces, and a receive in the middle gets none of them")
    func many() async throws {
        let scene = try await Scene { $0.retention = .seconds(60) }
        let many = EngineLimits.rowsPerSweep * 2 + 500
        for _ in 0..<many / 100 {
            let bodies = Array(repeating: NewMessage(body: "old"), count: 100)
            _ = try await scene.service.send(bodies, to: Scene.queue, senderID: "me")
        }
        await scene.pass(.seconds(1))
        try await scene.send("young")
        scene.clock.move(by: .seconds(59))
        #expect(try await scene.receive(10).map(\.body).allSatisfy { $0 == "young" })
        await scene.service.timePassed()
        let counts = try await scene.counts()
        #expect(counts[0] + counts[1] == 1)
    }
}
