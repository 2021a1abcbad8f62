import Glibc
import Testing
import WeirCore

@testable import WeirQueue

@Suite("When the store fails")
struct StoreFailureSpecs {
    /// The database may not grow by a single page, as on a full disk.
    private func fill(_ scene: Scene) async { await scene.service.execute("PRAGMA max_page_count = 1") }
    private func makeRoom(_ scene: Scene) async { await scene.service.execute("PRAGMA max_page_count = 1000000") }

    private static let large = String(repeating: "x", count: 100_000)

    @Test("a full disk refuses, loses nothing, counts right, and works again when there is room")
    func full() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("kept", "flying")
        let flying = try await scene.receiveOne(by: .ann)
        await fill(scene)
        do {
            try await scene.send(Self.large)
            Issue.record("it was accepted")
        } catch QueueError.storeFailed(let sentence) {
            #expect(sentence.contains("full"))
        }
        #expect(try await scene.counts() == [1, 1, 0])
        #expect(try await scene.depth().sentTotal == 2)
        #expect(await scene.service.held() == [HeldMessages(instance: .ann, messages: 1)])
        await makeRoom(scene)
        try await scene.send(Self.large)
        try await scene.delete(flying)
        #expect(try await scene.receive(10).map { $0.body.count } == [6, 100_000])
        await scene.service.close()
    }

    @Test("all that shared the failed commit are refused, and nothing of them is there")
    func batch() async throws {
        let scene = try await Scene()
        try await scene.send("kept")
        await fill(scene)
        let outcomes = await scene.together(
            (0..<20).map { number in
                { try await scene.send(number == 10 ? Self.large : "small \(number)") }
            })
        let accepted = outcomes.count { $0 }
        #expect(accepted < 20)
        await makeRoom(scene)
        #expect(try await scene.counts() == [1 + accepted, 0, 0])
        try await scene.send("after")
        #expect(try await scene.counts() == [2 + accepted, 0, 0])
    }

    @Test("what takes messages away gets through on a full disk, also together with a send that does not")
    func deletes() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("1", "2", "3")
        let messages = try await scene.receive(2, by: .ann)
        await fill(scene)
        let outcomes = await scene.together([
            { try await scene.delete(messages[0]) }, { try await scene.send(Self.large) },
            { try await scene.change(messages[1], to: .zero) },
            { _ = try await scene.receiveOne(by: .ben) },
        ])
        #expect(outcomes == [true, false, true, true])
        #expect(try await scene.counts() == [1, 1, 0])
        await scene.service.close()
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        #expect(try await again.counts() == [1, 1, 0])
        await again.service.close()
    }

    @Test("a long poll that was served in a failed commit waits on, and is served when there is room")
    func waiting() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll(by: .ann)
        await fill(scene)
        await #expect(throws: QueueError.self) { try await scene.send(Self.large) }
        #expect(await scene.service.waitingCount() == 1)
        #expect(await scene.service.held().isEmpty)
        await makeRoom(scene)
        try await scene.send("work")
        #expect(try await poll.value.map(\.body) == ["work"])
        #expect(await scene.service.held().map(\.messages) == [1])
    }

    @Test("gates close also while the store fails")
    func gates() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        _ = try await scene.receiveOne(by: .ann)
        await fill(scene)
        let outcomes = await scene.together([
            { try await scene.send(Self.large) }, { #expect(await scene.service.closeGate(.ann) == 1) },
        ])
        #expect(outcomes == [false, true])
        await makeRoom(scene)
        try await scene.send("more")
        #expect(try await scene.receive(by: .ann).isEmpty)
    }

    @Test("an instance that ends while nothing can be written is free at once, and stays free")
    func forgotten() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("work")
        _ = try await scene.receiveOne(by: .ann)
        await scene.service.execute("PRAGMA query_only = ON")
        await scene.service.forget(.ann)
        #expect(await scene.service.held().isEmpty)
        await scene.service.execute("PRAGMA query_only = OFF")
        await scene.pass(EngineLimits.restAfterFailure)
        await scene.service.close()
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        #expect(await again.service.held().isEmpty)
        await again.service.close()
    }

    @Test("background work that fails rests, does not spin, and is done when it can be")
    func background() async throws {
        let scene = try await Scene { $0.retention = .seconds(60) }
        try await scene.send("old")
        await scene.service.execute("PRAGMA query_only = ON")
        await scene.pass(.seconds(60))
        #expect(try await scene.counts() == [1, 0, 0])
        await scene.service.execute("PRAGMA query_only = OFF")
        #expect(await scene.service.inspect { $0.idleTime() } == EngineLimits.restAfterFailure)
        await scene.pass(EngineLimits.restAfterFailure)
        #expect(try await scene.counts() == [0, 0, 0])
    }
}

@Suite("Group commit")
struct GroupCommitSpecs {
    @Test("an operation that is refused does not undo the others of its commit")
    func isolated() async throws {
        let scene = try await Scene { $0.maximumMessageSizeBytes = 1024 }
        let operations: [@Sendable () async throws -> Void] = (0..<60).map { number in
            switch number % 4 {
            case 0: { try await scene.send("good") }
            case 1: { _ = try await scene.service.send([NewMessage(body: "x")], to: "none", senderID: "me") }
            case 2: { try await scene.send(String(repeating: "x", count: 2000)) }
            default: { try await scene.service.delete(["nonsense"], from: Scene.queue)[0].get() }
            }
        }
        let outcomes = await scene.together(operations)
        #expect(outcomes == (0..<60).map { $0 % 4 == 0 })
        #expect(try await scene.counts() == [15, 0, 0])
    }

    @Test("callers at the same time share commits")
    func shared() async throws {
        let scene = try await Scene()
        let senders = 64
        let before = await scene.service.commits()
        _ = await scene.together((0..<senders).map { number in { try await scene.send("\(number)") } })
        #expect(await scene.service.commits() - before < senders)
    }

    @Test("sends and receives from many tasks: each message is received once")
    func exactlyOnce() async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(43_200) }
        let total = 400
        async let sent: Void = withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<4 {
                group.addTask { for number in 0..<total / 4 { try await scene.send("\(sender)/\(number)") } }
            }
            try await group.waitForAll()
        }
        let bodies = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var bodies: [String] = []
                    while try await scene.depth().deletedTotal < total {
                        for message in try await scene.receive(3) {
                            bodies.append(message.body)
                            try await scene.delete(message)
                        }
                    }
                    return bodies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        try await sent
        #expect(bodies.count == total)
        #expect(Set(bodies).count == total)
    }
}

extension Scene {
    /// Runs operations that come one job each to the writer in one transaction: it is held up until all have arrived.
    /// - Returns: which of them succeeded.
    func together(_ operations: [@Sendable () async throws -> Void]) async -> [Bool] {
        let inbox = service.inbox
        let deadline = ContinuousClock.now + .seconds(60)
        let isHeldUp = Flag()
        return await withTaskGroup(of: (Int, Bool).self) { group in
            async let heldUp: Void? = service.inspect { _ in
                isHeldUp.raise()
                while inbox.count < operations.count, ContinuousClock.now < deadline { sched_yield() }
            }
            while !isHeldUp.isRaised { await Task.yield() }
            for (index, operation) in operations.enumerated() {
                group.addTask {
                    do {
                        try await operation()
                        return (index, true)
                    } catch {
                        return (index, false)
                    }
                }
            }
            var outcomes = [Bool](repeating: false, count: operations.count)
            for await (index, succeeded) in group { outcomes[index] = succeeded }
            await heldUp
            return outcomes
        }
    }
}
