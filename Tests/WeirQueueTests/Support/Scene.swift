import Foundation
import Synchronization
import Testing
import WeirCore

@testable import WeirQueue

/// A clock that only moves when a test moves it.
final class HandClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ start: Instant = Scene.start) { instant = Mutex(start) }

    var now: Instant { instant.withLock { $0 } }
    func move(by span: Duration) { instant.withLock { $0 = $0 + span } }
}

/// Raised once, seen by everyone.
final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

/// A disk whose free space a test says.
final class PretendDisk: Sendable {
    private let state: Mutex<(free: Int64?, looks: Int)>

    init(free: Int64?) { state = Mutex((free, 0)) }

    var free: Int64? {
        get { state.withLock { $0.free } }
        set { state.withLock { $0.free = newValue } }
    }
    var looks: Int { state.withLock { $0.looks } }

    func look() -> Int64? {
        state.withLock { state in
            state.looks += 1
            return state.free
        }
    }
}

/// A queue service with a hand-moved clock and one queue in it, and short words for what tests do all the time.
struct Scene {
    /// 2026-01-01T00:00:00Z: time zero of every story.
    static let start = Instant(milliseconds: 1_767_225_600_000)
    static let queue = "jobs"
    static let deadLetters = "jobs-dead"

    let clock: HandClock
    let service: QueueService

    init(
        folder: String? = nil, limits: QueueLimits = .strict, clock: HandClock = HandClock(),
        disk: PretendDisk? = nil, _ shape: (inout QueueAttributes) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        service =
            if let disk {
                try QueueService(folder: folder, limits: limits, freeBytes: { disk.look() }, now: { clock.now })
            } else {
                try QueueService(folder: folder, limits: limits, now: { clock.now })
            }
        var attributes = QueueAttributes()
        shape(&attributes)
        if attributes.redrive != nil {
            try await service.createQueue(Self.deadLetters, QueueAttributes(), given: [], tags: [])
        }
        try await service.createQueue(Self.queue, attributes, given: [], tags: [])
    }

    /// What another process finds in the folder.
    init(reopening folder: String, clock: HandClock) throws {
        self.clock = clock
        service = try QueueService(folder: folder, now: { clock.now })
    }

    /// Time passes, and everything that is due by then happens.
    func pass(_ span: Duration) async {
        clock.move(by: span)
        await service.timePassed()
    }

    @discardableResult
    func send(_ bodies: String..., to queue: String = queue, delay: Duration? = nil) async throws -> [String] {
        let messages = bodies.map { NewMessage(body: $0, delay: delay) }
        return try await service.send(messages, to: queue, senderID: "sender").map { try $0.get() }
    }

    func receive(
        _ count: Int = 1, from queue: String = queue, timeout: Duration? = nil, wait: Duration? = .zero,
        by receiver: InstanceID? = nil
    ) async throws -> [ReceivedMessage] {
        try await service.receive(
            from: queue, count: count, visibilityTimeout: timeout, wait: wait, receiver: receiver)
    }

    func receiveOne(
        from queue: String = queue, timeout: Duration? = nil, by receiver: InstanceID? = nil
    ) async throws -> ReceivedMessage {
        try #require(try await receive(from: queue, timeout: timeout, by: receiver).first)
    }

    func delete(_ message: ReceivedMessage, from queue: String = queue) async throws {
        try await service.delete([message.receiptHandle], from: queue)[0].get()
    }

    func change(_ message: ReceivedMessage, to timeout: Duration) async throws {
        try await service.changeVisibility([(message.receiptHandle, timeout)], of: Self.queue)[0].get()
    }

    func depth(_ queue: String = queue) async throws -> QueueDepth { try await service.depth(of: queue) }

    /// Visible, in flight, delayed: how tests write depths.
    func counts(_ queue: String = queue) async throws -> [Int] {
        let depth = try await depth(queue)
        return [depth.visible, depth.inFlight, depth.delayed]
    }

    /// A long poll that is in line when this returns.
    func longPoll(
        _ count: Int = 1, wait: Duration = .seconds(20), timeout: Duration? = nil, by receiver: InstanceID? = nil
    ) async throws -> Task<[ReceivedMessage], any Error> {
        let before = await service.waitingCount()
        let poll = Task { try await receive(count, timeout: timeout, wait: wait, by: receiver) }
        try await eventually { await service.waitingCount() > before }
        return poll
    }
}

extension QueueService {
    /// Long polls in line.
    func waitingCount() async -> Int {
        await inspect { engine in engine.line.queues.reduce(0) { $0 + engine.line.waiting(in: $1).count } } ?? 0
    }

    /// Runs a statement on the writer's own connection: faults are made with it.
    func execute(_ sql: String) async {
        await inspect { engine in try? engine.store.database.execute(sql) }
    }

    /// Rounds that ended with a commit since the service was opened.
    func commits() async -> Int { await inspect { $0.commits } ?? 0 }

    /// Rows that were written since the service was opened.
    func rowsWritten() async -> Int { await inspect { $0.store.database.totalChanges } ?? 0 }
}

/// Asks until the answer is yes; fails when it stays no for a minute.
func eventually(
    _ because: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(because ?? "it never came to pass", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// A folder that lives as long as the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-queue-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Everything in it, as it is on disk now.
    func copy() throws -> TemporaryFolder {
        let other = try TemporaryFolder()
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.copyItem(atPath: path + "/" + name, toPath: other.path + "/" + name)
        }
        return other
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

extension InstanceID {
    static let ann = InstanceID("i-ann")
    static let ben = InstanceID("i-ben")
}
