import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirBackends

/// Real queues, in memory or in a folder of their own.
struct EmbeddedSubject: QueueSourceSubject {
    let queues: QueueService
    private let folder: TemporaryFolder?
    /// Looks from outside, as a dry run does.
    private let fromOutside: Bool

    init(fromOutside: Bool) async throws {
        self.fromOutside = fromOutside
        folder = fromOutside ? try TemporaryFolder() : nil
        queues = try QueueService(folder: folder?.path) { Instant(milliseconds: systemMilliseconds()) }
        try await embedded("work").prepare()
    }

    private func embedded(_ queue: String) -> EmbeddedSource {
        EmbeddedSource(options: EmbeddedOptions(queue: queue), queues: queues)
    }

    func source() async throws -> any QueueSource {
        fromOutside ? EmbeddedFolderSource(queue: "work", folder: folder?.path ?? "") : embedded("work")
    }

    func unreachableSource() async throws -> any QueueSource {
        if fromOutside { return EmbeddedFolderSource(queue: "work", folder: "/nowhere") }
        let closed = try QueueService(folder: nil) { Instant(milliseconds: 0) }
        await closed.close()
        return EmbeddedSource(options: EmbeddedOptions(queue: "work"), queues: closed)
    }

    /// What is inside of weir has no other side.
    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)? { nil }

    func fill(visible: Int, inFlight: Int, delayed: Int) async throws {
        for _ in 0..<inFlight { try await send() }
        for _ in 0..<inFlight {
            let received = try await queues.receive(
                from: "work", count: 1, visibilityTimeout: .seconds(600), wait: .zero, receiver: nil)
            #expect(received.count == 1)
        }
        for _ in 0..<visible { try await send() }
        for _ in 0..<delayed { try await send(delay: .seconds(600)) }
    }

    private func send(delay: Duration? = nil) async throws {
        for result in try await queues.send([NewMessage(body: "x", delay: delay)], to: "work", senderID: "test") {
            _ = try result.get()
        }
    }

    func end() async { await queues.close() }
}

@Suite("The embedded source")
struct EmbeddedContractSpecs {
    @Test("keeps what every source promises", arguments: QueueSourcePromise.allCases)
    func live(_ promise: QueueSourcePromise) async throws {
        try await promise.check(EmbeddedSubject(fromOutside: false))
    }

    @Test("keeps it in a dry run", arguments: QueueSourcePromise.allCases)
    func fromOutside(_ promise: QueueSourcePromise) async throws {
        try await promise.check(EmbeddedSubject(fromOutside: true))
    }
}
