import Testing
import WeirCore

@testable import WeirQueue

@Suite("Long polls")
struct LongPollSpecs {
    /// A poll waits at an empty queue, and then something makes a message visible.
    struct Row: Sendable, CustomTestStringConvertible {
        var because: String
        var before: @Sendable (Scene) async throws -> Void = { _ in }
        var wake: @Sendable (Scene) async throws -> Void

        var testDescription: String { because }
    }

    static let rows: [Row] = [
        Row(because: "a send wakes it") { try await $0.send("work") },
        Row(
            because: "the end of a delay wakes it", before: { try await $0.send("work", delay: .seconds(5)) },
            wake: { await $0.pass(.seconds(5)) }),
        Row(
            because: "the end of a visibility timeout wakes it",
            before: { scene in
                try await scene.send("work")
                _ = try await scene.receiveOne(timeout: .seconds(5))
            }, wake: { await $0.pass(.seconds(5)) }),
    ]

    @Test(arguments: rows)
    func woken(_ row: Row) async throws {
        let scene = try await Scene()
        try await row.before(scene)
        let poll = try await scene.longPoll()
        try await row.wake(scene)
        #expect(try await poll.value.map(\.body) == ["work"])
        #expect(try await scene.counts() == [0, 1, 0])
    }

    @Test("a message given back wakes it")
    func givenBack() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        let message = try await scene.receiveOne()
        let poll = try await scene.longPoll()
        try await scene.change(message, to: .zero)
        #expect(try await poll.value.map(\.receiveCount) == [2])
    }

    @Test("with the real clock, the end of a timeout wakes it by itself")
    func realClock() async throws {
        let service = try QueueService(folder: nil, now: Self.wallClock)
        try await service.createQueue(Scene.queue, QueueAttributes(), given: [], tags: [])
        _ = try await service.send(
            [NewMessage(body: "work", delay: .milliseconds(50))], to: Scene.queue, senderID: "me")
        let found = try await service.receive(
            from: Scene.queue, count: 1, visibilityTimeout: nil, wait: .seconds(20), receiver: nil)
        #expect(found.map(\.body) == ["work"])
        let nothing = try await service.receive(
            from: Scene.queue, count: 1, visibilityTimeout: nil, wait: .milliseconds(50), receiver: nil)
        #expect(nothing.isEmpty)
        await service.close()
    }

    private static let begin = ContinuousClock.now
    private static let wallClock: @Sendable () -> Instant = { Scene.start + (ContinuousClock.now - begin) }

    @Test("first come, first served; one message wakes one")
    func fifo() async throws {
        let scene = try await Scene()
        var polls: [Task<[ReceivedMessage], any Error>] = []
        for _ in 0..<3 { polls.append(try await scene.longPoll()) }
        for number in 0..<3 {
            try await scene.send("\(number)")
            #expect(try await polls[number].value.map(\.body) == ["\(number)"])
            #expect(await scene.service.waitingCount() == 2 - number)
        }
    }

    @Test("one who comes later does not overtake one who waits")
    func overtaking() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll()
        async let sent = scene.send("work")
        async let late = scene.receive()
        #expect(try await poll.value.map(\.body) == ["work"])
        #expect(try await late.isEmpty)
        #expect(try await sent.count == 1)
    }

    @Test("it ends with nothing when its time is over, and not sooner")
    func timeOver() async throws {
        let scene = try await Scene { $0.receiveWait = .seconds(7) }
        let poll = Task { try await scene.receive(wait: nil) }
        try await eventually { await scene.service.waitingCount() == 1 }
        await scene.pass(.seconds(7) - .milliseconds(1))
        #expect(await scene.service.waitingCount() == 1)
        await scene.pass(.milliseconds(1))
        #expect(try await poll.value.isEmpty)
    }

    @Test("time limits of polls that were served long ago are swept out, and those of others still hold")
    func manyServed() async throws {
        let scene = try await Scene { $0.visibilityTimeout = .seconds(43_200) }
        let patient = try await scene.longPoll(wait: .seconds(20), by: .ann)
        _ = await scene.service.closeGate(.ann)
        for number in 0..<EngineLimits.timersBeforeCompaction + 10 {
            async let poll = scene.receive(wait: .seconds(20))
            try await scene.send("\(number)")
            #expect(try await poll.map(\.body) == ["\(number)"])
        }
        await scene.pass(.seconds(20) - .milliseconds(1))
        #expect(await scene.service.waitingCount() == 1)
        await scene.pass(.milliseconds(1))
        #expect(try await patient.value.isEmpty)
    }

    @Test("one that is put back keeps its time limit, though it was swept out meanwhile")
    func putBack() throws {
        var line = WaitingLine()
        let end = Scene.start + .seconds(20)
        let job = Self.job()
        line.join(job, queue: 1, until: end)
        let place = try #require(job.place)
        line.leave(job)
        for _ in 0...EngineLimits.timersBeforeCompaction {
            let other = Self.job()
            line.join(other, queue: 1, until: end)
            line.leave(other)
        }
        line.putBack(job, at: place)
        #expect(line.nextTimeout() == end)
        #expect(line.leave(at: end).map { $0 === job } == [true])
        #expect(line.isEmpty(1))
    }

    /// One without a caller.
    private static func job() -> ReceiveJob {
        ReceiveJob(ReceiveRequest(queue: Scene.queue, count: 1), ReceiveTicket(), nil)
    }

    @Test("it ends when its queue is deleted")
    func queueDeleted() async throws {
        let scene = try await Scene()
        let poll = try await scene.longPoll()
        try await scene.service.deleteQueue(Scene.queue)
        await #expect(throws: QueueError.queueDoesNotExist(Scene.queue)) { try await poll.value }
    }

    @Test("a cancelled poll leaves the line and swallows nothing")
    func cancelledInLine() async throws {
        let scene = try await Scene()
        let first = try await scene.longPoll(by: .ann)
        let second = try await scene.longPoll(by: .ben)
        first.cancel()
        #expect(try await first.value.isEmpty)
        try await scene.send("work")
        #expect(try await second.value.map(\.body) == ["work"])
        #expect(try await second.value.map(\.receiveCount) == [1])
    }

    @Test("a task that was cancelled before it asked takes nothing")
    func cancelledBefore() async throws {
        let scene = try await Scene()
        try await scene.send("work")
        let poll = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await scene.receive(wait: .seconds(20))
        }
        #expect(try await poll.value.isEmpty)
        #expect(try await scene.receiveOne().receiveCount == 1)
    }

    @Test("cancelled at any moment, a message is either returned or visible at once", arguments: 0..<200)
    func cancelledAnytime(yields: Int) async throws {
        let scene = try await Scene()
        let poll = Task { try await scene.receive(wait: .seconds(20), by: .ann) }
        let send = Task { try await scene.send("work") }
        for _ in 0..<yields % 20 { await Task.yield() }
        poll.cancel()
        _ = try await send.value
        let got = try await poll.value
        #expect(try await scene.counts() == (got.isEmpty ? [1, 0, 0] : [0, 1, 0]))
        #expect(await scene.service.held().isEmpty == got.isEmpty)
    }
}

@Suite("Too many in flight")
struct OverLimitSpecs {
    private func scene() async throws -> Scene {
        var limits = QueueLimits.strict
        limits.inFlightMessages = 3
        return try await Scene(limits: limits)
    }

    @Test("as many as fit, then a short poll is refused")
    func short() async throws {
        let scene = try await scene()
        try await scene.send("1", "2", "3", "4")
        #expect(try await scene.receive(2).count == 2)
        #expect(try await scene.receive(10).count == 1)
        await #expect(throws: QueueError.overLimit(3)) { try await scene.receive() }
        #expect(try await scene.counts() == [1, 3, 0])
    }

    @Test("a long poll waits until one is deleted")
    func long() async throws {
        let scene = try await scene()
        try await scene.send("1", "2", "3", "4")
        let held = try await scene.receive(3)
        let poll = try await scene.longPoll()
        try await scene.delete(held[0])
        #expect(try await poll.value.map(\.body) == ["4"])
    }
}

@Suite("Happenings")
struct HappeningSpecs {
    @Test("the first visible message of a queue is told, the second is not; idle instances are told")
    func told() async throws {
        let scene = try await Scene()
        var happenings = scene.service.happenings().makeAsyncIterator()
        try await scene.send("1")
        #expect(await happenings.next() == .arrived(queue: Scene.queue))
        try await scene.send("2")
        let messages = try await scene.receive(2, by: .ann)
        try await scene.delete(messages[0])
        try await scene.delete(messages[1])
        #expect(await happenings.next() == .becameIdle(instance: .ann))
        try await scene.send("3", delay: .seconds(5))
        await scene.pass(.seconds(5))
        #expect(await happenings.next() == .arrived(queue: Scene.queue))
    }

    @Test("what a slow listener has not heard yet is kept once; every listener hears all; the end ends it")
    func merged() async throws {
        let scene = try await Scene()
        let streams = [scene.service.happenings(), scene.service.happenings()]
        for _ in 0..<5 {
            try await scene.send("x")
            try await scene.delete(try await scene.receiveOne(by: .ann))
        }
        await scene.service.close()
        for stream in streams {
            var heard: [QueueHappening] = []
            for await happening in stream { heard.append(happening) }
            #expect(heard == [.arrived(queue: Scene.queue), .becameIdle(instance: .ann)])
        }
    }

    @Test("a listener that waits is told at once, and a cancelled one stops")
    func waiting() async throws {
        let scene = try await Scene()
        let stream = scene.service.happenings()
        let listener = Task {
            var heard: [QueueHappening] = []
            for await happening in stream {
                heard.append(happening)
                break
            }
            return heard
        }
        try await scene.send("x")
        #expect(await listener.value == [.arrived(queue: Scene.queue)])
        let other = scene.service.happenings()
        let cancelled = Task { for await _ in other {} }
        cancelled.cancel()
        await cancelled.value
    }
}
