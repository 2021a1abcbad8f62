import WeirCore

extension Engine {
    /// Answers at once, or puts the receive in line.
    func receive(_ job: ReceiveJob) throws(StoreFailure) {
        // It joined the line in a transaction that failed, and waits there.
        guard job.place == nil else { return }
        let request = job.request
        guard !job.ticket.isCancelled, !hasEnded(request.receiver) else {
            job.outcome = .success([])
            return
        }
        guard let queue = books.byName[request.queue] else {
            job.outcome = .failure(.queueDoesNotExist(request.queue))
            return
        }
        if let refusal = refusal(of: request) {
            job.outcome = .failure(refusal)
            return
        }
        let wait = request.wait ?? queue.attributes.receiveWait
        try serve(queue)
        if !isClosed(request.receiver) {
            if wait == .zero, isFull(queue) {
                job.outcome = .failure(.overLimit(limits.inFlightMessages))
                return
            }
            let found = try take(from: queue, request)
            if !found.isEmpty {
                job.outcome = .success(found)
                return
            }
        }
        if wait == .zero {
            job.outcome = .success([])
        } else {
            job.outcome = nil
            line.join(job, queue: queue.id, until: now + wait)
        }
    }

    /// Gives messages that became visible to those who wait, in the transaction in which they became visible.
    func serveWaiting() throws(StoreFailure) {
        let touched = notes.touched
        notes.touched = []
        guard !touched.isEmpty else { return }
        for id in touched.sorted() {
            if let queue = books.byID[id] { try serve(queue) }
        }
    }

    private func serve(_ queue: OpenQueue) throws(StoreFailure) {
        guard !line.isEmpty(queue.id) else { return }
        for job in line.waiting(in: queue.id) {
            guard queue.ledger.visible > 0, !isFull(queue) else { return }
            if isClosed(job.request.receiver) { continue }
            guard let place = job.place else { continue }
            let found = job.ticket.isCancelled ? [] : try take(from: queue, job.request)
            if found.isEmpty, !job.ticket.isCancelled { return }
            line.leave(job)
            job.outcome = .success(found)
            notes.served.append(.init(job: job, place: place))
        }
    }

    private func refusal(of request: ReceiveRequest) -> QueueError? {
        if !limits.messagesPerReceive.contains(request.count) {
            return .invalidParameter(
                RangeText.sentence("MaxNumberOfMessages", request.count, limits.messagesPerReceive))
        }
        if let timeout = request.visibilityTimeout, !limits.visibilityTimeout.contains(timeout) {
            return .invalidParameter(
                RangeText.sentence(QueueAttributeName.visibilityTimeout, timeout, limits.visibilityTimeout))
        }
        if let wait = request.wait, !limits.receiveWait.contains(wait) {
            return .invalidParameter(RangeText.sentence("WaitTimeSeconds", wait, limits.receiveWait))
        }
        return nil
    }

    private func isFull(_ queue: OpenQueue) -> Bool { queue.ledger.inFlight >= limits.inFlightMessages }

    // MARK: Taking messages

    /// Takes up to as many visible messages as asked for. Those that are past their retention go away on the way, and those
    /// that were received too often move to the dead-letter queue. Touches nothing on disk when none is visible.
    private func take(from queue: OpenQueue, _ request: ReceiveRequest) throws(StoreFailure) -> [ReceivedMessage] {
        var taken: [ReceivedMessage] = []
        var skipped = 0
        while queue.ledger.visible > 0, skipped < EngineLimits.skipsPerReceive {
            let wanted = min(request.count, limits.inFlightMessages - queue.ledger.inFlight)
            guard wanted > 0 else { break }
            let candidates = try store.messages.visible(in: queue.lane, at: now, limit: wanted)
            guard !candidates.isEmpty else { break }
            try store.write()
            let before = skipped
            for message in candidates {
                if try setAside(message, of: queue) {
                    skipped += 1
                } else {
                    taken.append(try hand(message, of: queue, to: request))
                }
            }
            // Fewer than asked for is allowed; and with a visibility timeout of 0 a second look would find the same again.
            if skipped == before || !taken.isEmpty { break }
        }
        if skipped >= EngineLimits.skipsPerReceive { notes.touched.insert(queue.id) }
        return taken
    }

    /// Takes a message out of the way that must not be received.
    private func setAside(_ message: StoredMessage, of queue: OpenQueue) throws(StoreFailure) -> Bool {
        if DeliveryRules.isExpired(sentAt: message.sentAt, retention: queue.attributes.retention, at: now) {
            try store.messages.remove(message.id)
        } else if let target = deadLetterTarget(of: message, queue) {
            try store.messages.move(message.id, to: target.lane, at: now, from: queue.name)
            update(target) { $0.arrived(sentAt: message.sentAt) }
            books.watchRetention(of: target, oldestSentAt: message.sentAt)
        } else {
            return false
        }
        update(queue) { $0.removed(message.id) }
        release(message.holder)
        return true
    }

    private func deadLetterTarget(of message: StoredMessage, _ queue: OpenQueue) -> OpenQueue? {
        guard let policy = queue.attributes.redrive,
            DeliveryRules.movesToDeadLetters(receivedHere: message.receivedHere, policy)
        else { return nil }
        return books.byName[policy.deadLetterQueue]
    }

    private func hand(
        _ message: StoredMessage, of queue: OpenQueue, to request: ReceiveRequest
    ) throws(StoreFailure) -> ReceivedMessage {
        let timeout = request.visibilityTimeout ?? queue.attributes.visibilityTimeout
        let visibleAt = DeliveryRules.visibleAgain(receivedAt: now, timeout: timeout)
        // Received and given back in one: nobody is at work on it.
        let holder = visibleAt > now ? request.receiver : nil
        try store.messages.receive(message.id, until: visibleAt, at: now, by: holder)
        if let holder { books.hold(holder) }
        release(message.holder)
        if visibleAt > now {
            update(queue) { $0.received(message.id, until: visibleAt, sentAt: message.sentAt) }
            let now = now
            let sentAt = message.receiveCount == 0 ? message.sentAt : nil
            watch(queue, isNews: false) { $0.received(message.id, sentAt: sentAt, at: now) }
            books.timers.push(.message(message.id, lane: queue.lane), at: visibleAt)
        }
        return received(message, from: queue)
    }

    private func received(_ message: StoredMessage, from queue: OpenQueue) -> ReceivedMessage {
        let receive = message.receiveCount + 1
        let handle = ReceiptHandle(queue: queue.id, message: message.id, receive: Int64(receive))
        return ReceivedMessage(
            messageID: message.identifier.text, receiptHandle: handle.text(store.key), body: message.body,
            attributes: [MessageAttribute](packed: message.attributes), traceHeader: message.traceHeader,
            groupID: message.groupID, senderID: message.sender, sentAt: clock.wall(message.sentAt),
            firstReceivedAt: clock.wall(message.firstReceivedAt ?? now), receiveCount: receive,
            deadLetterSourceQueue: message.deadLetterSource)
    }
}
