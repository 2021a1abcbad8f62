import WeirCore

/// Who holds which message, and who gets none. Decision 0004 says why a message stays held past its visibility timeout.
extension Engine {
    func held() -> [HeldMessages] {
        books.held.filter { !unforgotten.contains($0.key) }
            .map { HeldMessages(instance: $0.key, messages: $0.value) }
            .sorted { $0.instance < $1.instance }
    }

    /// Runs between two transactions, so no receive can be half done: what is counted here is all that it holds.
    func closeGate(_ instance: InstanceID) -> Int {
        closed.insert(instance)
        return books.held[instance] ?? 0
    }

    func openGate(_ instance: InstanceID) {
        ended.remove(instance)
        guard closed.remove(instance) != nil else { return }
        // Its long polls that still wait may be served in the next round.
        notes.touched.formUnion(line.queues)
    }

    /// From now on the instance is given nothing, and its long polls end: nobody reads the answers any more, and a message
    /// given to one would be lost until its visibility timeout. This holds whatever becomes of the transaction.
    func end(_ instance: InstanceID) {
        ended.add(instance, at: now)
        for job in line.leave(where: { $0.request.receiver == instance }) {
            job.outcome = .success([])
            notes.ended.append(job)
        }
    }

    /// Writes the messages of an ended instance free.
    func forget(_ instance: InstanceID) throws(StoreFailure) {
        guard books.held[instance] != nil else { return }
        try store.write()
        try store.messages.forget(instance)
        books.forget(instance)
    }

    func leaveForGood(_ instance: InstanceID, written: Bool) {
        if !written { unforgotten.append(instance) }
        closed.remove(instance)
    }
}

/// An instance has ended.
final class ForgetJob: Job {
    private let instance: InstanceID
    private let continuation: CheckedContinuation<Void, Never>

    init(_ instance: InstanceID, _ continuation: CheckedContinuation<Void, Never>) {
        self.instance = instance
        self.continuation = continuation
    }

    func perform(_ engine: Engine) throws(StoreFailure) {
        engine.end(instance)
        try engine.forget(instance)
    }

    func settle(_ engine: Engine, _ failure: StoreFailure?) {
        engine.leaveForGood(instance, written: failure == nil)
        continuation.resume()
    }

    func refuse(_ error: QueueError) { continuation.resume() }
}
