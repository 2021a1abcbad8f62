import Foundation
import Testing
import WeirCore

@testable import WeirQueue

@Suite("What was acknowledged is there after a restart")
struct RestartSpecs {
    enum End: String, CaseIterable, CustomTestStringConvertible {
        case closed, killed

        var testDescription: String { rawValue }
    }

    /// The service as it is found by the next process: closed in order, or killed. Killing is played by copying the files as
    /// they are on disk while the service still runs, which is what a killed process leaves.
    private func restart(_ scene: Scene, _ folder: TemporaryFolder, _ end: End) async throws -> (Scene, TemporaryFolder)
    {
        switch end {
        case .closed:
            await scene.service.close()
            return (try Scene(reopening: folder.path, clock: scene.clock), folder)
        case .killed:
            let copy = try folder.copy()
            return (try Scene(reopening: copy.path, clock: scene.clock), copy)
        }
    }

    @Test("messages in every state, their handles, holders, queues and tags", arguments: End.allCases)
    func everything(end: End) async throws {
        let folder = try TemporaryFolder()
        var scene = try await Scene(folder: folder.path) { $0.visibilityTimeout = .seconds(60) }
        try await scene.service.setTags(of: Scene.queue, adding: [StoredAttribute(name: "t", value: "1")], removing: [])
        try await scene.send("deleted", "flying", "changed", "timed out")
        let messages = try await scene.receive(4, by: .ann)
        try await scene.delete(messages[0])
        try await scene.change(messages[2], to: .seconds(600))
        try await scene.change(messages[3], to: .seconds(5))
        try await scene.send("visible")
        try await scene.send("delayed", delay: .seconds(100))
        await scene.pass(.seconds(10))
        let before = try await scene.service.describe(Scene.queue)
        #expect(try await scene.counts() == [2, 2, 1])

        let kept: TemporaryFolder
        (scene, kept) = try await restart(scene, folder, end)
        var after = try await scene.service.describe(Scene.queue)
        after.depth.sentTotal = before.depth.sentTotal
        after.depth.deletedTotal = before.depth.deletedTotal
        #expect(after == before)
        #expect(try await scene.service.tags(of: Scene.queue) == [StoredAttribute(name: "t", value: "1")])
        #expect(await scene.service.held() == [HeldMessages(instance: .ann, messages: 3)])

        try await scene.delete(messages[1])
        #expect(try await scene.counts() == [2, 1, 1])
        try await scene.change(messages[2], to: .seconds(700))
        await #expect(throws: QueueError.messageNotInflight) { try await scene.change(messages[3], to: .seconds(1)) }
        #expect(try await scene.receive(10).map(\.body) == ["visible", "timed out"])
        await scene.pass(.seconds(90))
        #expect(try await scene.receive(10).map(\.body).contains("delayed"))
        await scene.service.close()
        withExtendedLifetime(kept) {}
    }

    @Test("timers start again: what ran out while nobody was there is visible at once, the rest when its time comes")
    func timers() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("a", "b")
        _ = try await scene.receiveOne(timeout: .seconds(10))
        _ = try await scene.receiveOne(timeout: .seconds(100))
        await scene.service.close()
        scene.clock.move(by: .seconds(50))
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        #expect(try await again.counts() == [1, 1, 0])
        #expect(try await again.receive(10, wait: .seconds(20)).map(\.body) == ["a"])
        await again.pass(.seconds(50))
        #expect(try await again.receive(10).map(\.body).contains("b"))
        await again.service.close()
    }

    @Test("a clock that was set back while nobody was there hides nothing")
    func clockBackwards() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("a", "b")
        _ = try await scene.receiveOne()
        await scene.service.close()
        scene.clock.move(by: .seconds(-86_400))
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        #expect(try await again.counts() == [1, 1, 0])
        let message = try await again.receiveOne()
        #expect(message.body == "b")
        #expect(message.sentAt == scene.clock.now)
        await again.pass(.seconds(30))
        #expect(try await again.counts() == [2, 0, 0])
        await again.service.close()
    }

    @Test("no message number is used twice, so an old handle never fits a new message")
    func numbers() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("old")
        let old = try await scene.receiveOne()
        try await scene.delete(old)
        await scene.service.close()
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        try await again.send("new")
        _ = try await again.receiveOne()
        try await again.delete(old)
        #expect(try await again.counts() == [0, 1, 0])
        await again.service.close()
    }

    @Test("every send that was acknowledged before the kill is there", arguments: 0..<5)
    func killedWhileSending(kill: Int) async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        let senders = (0..<8).map { sender in
            Task {
                var acknowledged: [String] = []
                for number in 0..<1000 where !Task.isCancelled {
                    acknowledged += try await scene.send("\(sender)/\(number)")
                }
                return acknowledged
            }
        }
        try await eventually { try await scene.depth().sentTotal > 40 * kill }
        // The transaction under way may be in the copy or not; all that is acknowledged before the copy must be.
        let acknowledged = try await scene.depth().sentTotal
        let copy = try folder.copy()
        for sender in senders { sender.cancel() }
        for sender in senders { _ = try await sender.value }
        let again = try Scene(reopening: copy.path, clock: scene.clock)
        let found = try await again.depth().visible
        #expect(found >= acknowledged)
        await again.service.close()
        await scene.service.close()
    }

    @Test("the store of a later version is refused and left alone")
    func laterVersion() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        await scene.service.execute("PRAGMA user_version = \(Schema.version + 1)")
        await scene.service.close()
        do {
            _ = try Scene(reopening: folder.path, clock: scene.clock)
            Issue.record("it was opened")
        } catch QueueError.storeFailed(let sentence) {
            #expect(sentence.contains("version \(Schema.version + 1)"))
            #expect(sentence.contains("later weir"))
        }
    }

    @Test("a second writer is refused while the first is there, and named the first; a later one is welcome")
    func secondWriter() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        do {
            _ = try Scene(reopening: folder.path, clock: scene.clock)
            Issue.record("it was opened twice")
        } catch QueueError.storeFailed(let sentence) {
            #expect(sentence.contains(folder.path))
            #expect(sentence.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
        }
        await scene.service.close()
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        await again.service.close()
    }

    @Test("a folder that cannot be made is refused with the reason; a deep one is made, for its owner alone")
    func folders() async throws {
        let folder = try TemporaryFolder()
        #expect(FileManager.default.createFile(atPath: folder.path + "/file", contents: nil))
        #expect(throws: QueueError.self) { try QueueService(folder: folder.path + "/file/below", now: { Scene.start }) }
        let deep = folder.path + "/a/b/c"
        let service = try QueueService(folder: deep, now: { Scene.start })
        await service.close()
        let mode = try FileManager.default.attributesOfItem(atPath: deep)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("commits are synced to disk, through a write-ahead log")
    func durability() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        let settings = await scene.service.inspect { engine in
            ["journal_mode", "synchronous"].map { (try? engine.store.database.text("PRAGMA \($0)")) ?? "unknown" }
        }
        #expect(settings == ["wal", "2"])
        await scene.service.close()
    }
}
