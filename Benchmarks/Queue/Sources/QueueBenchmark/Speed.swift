import Foundation
import WeirCore
import WeirQueue

/// Messages per second into and out of one queue.
struct Speed {
    let parent: String

    static let body = String(repeating: "x", count: 200)
    static let queue = "bench"
    /// How long each figure is measured.
    static let span: Duration = .seconds(3)

    func run() async throws {
        try syncs()
        print("durable sends, one message a call, 200 bytes")
        for callers in [1, 16, 64, 256] { try await inNewStore { try await sends($0, callers) } }
        print("receive 10 and delete 10, one caller")
        for backlog in [10, 100_000, 1_000_000] { try await inNewStore { try await receives($0, backlog) } }
    }

    /// What a commit must wait for at least: one small append made durable. Every figure below stands on it.
    private func syncs() throws {
        let path = "\(parent)/weir-queue-benchmark-\(UUID().uuidString)"
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 1, count: 4096)
        let begin = ContinuousClock.now
        var waits: [Duration] = []
        for _ in 0..<500 {
            let asked = ContinuousClock.now
            guard write(descriptor, block, block.count) == block.count, fdatasync(descriptor) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
            waits.append(ContinuousClock.now - asked)
        }
        print("this disk")
        report("4 KiB appended and synced", waits.count, begin, waits, unit: "syncs")
    }

    private func sends(_ service: QueueService, _ callers: Int) async throws {
        let begin = ContinuousClock.now
        let waits = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var waits: [Duration] = []
                    while ContinuousClock.now - begin < Self.span {
                        let asked = ContinuousClock.now
                        _ = try await service.send([NewMessage(body: Self.body)], to: Self.queue, senderID: "bench")
                        waits.append(ContinuousClock.now - asked)
                    }
                    return waits
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        report("callers \(callers)", waits.count, begin, waits)
    }

    private func receives(_ service: QueueService, _ backlog: Int) async throws {
        try await fill(service, backlog)
        var waits: [Duration] = []
        var count = 0
        let begin = ContinuousClock.now
        while ContinuousClock.now - begin < Self.span {
            let asked = ContinuousClock.now
            let messages = try await service.receive(
                from: Self.queue, count: 10, visibilityTimeout: nil, wait: .zero, receiver: InstanceID("i-bench"))
            waits.append(ContinuousClock.now - asked)
            _ = try await service.delete(messages.map(\.receiptHandle), from: Self.queue)
            count += messages.count
            // What was taken comes again, so that the backlog stays what it is; not part of a wait.
            try await fill(service, messages.count)
        }
        report("backlog \(backlog)", count, begin, waits)
    }

    /// How long a daemon would wait for its queues after a restart.
    private func opening(_ folder: String) async throws {
        let begin = ContinuousClock.now
        let service = try QueueService(folder: folder, now: wallClock)
        print("  opened again in \((ContinuousClock.now - begin).wholeMilliseconds) ms")
        await service.close()
    }

    private func fill(_ service: QueueService, _ count: Int) async throws {
        var left = count
        while left > 0 {
            let batch = Array(repeating: NewMessage(body: Self.body), count: min(left, 1000))
            _ = try await service.send(batch, to: Self.queue, senderID: "bench")
            left -= batch.count
        }
    }

    private func report(
        _ what: String, _ count: Int, _ begin: ContinuousClock.Instant, _ waits: [Duration], unit: String = "messages"
    ) {
        let seconds = (ContinuousClock.now - begin).inSeconds
        let sorted = waits.sorted()
        func wait(_ share: Double) -> String {
            let microseconds = sorted[Int(Double(sorted.count - 1) * share)] / .microseconds(1)
            return "\(Int(microseconds)) us"
        }
        print("  \(what): \(Int(Double(count) / seconds)) \(unit)/s, wait p50 \(wait(0.5)), p99 \(wait(0.99))")
    }

    private func inNewStore(_ body: (QueueService) async throws -> Void) async throws {
        let folder = "\(parent)/weir-queue-benchmark-\(UUID().uuidString)"
        let service = try QueueService(folder: folder, now: wallClock)
        try await service.createQueue(Self.queue, QueueAttributes(), given: [], tags: [])
        try await body(service)
        await service.close()
        try await opening(folder)
        try FileManager.default.removeItem(atPath: folder)
    }
}

@Sendable func wallClock() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
