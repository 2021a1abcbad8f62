/// Something that the writer thread does for somebody. Made by the caller, handed over through the inbox, and from then on
/// touched by the writer thread alone.
protocol Job: AnyObject {
    /// Inside the transaction that it shares with others: reads and writes the store. A refusal is an outcome, not an error;
    /// an error means that the store failed, and undoes the transaction for all.
    func perform(_ engine: Engine) throws(StoreFailure)
    /// After the commit, or after it failed: answers the caller.
    func settle(_ engine: Engine, _ failure: StoreFailure?)
    /// Answers a caller who came after the end.
    func refuse(_ error: QueueError)
}

/// Writes, and answers once it is on disk.
final class WriteJob<Value: Sendable>: Job {
    typealias Continuation = CheckedContinuation<Result<Value, QueueError>, Never>
    typealias Work = (Engine) throws(StoreFailure) -> Result<Value, QueueError>

    private let work: Work
    private let continuation: Continuation
    private var outcome: Result<Value, QueueError>?

    init(_ continuation: Continuation, _ work: @escaping Work) {
        self.work = work
        self.continuation = continuation
    }

    func perform(_ engine: Engine) throws(StoreFailure) { outcome = try work(engine) }

    func settle(_ engine: Engine, _ failure: StoreFailure?) {
        let closed = QueueError.storeFailed("the operation was not reached")
        continuation.resume(returning: failure.map { .failure($0.asQueueError) } ?? outcome ?? .failure(closed))
    }

    func refuse(_ error: QueueError) { continuation.resume(returning: .failure(error)) }
}

/// Looks at what is on disk and in memory after the commit; touches memory only (gates, waiting lines).
final class ReadJob<Value: Sendable>: Job {
    typealias Continuation = CheckedContinuation<Result<Value, QueueError>, Never>
    typealias Look = (Engine) -> Result<Value, QueueError>

    private let look: Look
    private let continuation: Continuation

    init(_ continuation: Continuation, _ look: @escaping Look) {
        self.look = look
        self.continuation = continuation
    }

    func perform(_ engine: Engine) throws(StoreFailure) {}

    func settle(_ engine: Engine, _ failure: StoreFailure?) { continuation.resume(returning: look(engine)) }

    func refuse(_ error: QueueError) { continuation.resume(returning: .failure(error)) }
}
