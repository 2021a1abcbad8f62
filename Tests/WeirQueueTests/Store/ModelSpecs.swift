import Testing
import WeirCore

@testable import WeirQueue

/// A queue as one would write it without a thought for speed or disks: a list of messages, searched from the front.
struct NaiveQueue {
    struct Message {
        var body: String
        var sentAt: Instant
        var visibleAt: Instant
        var receives = 0
        var receivesHere = 0
        var receivedAt: Instant?
        var holder: InstanceID?
        /// Where it stands among those that became visible at the same moment.
        var number: Int
    }

    var messages: [Message] = []
    var dead: [Message] = []
    var lastNumber = 0

    static let retention: Duration = .seconds(600)
    static let maxReceives = 4

    mutating func send(_ body: String, delay: Duration, at now: Instant) {
        lastNumber += 1
        messages.append(Message(body: body, sentAt: now, visibleAt: now + delay, number: lastNumber))
    }

    mutating func receive(_ count: Int, timeout: Duration, by holder: InstanceID?, at now: Instant) -> [Message] {
        var taken: [Message] = []
        let candidates = messages.filter { $0.visibleAt <= now }
            .sorted { ($0.visibleAt, $0.number) < ($1.visibleAt, $1.number) }
        // As many as asked for are looked at; poisoned ones among them move, and others are looked for only if all did.
        var rest = candidates[...]
        while taken.isEmpty, !rest.isEmpty {
            for candidate in rest.prefix(count) {
                guard let index = messages.firstIndex(where: { $0.number == candidate.number }) else { continue }
                if candidate.receivesHere >= Self.maxReceives {
                    var moved = messages.remove(at: index)
                    moved.holder = nil
                    dead.append(moved)
                } else {
                    messages[index].receives += 1
                    messages[index].receivesHere += 1
                    messages[index].receivedAt = now
                    messages[index].visibleAt = now + timeout
                    messages[index].holder = timeout > .zero ? holder : nil
                    taken.append(messages[index])
                }
            }
            rest = rest.dropFirst(count)
        }
        return taken
    }

    mutating func expire(at now: Instant) {
        messages.removeAll { $0.sentAt + Self.retention <= now }
    }

    func counts(at now: Instant) -> [Int] {
        [
            messages.count { $0.visibleAt <= now }, messages.count { $0.visibleAt > now && $0.receives > 0 },
            messages.count { $0.visibleAt > now && $0.receives == 0 },
        ]
    }

    func held() -> [HeldMessages] {
        var counts: [InstanceID: Int] = [:]
        for message in messages { if let holder = message.holder { counts[holder, default: 0] += 1 } }
        return counts.map { HeldMessages(instance: $0.key, messages: $0.value) }.sorted { $0.instance < $1.instance }
    }

    func oldest(at now: Instant) -> Instant? { messages.filter { $0.visibleAt <= now }.map(\.sentAt).min() }
}

@Suite("Against a naive queue, thousands of random steps")
struct ModelSpecs {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func agree(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        var walk = try await Walk(seed, folder.path)
        for step in 0..<1000 {
            let story = try await walk.step()
            try await walk.compare("seed \(seed), step \(step): \(story)", alsoOnDisk: step % 25 == 0)
        }
        await walk.scene.service.close()
    }

    private struct Walk {
        var random: Seeded
        var scene: Scene
        var model = NaiveQueue()
        /// Handles given out, oldest first, with the number and the receive they stand for.
        var handles: [(handle: String, body: String, receive: Int)] = []
        var sent = 0
        let folder: String

        init(_ seed: UInt64, _ folder: String) async throws {
            random = Seeded(seed)
            self.folder = folder
            scene = try await Scene(folder: folder) {
                $0.retention = NaiveQueue.retention
                $0.redrive = RedrivePolicy(deadLetterQueue: Scene.deadLetters, maxReceiveCount: NaiveQueue.maxReceives)
            }
        }

        mutating func step() async throws -> String {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<30: return try await send()
            case 30..<55: return try await receive()
            case 55..<70: return try await delete()
            case 70..<80: return try await change()
            case 80..<97: return await pass()
            case 97..<98: return await forget()
            case 98..<99: return try await fail()
            default: return try await restart()
            }
        }

        private mutating func send() async throws -> String {
            let delay: Duration = .seconds([0, 0, 0, 3, 20].randomElement(using: &random) ?? 0)
            let bodies = (0..<Int.random(in: 1...3, using: &random)).map { "m\(sent + $0)" }
            sent += bodies.count
            _ = try await scene.service.send(
                bodies.map { NewMessage(body: $0, delay: delay) }, to: Scene.queue, senderID: "me")
            for body in bodies { model.send(body, delay: delay, at: scene.clock.now) }
            return "send \(bodies) after \(delay)"
        }

        private mutating func receive() async throws -> String {
            let count = Int.random(in: 1...10, using: &random)
            let timeout: Duration = .seconds([0, 1, 5, 30, 100].randomElement(using: &random) ?? 0)
            let holder = [nil, InstanceID.ann, InstanceID.ben].randomElement(using: &random) ?? nil
            let expected = model.receive(count, timeout: timeout, by: holder, at: scene.clock.now)
            let got = try await scene.receive(count, timeout: timeout, by: holder)
            #expect(got.map(\.body) == expected.map(\.body))
            #expect(got.map(\.receiveCount) == expected.map(\.receives))
            #expect(got.map(\.sentAt) == expected.map(\.sentAt))
            for message in got { handles.append((message.receiptHandle, message.body, message.receiveCount)) }
            return "receive \(count) for \(timeout) by \(holder?.text ?? "nobody")"
        }

        private mutating func delete() async throws -> String {
            guard let known = handles.randomElement(using: &random) else { return "nothing to delete" }
            try await scene.service.delete([known.handle], from: Scene.queue)[0].get()
            model.messages.removeAll { $0.body == known.body && $0.receives == known.receive }
            return "delete \(known.body) of receive \(known.receive)"
        }

        private mutating func change() async throws -> String {
            guard let known = handles.randomElement(using: &random) else { return "nothing to change" }
            let now = scene.clock.now
            let timeout: Duration = .seconds([0, 2, 40].randomElement(using: &random) ?? 0)
            let result = try await scene.service.changeVisibility([(known.handle, timeout)], of: Scene.queue)[0]
            let index = model.messages.firstIndex { $0.body == known.body && $0.receives == known.receive }
            if let index, model.messages[index].visibleAt > now {
                #expect((try? result.get()) != nil)
                model.messages[index].visibleAt = now + timeout
                if timeout == .zero { model.messages[index].holder = nil }
            } else {
                #expect((try? result.get()) == nil)
            }
            return "change \(known.body) of receive \(known.receive) to \(timeout)"
        }

        private mutating func pass() async -> String {
            let span: Duration = .milliseconds([1, 500, 1000, 7000, 31_000, 90_000].randomElement(using: &random) ?? 1)
            await scene.pass(span)
            model.expire(at: scene.clock.now)
            return "\(span) pass"
        }

        private mutating func forget() async -> String {
            await scene.service.forget(.ann)
            // What comes after is not her ghost but another of the same name.
            await scene.service.openGate(.ann)
            for index in model.messages.indices where model.messages[index].holder == .ann {
                model.messages[index].holder = nil
            }
            return "Ann ended"
        }

        /// A commit fails; the world is as it was before.
        private mutating func fail() async throws -> String {
            await scene.service.execute("PRAGMA query_only = ON")
            await #expect(throws: QueueError.self) { try await scene.send("lost") }
            _ = try? await scene.receive(10, by: .ben)
            await scene.service.execute("PRAGMA query_only = OFF")
            return "a commit failed"
        }

        private mutating func restart() async throws -> String {
            await scene.service.close()
            scene = try Scene(reopening: folder, clock: scene.clock)
            return "restart"
        }

        func compare(_ story: String, alsoOnDisk: Bool) async throws {
            let now = scene.clock.now
            let depth = try await scene.depth()
            let counts = [depth.visible, depth.inFlight, depth.delayed]
            #expect(counts == model.counts(at: now), "\(story)")
            #expect(depth.oldestVisibleSentAt == model.oldest(at: now), "\(story)")
            #expect(await scene.service.held() == model.held(), "\(story)")
            #expect(try await scene.depth(Scene.deadLetters).visible == model.dead.count, "\(story)")
            guard alsoOnDisk else { return }
            let onDisk = try QueueFolderReader(folder: folder, now: { now }).depth(of: Scene.queue)
            #expect([onDisk.visible, onDisk.inFlight, onDisk.delayed] == counts, "on disk after \(story)")
            #expect(onDisk.oldestVisibleSentAt == depth.oldestVisibleSentAt, "on disk after \(story)")
        }
    }
}
