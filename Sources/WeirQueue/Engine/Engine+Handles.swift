import WeirCore

/// What is done with a receipt handle in hand.
extension Engine {
    func delete(_ handles: [String], from name: String) throws(StoreFailure) -> Result<
        [Result<Void, QueueError>], QueueError
    > {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        var results: [Result<Void, QueueError>] = []
        for text in handles { results.append(try delete(text, from: queue)) }
        return .success(results)
    }

    private func delete(_ text: String, from queue: OpenQueue) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let handle = handle(text, of: queue) else { return .failure(.receiptHandleIsInvalid(text)) }
        try store.write()
        // Gone already, or received again since: deleting succeeds and deletes nothing.
        guard let removed = try store.messages.delete(handle.message, in: queue.lane, receive: handle.receive) else {
            return .success(())
        }
        update(queue) { $0.removed(removed.id) }
        release(removed.holder)
        let now = now
        watch(queue, isNews: true) { $0.completed(removed.id, at: now) }
        notes.totals[queue.id, default: .init()].deleted += 1
        return .success(())
    }

    func changeVisibility(
        _ changes: [(receiptHandle: String, timeout: Duration)], of name: String
    ) throws(StoreFailure) -> Result<[Result<Void, QueueError>], QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        var results: [Result<Void, QueueError>] = []
        for change in changes { results.append(try changeVisibility(change.receiptHandle, change.timeout, of: queue)) }
        return .success(results)
    }

    private func changeVisibility(
        _ text: String, _ timeout: Duration, of queue: OpenQueue
    ) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let handle = handle(text, of: queue) else { return .failure(.receiptHandleIsInvalid(text)) }
        guard let delivery = try store.messages.delivery(handle.message, in: queue.lane, receive: handle.receive) else {
            return .failure(
                .invalidParameter(
                    "Value \(text) for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
                        + "available for visibility timeout change."))
        }
        guard queue.ledger.pending[handle.message]?.inFlight == true else { return .failure(.messageNotInflight) }
        let visibleAt: Instant
        do throws(QueueError) {
            visibleAt = try DeliveryRules.visibleAfterChange(
                receivedAt: delivery.receivedAt, at: now, timeout: timeout, limits: limits)
        } catch {
            return .failure(error)
        }
        try change(handle.message, of: queue, delivery, until: visibleAt)
        return .success(())
    }

    private func change(
        _ message: Int64, of queue: OpenQueue, _ delivery: Delivery, until visibleAt: Instant
    ) throws(StoreFailure) {
        let isGivenBack = visibleAt <= now
        try store.write()
        try store.messages.change(message, until: visibleAt, heldBy: isGivenBack ? nil : delivery.holder)
        update(queue) { $0.changed(message, until: visibleAt, at: now) }
        if isGivenBack {
            release(delivery.holder)
        } else {
            books.timers.push(.message(message, lane: queue.lane), at: visibleAt)
        }
    }

    /// The handle, if this store gave it out for this queue.
    private func handle(_ text: String, of queue: OpenQueue) -> ReceiptHandle? {
        guard let handle = ReceiptHandle(text, store.key), handle.queue == queue.id else { return nil }
        return handle
    }
}
