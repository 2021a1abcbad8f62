import Testing
import WeirCore

@testable import WeirQueue

@Suite("Looking from another process")
struct ReaderSpecs {
    private func fill(_ scene: Scene) async throws {
        try await scene.send("1", "2", "3", "4")
        try await scene.send("later", delay: .seconds(100))
        _ = try await scene.receive(2, timeout: .seconds(50), by: .ann)
        _ = try await scene.receive(1, timeout: .seconds(5), by: .ben)
        await scene.pass(.seconds(10))
    }

    private func expectDepth(_ folder: String, _ clock: HandClock) throws {
        let reader = try QueueFolderReader(folder: folder, now: { clock.now })
        #expect(try reader.queueNames() == [Scene.queue])
        let depth = try reader.depth(of: Scene.queue)
        #expect(depth == QueueDepth(visible: 2, inFlight: 2, delayed: 1, oldestVisibleSentAt: Scene.start))
        let held = [HeldMessages(instance: .ann, messages: 2), HeldMessages(instance: .ben, messages: 1)]
        #expect(try reader.held() == held)
    }

    @Test("while the daemon runs, after it was closed, and after it was killed; and no file is made")
    func everyState() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await fill(scene)
        let running = try folder.names
        try expectDepth(folder.path, scene.clock)
        #expect(try folder.names == running)
        let killed = try folder.copy()
        try expectDepth(killed.path, scene.clock)
        #expect(try killed.names == running)
        await scene.service.close()
        let closed = try folder.names
        #expect(closed == ["queue.lock", "queue.sqlite"])
        try expectDepth(folder.path, scene.clock)
        #expect(try folder.names == closed)
    }

    @Test("it sees what is committed at each look, and a writer never waits for it")
    func fresh() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        let reader = try QueueFolderReader(folder: folder.path, now: { scene.clock.now })
        for number in 1...20 {
            try await scene.send("x")
            #expect(try reader.depth(of: Scene.queue).visible == number)
        }
        await scene.service.close()
        #expect(try reader.depth(of: Scene.queue).visible == 20)
    }

    @Test("messages past their retention do not count, swept or not")
    func expired() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path) { $0.retention = .seconds(60) }
        try await scene.send("old")
        try await scene.send("old and delayed", delay: .seconds(100))
        await scene.pass(.seconds(30))
        try await scene.send("young")
        await scene.service.close()
        scene.clock.move(by: .seconds(30))
        let reader = try QueueFolderReader(folder: folder.path, now: { scene.clock.now })
        let depth = try reader.depth(of: Scene.queue)
        #expect(depth == QueueDepth(visible: 1, oldestVisibleSentAt: Scene.start + .seconds(30)))
    }

    @Test("a clock that was set back hides nothing, and ages are told by that clock")
    func clockBackwards() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("old")
        await scene.pass(.seconds(10))
        try await scene.send("young", "flying")
        try await scene.send("later", delay: .seconds(5))
        _ = try await scene.receiveOne(timeout: .seconds(50))
        scene.clock.move(by: .seconds(-3600))
        try await scene.send("youngest")
        let reader = try QueueFolderReader(folder: folder.path, now: { scene.clock.now })
        var expected = try await scene.depth()
        (expected.sentTotal, expected.deletedTotal) = (0, 0)
        #expect(try reader.depth(of: Scene.queue) == expected)
        #expect(expected.visible == 3)
        #expect(expected.oldestVisibleSentAt == scene.clock.now)
        await scene.service.close()
    }

    @Test("a folder or a queue that is not there is said to be missing, and nothing is made")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let nowhere = folder.path + "/nowhere"
        #expect(throws: QueueError.storeFailed("there are no queues in \(nowhere)")) {
            try QueueFolderReader(folder: nowhere, now: { Scene.start })
        }
        #expect(throws: QueueError.self) { try QueueFolderReader(folder: folder.path, now: { Scene.start }) }
        #expect(try folder.names.isEmpty)
        let scene = try await Scene(folder: folder.path)
        let reader = try QueueFolderReader(folder: folder.path, now: { Scene.start })
        #expect(throws: QueueError.queueDoesNotExist("none")) { try reader.depth(of: "none") }
        await scene.service.close()
    }

    @Test("paths with marks that mean something in addresses")
    func strangePath() async throws {
        let folder = try TemporaryFolder()
        let strange = folder.path + "/a b?c#d%e"
        let scene = try await Scene(folder: strange)
        try await scene.send("x")
        let reader = try QueueFolderReader(folder: strange, now: { Scene.start })
        #expect(try reader.depth(of: Scene.queue).visible == 1)
        await scene.service.close()
    }
}
