import Testing
import WeirCore

@testable import WeirQueue

@Suite("What happened in a queue, for who follows its messages")
struct TrafficSpecs {
    private func traffic(_ scene: Scene, for watcher: Int = 1) async throws -> Traffic {
        try await scene.service.traffic(of: Scene.queue, for: watcher)
    }

    private func tally(_ values: Int...) -> Tally {
        var tally = Tally()
        for value in values { tally.add(of: value) }
        return tally
    }

    @Test("from one question to the next: what came, how long it waited and took, and for how long the rest is in hand")
    func life() async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(600) }
        try await scene.send("before")
        #expect(try await traffic(scene) == Traffic(), "what was before nobody asked is not told")
        try await scene.send("first", "second")
        await scene.pass(.seconds(4))
        _ = try await scene.receiveOne(by: .ann)
        let first = try await scene.receiveOne(by: .ben)
        await scene.pass(.seconds(20))
        try await scene.delete(first)
        let told = try await traffic(scene)
        #expect(told.arrivals == 2)
        #expect(told.waits == tally(4000, 4000))
        #expect(told.services == tally(LogScale.work.bucket(20)))
        #expect(told.inHand == tally(LogScale.work.bucket(20)))
        await scene.pass(.seconds(10))
        let next = try await traffic(scene)
        #expect(next.arrivals == 0 && next.waits.isEmpty && next.services.isEmpty, "told once")
        #expect(next.inHand == tally(LogScale.work.bucket(30)))
    }

    @Test("what is visible again is in nobody's hand; its second receive is no wait, and its time counts from there")
    func again() async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(30) }
        _ = try await traffic(scene)
        try await scene.send("slow")
        _ = try await scene.receiveOne(by: .ann)
        await scene.pass(.seconds(40))
        #expect(try await traffic(scene).inHand.isEmpty)
        let message = try await scene.receiveOne(by: .ben)
        await scene.pass(.seconds(5))
        try await scene.delete(message)
        let told = try await traffic(scene)
        #expect(told.waits.isEmpty && told.services == tally(LogScale.work.bucket(5)))
    }

    @Test("two groups that work on one queue are told the same, each what happened since it asked itself")
    func watchers() async throws {
        let scene = try await Scene()
        for watcher in 1...2 { _ = try await traffic(scene, for: watcher) }
        try await scene.send("one")
        #expect(try await traffic(scene, for: 1).arrivals == 1)
        try await scene.send("two")
        #expect(try await traffic(scene, for: 1).arrivals == 1)
        #expect(try await traffic(scene, for: 2).arrivals == 2)
    }

    @Test("who has not asked for long is forgotten, and begins anew; a queue that is not there has no traffic")
    func forgotten() async throws {
        let scene = try await Scene()
        _ = try await traffic(scene)
        await scene.pass(EngineLimits.watchMemory)
        try await scene.send("unseen")
        #expect(try await traffic(scene) == Traffic())
        try await scene.send("seen")
        #expect(try await traffic(scene).arrivals == 1)
        await #expect(throws: QueueError.self) { _ = try await scene.service.traffic(of: "nowhere", for: 1) }
    }
}
