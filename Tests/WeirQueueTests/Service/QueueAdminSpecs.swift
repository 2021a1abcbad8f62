import Testing
import WeirCore

@testable import WeirQueue

/// One attribute, given another value.
struct AttributeChange: Sendable, CustomTestStringConvertible {
    var name: String
    var change: @Sendable (inout QueueAttributes) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout QueueAttributes) -> Void) {
        self.name = name
        self.change = change
    }

    var testDescription: String { name }
}

@Suite("Making, changing and deleting queues")
struct QueueAdminSpecs {
    @Test("making what is there: the same given attributes find it, another value is refused")
    func createTwice() async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(60) }
        let service = scene.service
        var attributes = QueueAttributes()
        try await service.createQueue(Scene.queue, attributes, given: [], tags: [])
        attributes.visibilityTimeout = .seconds(60)
        try await service.createQueue(Scene.queue, attributes, given: ["VisibilityTimeout"], tags: [])
        #expect(try await service.describe(Scene.queue).attributes.visibilityTimeout == .seconds(60))
        attributes.stored = [StoredAttribute(name: "Policy", value: "{}")]
        await #expect(throws: QueueError.queueNameExists(Scene.queue, attribute: "Policy")) {
            try await service.createQueue(Scene.queue, attributes, given: ["VisibilityTimeout", "Policy"], tags: [])
        }
    }

    @Test(
        "every attribute is compared when it is given",
        arguments: [
            AttributeChange("DelaySeconds") { $0.delay = .seconds(1) },
            AttributeChange("MaximumMessageSize") { $0.maximumMessageSizeBytes = 2048 },
            AttributeChange("MessageRetentionPeriod") { $0.retention = .seconds(61) },
            AttributeChange("ReceiveMessageWaitTimeSeconds") { $0.receiveWait = .seconds(1) },
            AttributeChange("VisibilityTimeout") { $0.visibilityTimeout = .seconds(1) },
            AttributeChange("RedrivePolicy") { $0.redrive = RedrivePolicy(deadLetterQueue: "x", maxReceiveCount: 1) },
            AttributeChange("Policy") { $0.stored = [StoredAttribute(name: "Policy", value: "{}")] },
        ])
    func compared(_ row: AttributeChange) async throws {
        let scene = try await Scene()
        var attributes = QueueAttributes()
        row.change(&attributes)
        try await scene.service.createQueue(Scene.queue, attributes, given: [], tags: [])
        await #expect(throws: QueueError.queueNameExists(Scene.queue, attribute: row.name)) {
            try await scene.service.createQueue(Scene.queue, attributes, given: [row.name], tags: [])
        }
    }

    @Test(
        "values out of range are refused by name, at creation and later",
        arguments: [
            AttributeChange("DelaySeconds") { $0.delay = .seconds(901) },
            AttributeChange("MaximumMessageSize") { $0.maximumMessageSizeBytes = 1023 },
            AttributeChange("MessageRetentionPeriod") { $0.retention = .seconds(59) },
            AttributeChange("ReceiveMessageWaitTimeSeconds") { $0.receiveWait = .seconds(21) },
            AttributeChange("VisibilityTimeout") { $0.visibilityTimeout = .seconds(43_201) },
            AttributeChange("RedrivePolicy") {
                $0.redrive = RedrivePolicy(deadLetterQueue: "jobs", maxReceiveCount: 0)
            },
        ])
    func ranges(_ row: AttributeChange) async throws {
        let scene = try await Scene()
        var attributes = QueueAttributes()
        row.change(&attributes)
        let shaped = attributes
        func expectRefusal(_ call: () async throws(QueueError) -> Void) async {
            do {
                try await call()
                Issue.record("it was accepted")
            } catch QueueError.invalidAttributeValue(let attribute, _, let allowed) {
                #expect(attribute == row.name)
                #expect(!allowed.isEmpty)
            } catch {
                Issue.record("refused for another reason: \(error)")
            }
        }
        await expectRefusal { () throws(QueueError) in
            try await scene.service.createQueue("new", shaped, given: [], tags: [])
        }
        await expectRefusal { () throws(QueueError) in
            try await scene.service.setAttributes(of: Scene.queue, row.change)
        }
        #expect(try await scene.service.describe(Scene.queue).attributes == QueueAttributes())
    }

    @Test("the relaxed limits allow what AWS does not")
    func relaxed() async throws {
        let scene = try await Scene(limits: .relaxed) { $0.visibilityTimeout = .seconds(86_400) }
        try await scene.send("work")
        _ = try await scene.receiveOne()
        await scene.pass(.seconds(86_399))
        #expect(try await scene.counts() == [0, 1, 0])
    }

    @Test("names: what is allowed, and that FIFO is said to be missing")
    func names() async throws {
        let scene = try await Scene()
        await #expect(throws: QueueError.invalidQueueName("a b")) {
            try await scene.service.createQueue("a b", QueueAttributes(), given: [], tags: [])
        }
        do {
            try await scene.service.createQueue("a.fifo", QueueAttributes(), given: [], tags: [])
            Issue.record("it was accepted")
        } catch QueueError.unsupported {}
        for name in ["b-2", "a_1", "B"] {
            try await scene.service.createQueue(name, QueueAttributes(), given: [], tags: [])
        }
        #expect(await scene.service.queueNames(prefix: "") == ["B", "a_1", "b-2", "jobs"])
        #expect(await scene.service.queueNames(prefix: "b") == ["b-2"])
    }

    @Test("a deleted name rests for 60 s, also over a restart")
    func rest() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.send("old")
        try await scene.service.deleteQueue(Scene.queue)
        await scene.service.close()
        let again = try QueueService(folder: folder.path, now: { scene.clock.now })
        scene.clock.move(by: .seconds(60) - .milliseconds(1))
        await #expect(throws: QueueError.queueDeletedRecently(Scene.queue)) {
            try await again.createQueue(Scene.queue, QueueAttributes(), given: [], tags: [])
        }
        scene.clock.move(by: .milliseconds(1))
        try await again.createQueue(Scene.queue, QueueAttributes(), given: [], tags: [])
        #expect(try await again.depth(of: Scene.queue) == QueueDepth())
        await again.close()
    }

    @Test("a change of attributes is noted with its time and survives a restart")
    func changes() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        await scene.pass(.seconds(5))
        try await scene.service.setAttributes(of: Scene.queue) {
            $0.receiveWait = .seconds(3)
            $0.stored = [StoredAttribute(name: "Policy", value: "{\"a\": \"ü\"}")]
        }
        let before = try await scene.service.describe(Scene.queue)
        #expect(before.createdAt == Scene.start)
        #expect(before.modifiedAt == Scene.start + .seconds(5))
        await scene.service.close()
        let again = try QueueService(folder: folder.path, now: { scene.clock.now })
        #expect(try await again.describe(Scene.queue) == before)
        await again.close()
    }

    @Test("tags: added, overwritten, removed, sorted")
    func tags() async throws {
        let scene = try await Scene()
        func tag(_ name: String, _ value: String) -> StoredAttribute { StoredAttribute(name: name, value: value) }
        try await scene.service.setTags(
            of: Scene.queue, adding: [tag("b", "1"), tag("a", ""), tag("c", "3")], removing: [])
        try await scene.service.setTags(of: Scene.queue, adding: [tag("b", "2")], removing: ["c", "none"])
        #expect(try await scene.service.tags(of: Scene.queue) == [tag("a", ""), tag("b", "2")])
        try await scene.service.createQueue(
            "tagged", QueueAttributes(), given: [], tags: [tag("z", "1"), tag("y", "2")])
        #expect(try await scene.service.tags(of: "tagged") == [tag("y", "2"), tag("z", "1")])
    }

    @Test("tags: fifty of them, in one call and in all, and none that is too long")
    func tagLimits() async throws {
        let scene = try await Scene()
        func tags(_ numbers: Range<Int>) -> [StoredAttribute] {
            numbers.map { StoredAttribute(name: "key \($0)", value: "") }
        }
        func expectRefusal(_ call: () async throws(QueueError) -> Void) async {
            do {
                try await call()
                Issue.record("it was accepted")
            } catch QueueError.invalidParameter {
            } catch {
                Issue.record("refused for another reason: \(error)")
            }
        }
        let service = scene.service
        try await service.setTags(of: Scene.queue, adding: tags(0..<50), removing: [])
        try await service.setTags(of: Scene.queue, adding: tags(50..<51), removing: ["key 0"])
        #expect(try await service.tags(of: Scene.queue).count == 50)
        for adding in [
            tags(0..<51), tags(100..<101), [StoredAttribute(name: "", value: "")],
            [StoredAttribute(name: String(repeating: "k", count: 129), value: "")],
            [StoredAttribute(name: "k", value: String(repeating: "v", count: 257))],
        ] {
            await expectRefusal { () throws(QueueError) in
                try await service.setTags(of: Scene.queue, adding: adding, removing: [])
            }
        }
        await expectRefusal { () throws(QueueError) in
            try await service.setTags(of: Scene.queue, adding: [], removing: tags(0..<51).map(\.name))
        }
        await expectRefusal { () throws(QueueError) in
            try await service.createQueue("other", QueueAttributes(), given: [], tags: tags(0..<51))
        }
        #expect(try await service.tags(of: Scene.queue).count == 50)
    }

    @Test("a dead-letter queue that was deleted does not keep other settings from being changed")
    func deletedTarget() async throws {
        let scene = try await Scene {
            $0.redrive = RedrivePolicy(deadLetterQueue: Scene.deadLetters, maxReceiveCount: 3)
        }
        try await scene.service.deleteQueue(Scene.deadLetters)
        try await scene.service.setAttributes(of: Scene.queue) { $0.visibilityTimeout = .seconds(5) }
        #expect(try await scene.service.describe(Scene.queue).attributes.visibilityTimeout == .seconds(5))
        await #expect(throws: QueueError.queueDoesNotExist(Scene.deadLetters)) {
            try await scene.service.setAttributes(of: Scene.queue) { $0.redrive?.maxReceiveCount = 4 }
        }
        try await scene.service.setAttributes(of: Scene.queue) { $0.redrive = nil }
        #expect(try await scene.service.describe(Scene.queue).attributes.redrive == nil)
    }

    @Test("rests end after sixty seconds also when the clock is set back over a restart")
    func restsAfterClockBackwards() async throws {
        let folder = try TemporaryFolder()
        let scene = try await Scene(folder: folder.path)
        try await scene.service.createQueue("old", QueueAttributes(), given: [], tags: [])
        await scene.pass(.seconds(10))
        try await scene.service.purge(Scene.queue)
        try await scene.service.deleteQueue("old")
        await scene.service.close()
        scene.clock.move(by: .seconds(-86_400))
        let again = try Scene(reopening: folder.path, clock: scene.clock)
        await #expect(throws: QueueError.purgeInProgress(Scene.queue)) { try await again.service.purge(Scene.queue) }
        await again.pass(.seconds(60))
        try await again.service.purge(Scene.queue)
        try await again.service.createQueue("old", QueueAttributes(), given: [], tags: [])
        await again.service.close()
    }

    @Test("a purge takes everything, whatever its state, and may be repeated after 60 s")
    func purge() async throws {
        let scene = try await Scene()
        try await scene.send("flying", "visible")
        try await scene.send("delayed", delay: .seconds(10))
        _ = try await scene.receiveOne()
        try await scene.service.purge(Scene.queue)
        #expect(try await scene.depth() == QueueDepth(sentTotal: 3))
        #expect(try await scene.receive(10).isEmpty)
        await scene.pass(.seconds(60) - .milliseconds(1))
        #expect(try await scene.counts() == [0, 0, 0], "timers of purged messages mean nothing")
        await #expect(throws: QueueError.purgeInProgress(Scene.queue)) { try await scene.service.purge(Scene.queue) }
        try await scene.send("new")
        await scene.pass(.milliseconds(1))
        try await scene.service.purge(Scene.queue)
        #expect(try await scene.counts() == [0, 0, 0])
    }

    @Test("what a purge leaves behind is swept in the background, in pieces")
    func sweeping() async throws {
        let scene = try await Scene()
        let many = EngineLimits.rowsPerSweep * 2 + 100
        for _ in 0..<many / 100 {
            _ = try await scene.service.send(
                Array(repeating: NewMessage(body: "x"), count: 100), to: Scene.queue, senderID: "me")
        }
        try await scene.service.purge(Scene.queue)
        try await scene.send("new")
        try await eventually { await scene.rowCount() == 1 }
        #expect(try await scene.receiveOne().body == "new")
        try await scene.service.deleteQueue(Scene.queue)
        try await eventually { await scene.rowCount() == 0 }
    }
}

extension Scene {
    /// Rows in the table of messages, of live and dead lanes.
    func rowCount() async -> Int {
        let text = await service.inspect { try? $0.store.database.text("SELECT count(*) FROM messages") }
        return text.flatMap { $0 }.flatMap { Int($0) } ?? -1
    }
}
