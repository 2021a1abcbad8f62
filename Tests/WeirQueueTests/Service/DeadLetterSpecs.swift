import Testing
import WeirCore

@testable import WeirQueue

@Suite("Dead letters")
struct DeadLetterSpecs {
    private func scene(after receives: Int) async throws -> Scene {
        try await Scene { $0.redrive = RedrivePolicy(deadLetterQueue: Scene.deadLetters, maxReceiveCount: receives) }
    }

    @Test("the attempt after the last allowed receive moves the message and gives the next one instead")
    func moves() async throws {
        let scene = try await scene(after: 2)
        try await scene.send("poison")
        await scene.pass(.seconds(5))
        for _ in 0..<2 { #expect(try await scene.receive(timeout: .zero).map(\.body) == ["poison"]) }
        try await scene.send("good")
        #expect(try await scene.receive(10).map(\.body) == ["good"])
        #expect(try await scene.counts(Scene.deadLetters) == [1, 0, 0])
        let dead = try await scene.receiveOne(from: Scene.deadLetters)
        #expect(dead.body == "poison")
        #expect(dead.sentAt == Scene.start)
        #expect(dead.deadLetterSourceQueue == Scene.queue)
        #expect(dead.receiveCount == 3)
        let totals = try await scene.depth(Scene.deadLetters)
        #expect(totals.sentTotal == 0)
    }

    @Test("an instance that held it is free, and its handle deletes nothing any more")
    func frees() async throws {
        let scene = try await scene(after: 1)
        try await scene.send("poison")
        let message = try await scene.receiveOne(by: .ann)
        await scene.pass(.seconds(30))
        #expect(await scene.service.held() == [HeldMessages(instance: .ann, messages: 1)])
        #expect(try await scene.receive(by: .ben).isEmpty)
        #expect(await scene.service.held().isEmpty)
        try await scene.delete(message)
        #expect(try await scene.counts(Scene.deadLetters) == [1, 0, 0])
    }

    @Test("it stays in the dead-letter queue for what is left of its retention there, counted from its first sending")
    func retention() async throws {
        let scene = try await scene(after: 1)
        try await scene.service.setAttributes(of: Scene.deadLetters) { $0.retention = .seconds(100) }
        try await scene.send("poison")
        await scene.pass(.seconds(40))
        _ = try await scene.receiveOne(timeout: .zero)
        #expect(try await scene.receive().isEmpty)
        await scene.pass(.seconds(59))
        #expect(try await scene.counts(Scene.deadLetters) == [1, 0, 0])
        await scene.pass(.seconds(1))
        #expect(try await scene.counts(Scene.deadLetters) == [0, 0, 0])
    }

    @Test("a chain: counting starts anew in each queue")
    func chain() async throws {
        let scene = try await scene(after: 1)
        try await scene.service.createQueue("last", QueueAttributes(), given: [], tags: [])
        try await scene.service.setAttributes(of: Scene.deadLetters) {
            $0.redrive = RedrivePolicy(deadLetterQueue: "last", maxReceiveCount: 1)
        }
        try await scene.send("poison")
        _ = try await scene.receive(timeout: .zero)
        #expect(try await scene.receive().isEmpty)
        #expect(try await scene.receive(from: Scene.deadLetters, timeout: .zero).count == 1)
        #expect(try await scene.receive(from: Scene.deadLetters).isEmpty)
        #expect(try await scene.receiveOne(from: "last").deadLetterSourceQueue == Scene.deadLetters)
    }

    @Test("when the dead-letter queue was deleted since, the message goes on being delivered")
    func targetGone() async throws {
        let scene = try await scene(after: 1)
        try await scene.send("poison")
        try await scene.service.deleteQueue(Scene.deadLetters)
        for _ in 0..<3 { #expect(try await scene.receive(timeout: .zero).count == 1) }
    }

    @Test("a wait on the dead-letter queue ends when a message is moved there")
    func wakes() async throws {
        let scene = try await scene(after: 1)
        let service = scene.service
        let poll = Task {
            try await service.receive(
                from: Scene.deadLetters, count: 1, visibilityTimeout: nil, wait: .seconds(20), receiver: nil)
        }
        try await eventually { await service.waitingCount() == 1 }
        try await scene.send("poison")
        _ = try await scene.receive(timeout: .zero)
        #expect(try await scene.receive().isEmpty)
        #expect(try await poll.value.map(\.body) == ["poison"])
    }

    @Test("many poisoned messages in the way do not keep a good one from a waiting receive")
    func manyInTheWay() async throws {
        let scene = try await scene(after: 1)
        let many = EngineLimits.skipsPerReceive + 100
        for _ in 0..<many / 100 {
            _ = try await scene.service.send(
                Array(repeating: NewMessage(body: "poison"), count: 100), to: Scene.queue, senderID: "me")
        }
        for _ in 0..<many / 10 { _ = try await scene.receive(10) }
        await scene.pass(.seconds(30))
        try await scene.send("good")
        let found = try await scene.receive(1, wait: .seconds(20))
        #expect(found.map(\.body) == ["good"])
        #expect(try await scene.counts(Scene.deadLetters) == [many, 0, 0])
    }

    @Test("sources of a dead-letter queue are listed by name; a target must be there and be another queue")
    func sources() async throws {
        let scene = try await scene(after: 1)
        #expect(try await scene.service.deadLetterSources(of: Scene.deadLetters) == [Scene.queue])
        #expect(try await scene.service.deadLetterSources(of: Scene.queue).isEmpty)
        await #expect(throws: QueueError.queueDoesNotExist("none")) {
            try await scene.service.setAttributes(of: Scene.queue) {
                $0.redrive = RedrivePolicy(deadLetterQueue: "none", maxReceiveCount: 1)
            }
        }
        await #expect(throws: QueueError.self) {
            try await scene.service.setAttributes(of: Scene.queue) {
                $0.redrive = RedrivePolicy(deadLetterQueue: Scene.queue, maxReceiveCount: 1)
            }
        }
        #expect(try await scene.service.describe(Scene.queue).attributes.redrive?.deadLetterQueue == Scene.deadLetters)
    }
}
