import Synchronization
import WeirCore

/// What a caller asks for when receiving.
struct ReceiveRequest {
    var queue: String
    var count: Int
    /// Nil: the queue's.
    var visibilityTimeout: Duration?
    /// Nil: the queue's.
    var wait: Duration?
    var receiver: InstanceID?
}

/// Tells whether a receiver is still there. Shared by the caller's task and the writer thread.
final class ReceiveTicket: Sendable {
    private let cancelled = Atomic<Bool>(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
    func cancel() { cancelled.store(true, ordering: .releasing) }
}

/// A receive. It may wait in line over many rounds, so it keeps its own outcome and answers once.
final class ReceiveJob: Job {
    typealias Outcome = Result<[ReceivedMessage], QueueError>

    let request: ReceiveRequest
    let ticket: ReceiveTicket
    private var continuation: CheckedContinuation<Outcome, Never>?
    var outcome: Outcome?
    /// Where it waits in line; nil: nowhere.
    var place: WaitingLine.Place?
    /// Until when it waits there.
    var deadline: Instant?

    init(_ request: ReceiveRequest, _ ticket: ReceiveTicket, _ continuation: CheckedContinuation<Outcome, Never>?) {
        self.request = request
        self.ticket = ticket
        self.continuation = continuation
    }

    func perform(_ engine: Engine) throws(StoreFailure) { try engine.receive(self) }

    func settle(_ engine: Engine, _ failure: StoreFailure?) {
        guard place == nil else { return }
        if let failure {
            answer(.failure(failure.asQueueError))
        } else {
            answer(outcome ?? .success([]))
        }
    }

    func refuse(_ error: QueueError) { answer(.failure(error)) }

    func answer(_ outcome: Outcome) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }
}

/// The caller of a receive has gone. If it still waits in line, it leaves the line.
final class CancelJob: Job {
    private let ticket: ReceiveTicket

    init(_ ticket: ReceiveTicket) { self.ticket = ticket }

    func perform(_ engine: Engine) throws(StoreFailure) {}

    func settle(_ engine: Engine, _ failure: StoreFailure?) {
        engine.line.leave(ticket)?.answer(.success([]))
    }

    func refuse(_ error: QueueError) {}
}
