import Testing
import WeirCore

@testable import WeirQueue

@Suite("Who holds which message")
struct HolderSpecs {
    /// Ann has received the only message, and then something happens.
    struct Row: Sendable, CustomTestStringConvertible {
        var because: String
        var annHolds: Int
        var then: @Sendable (Scene, ReceivedMessage) async throws -> Void

        var testDescription: String { because }
    }

    static let rows: [Row] = [
        Row(because: "received: held", annHolds: 1) { _, _ in },
        Row(because: "its visibility timeout ended: still held, it may be at work", annHolds: 1) { scene, _ in
            await scene.pass(.seconds(30))
            let counts = try await scene.counts()
            #expect(counts == [1, 0, 0])
        },
        Row(because: "its visibility was extended: held", annHolds: 1) { scene, message in
            try await scene.change(message, to: .seconds(600))
        },
        Row(because: "deleted: free", annHolds: 0) { scene, message in try await scene.delete(message) },
        Row(because: "deleted after its timeout: free", annHolds: 0) { scene, message in
            await scene.pass(.seconds(30))
            try await scene.delete(message)
        },
        Row(because: "given back: free", annHolds: 0) { scene, message in try await scene.change(message, to: .zero) },
        Row(because: "received again by Ben: free", annHolds: 0) { scene, _ in
            await scene.pass(.seconds(30))
            _ = try await scene.receiveOne(by: .ben)
            #expect(await scene.service.held().map(\.instance) == [.ben])
        },
        Row(because: "received again by somebody who is no instance: free", annHolds: 0) { scene, _ in
            await scene.pass(.seconds(30))
            _ = try await scene.receiveOne()
        },
        Row(because: "received again by Ann herself: held once", annHolds: 1) { scene, _ in
            await scene.pass(.seconds(30))
            _ = try await scene.receiveOne(by: .ann)
        },
        Row(because: "purged: free", annHolds: 0) { scene, _ in try await scene.service.purge(Scene.queue) },
        Row(because: "queue deleted: free", annHolds: 0) { scene, _ in try await scene.service.deleteQueue(Scene.queue)
        },
        Row(because: "expired: free", annHolds: 0) { scene, _ in await scene.pass(.seconds(345_600)) },
        Row(because: "Ann ended: free, and the message stays in flight", annHolds: 0) { scene, _ in
            await scene.service.forget(.ann)
            let counts = try await scene.counts()
            #expect(counts == [0, 1, 0])
        },
        Row(because: "Ben ended: that is not Ann", annHolds: 1) { scene, _ in await scene.service.forget(.ben) },
    ]

    @Test(arguments: rows)
    func after(_ row: Row) async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("work")
        let message = try await scene.receiveOne(by: .ann)
        try await row.then(scene, message)
        #expect(await scene.service.held().first { $0.instance == .ann }?.messages ?? 0 == row.annHolds)
        #expect(await scene.service.closeGate(.ann) == row.annHolds)
        await scene.service.close()
        let clock = scene.clock
        let again = try QueueService(folder: folder.path, now: { clock.now })
        #expect(await again.closeGate(.ann) == row.annHolds, "the same after a restart")
        await again.close()
    }

    @Test("a receive with a timeout of 0 looks and holds nothing")
    func peek() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        _ = try await scene.receiveOne(timeout: .zero, by: .ann)
        #expect(await scene.service.held().isEmpty)
    }

    @Test("counts are by instance, sorted, over all queues")
    func counts() async throws {
        let scene = try await Scene()
        try await scene.service.createQueue("other", QueueAttributes(), given: [], tags: [])
        try await scene.send("1", "2", "3")
        try await scene.send("4", to: "other")
        _ = try await scene.receive(1, by: .ben)
        _ = try await scene.receive(2, by: .ann)
        _ = try await scene.receive(1, from: "other", by: .ann)
        #expect(
            await scene.service.held() == [
                HeldMessages(instance: .ann, messages: 3), HeldMessages(instance: .ben, messages: 1),
            ])
    }
}

@Suite("Gates")
struct GateSpecs {
    @Test("a closed instance gets nothing until it is opened; the others do")
    func closed() async throws {
        let scene = try await Scene()
        try await scene.send("1", "2")
        #expect(await scene.service.closeGate(.ann) == 0)
        #expect(try await scene.receive(by: .ann).isEmpty)
        #expect(try await scene.receive(by: .ben).map(\.body) == ["1"])
        await scene.service.openGate(.ann)
        await scene.service.openGate(.ann)
        #expect(try await scene.receive(by: .ann).map(\.body) == ["2"])
    }

    @Test("a long poll that waits already gets nothing either, and ends empty when its time is over")
    func longPoll() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll(by: .ann)
        #expect(await scene.service.closeGate(.ann) == 0)
        try await scene.send("work")
        #expect(try await scene.counts() == [1, 0, 0])
        await scene.pass(.seconds(20))
        #expect(try await poll.value.isEmpty)
        #expect(try await scene.counts() == [1, 0, 0])
    }

    @Test("who waits behind a closed instance is served past it")
    func passed() async throws {
        let scene = try await Scene()
        let ann = try await scene.longPoll(by: .ann)
        let ben = try await scene.longPoll(by: .ben)
        _ = await scene.service.closeGate(.ann)
        try await scene.send("work")
        #expect(try await ben.value.map(\.body) == ["work"])
        try await scene.send("more")
        await scene.service.openGate(.ann)
        #expect(try await ann.value.map(\.body) == ["more"], "a poll that still waits when the gate opens is served")
    }

    @Test("a poll by a closed instance waits to its end")
    func pollWhileClosed() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        _ = await scene.service.closeGate(.ann)
        let poll = try await scene.longPoll(wait: .seconds(5), by: .ann)
        await scene.pass(.seconds(4))
        #expect(await scene.service.waitingCount() == 1)
        await scene.pass(.seconds(1))
        #expect(try await poll.value.isEmpty)
    }

    @Test("when an instance is forgotten its polls end, so that no message is given to a ghost")
    func ghost() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll(by: .ann)
        await scene.service.forget(.ann)
        #expect(try await poll.value.isEmpty)
        try await scene.send("work")
        #expect(try await scene.counts() == [1, 0, 0])
    }

    @Test("a poll that waits while its instance is forgotten is not served in that very round")
    func ghostInTheSameRound() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll(by: .ann)
        let outcomes = await scene.together([
            { await scene.service.forget(.ann) }, { try await scene.send("work") },
        ])
        #expect(outcomes == [true, true])
        #expect(try await poll.value.isEmpty)
        #expect(try await scene.counts() == [1, 0, 0])
    }

    @Test("a receive in the name of an instance that ended a moment ago gets nothing, at once")
    func lateReceive() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        await scene.service.forget(.ann)
        #expect(try await scene.receive(by: .ann).isEmpty)
        #expect(try await scene.receive(wait: .seconds(20), by: .ann).isEmpty)
        #expect(try await scene.counts() == [1, 0, 0])
        await scene.pass(EngineLimits.endedInstanceMemory)
        #expect(try await scene.receive(by: .ann).map(\.body) == ["work"])
    }

    @Test("ended instances are remembered for a while, and only so many")
    func endedInstances() {
        var ended = EndedInstances()
        let start = Scene.start
        ended.add(.ann, at: start)
        ended.add(.ben, at: start + .seconds(5))
        #expect(ended.contains(.ann, at: start + .seconds(9)))
        #expect(!ended.contains(.ann, at: start + EngineLimits.endedInstanceMemory))
        ended.remove(.ben)
        #expect(!ended.contains(.ben, at: start + .seconds(5)))
        for number in 0..<EngineLimits.endedInstances + 10 {
            ended.add(InstanceID("i-\(number)"), at: start + .seconds(6))
        }
        #expect(ended.count == EngineLimits.endedInstances)
        #expect(!ended.contains(InstanceID("i-0"), at: start + .seconds(6)))
        #expect(ended.contains(InstanceID("i-10"), at: start + .seconds(6)))
        ended.add(.ann, at: start + .seconds(60))
        #expect(ended.count == 1)
    }

    /// Instances receive as fast as they can, messages pour in, and gates close at random moments. What an instance is given
    /// is written down when its receive returns; a receive that began after the gate had closed must be empty, and the count
    /// that closing returned must be all that the instance was ever given and had not deleted.
    @Test("under a storm of receives, nothing is given once a gate has closed", arguments: [1, 2, 3] as [UInt64])
    func race(seed: UInt64) async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(43_200) }
        let instances = (0..<6).map { InstanceID("i-\($0)") }
        let total = 600
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<total { try await scene.send("\(number)") }
            }
            for (index, instance) in instances.enumerated() {
                group.addTask { try await Self.storm(scene, instance, seed &* 31 &+ UInt64(index)) }
            }
            try await group.waitForAll()
        }
        #expect(try await scene.depth().sentTotal == total)
    }

    private static func storm(_ scene: Scene, _ instance: InstanceID, _ seed: UInt64) async throws {
        var random = Seeded(seed)
        for _ in 0..<4 {
            // A receive under way while the gate closes, by short poll or long poll.
            let polls = (0..<3).map { index in
                Task { try await scene.receive(10, wait: index == 0 ? .seconds(20) : .zero, by: instance) }
            }
            for _ in 0..<Int.random(in: 0..<20, using: &random) { await Task.yield() }
            let held = await scene.service.closeGate(instance)
            for _ in 0..<5 {
                #expect(try await scene.receive(10, by: instance).isEmpty)
                await Task.yield()
            }
            #expect(await scene.service.closeGate(instance) == held, "nothing was given after closing")
            for poll in polls { poll.cancel() }
            var given = 0
            for poll in polls {
                for message in try await poll.value {
                    given += 1
                    try await scene.delete(message)
                }
            }
            // A cancelled poll gave its messages back, so at most what closing counted was given, and now none is held.
            #expect(given <= held)
            #expect(await scene.service.closeGate(instance) == 0)
            await scene.service.openGate(instance)
        }
    }
}
