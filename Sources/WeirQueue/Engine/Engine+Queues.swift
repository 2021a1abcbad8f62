import WeirCore

extension Engine {
    func create(
        _ name: String, _ attributes: QueueAttributes, given: [String], tags: [StoredAttribute]
    ) throws(StoreFailure) -> Result<Void, QueueError> {
        if let existing = books.byName[name] {
            guard let other = attributes.firstDifference(from: existing.attributes, given: given) else {
                return .success(())
            }
            return .failure(.queueNameExists(name, attribute: other))
        }
        if let refusal = refusal(of: attributes, queue: name, present: nil) { return .failure(refusal) }
        if let deletedAt = try store.queues.deletedAt(name), now - deletedAt < QueueLimits.deletedNameRest {
            return .failure(.queueDeletedRecently(name))
        }
        try store.write()
        let queue = OpenQueue(
            StoredQueue(
                id: try store.queues.nextNumber(), name: name, lane: try store.queues.nextNumber(),
                attributes: attributes, tags: TagRules.merged([], adding: tags), createdAt: now, modifiedAt: now))
        try store.queues.put(queue.stored)
        books.add(queue)
        return .success(())
    }

    func deleteQueue(_ name: String) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        try store.write()
        try store.queues.remove(queue.id)
        try store.queues.rest(name, from: now)
        try abandonLane(of: queue)
        books.remove(queue)
        for job in line.waiting(in: queue.id) {
            guard let place = job.place else { continue }
            line.leave(job)
            job.outcome = .failure(.queueDoesNotExist(name))
            notes.served.append(.init(job: job, place: place))
        }
        return .success(())
    }

    func setAttributes(
        of name: String, _ change: (inout QueueAttributes) -> Void
    ) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        var attributes = queue.attributes
        change(&attributes)
        let present = queue.attributes.redrive
        if let refusal = refusal(of: attributes, queue: name, present: present) { return .failure(refusal) }
        try modify(queue) { $0.attributes = attributes }
        if let oldest = try MessageCensus(store.database).oldestSent(in: queue.lane) {
            queue.expiryAt = nil
            books.watchRetention(of: queue, oldestSentAt: oldest)
        }
        return .success(())
    }

    /// Gives the queue an empty lane; the old one is swept in the background. So a purge takes no longer for a million
    /// messages than for one.
    func purge(_ name: String) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        if let purgedAt = queue.stored.purgedAt, now - purgedAt < QueueLimits.purgeInterval {
            return .failure(.purgeInProgress(name))
        }
        try store.write()
        try abandonLane(of: queue)
        books.remove(queue)
        queue.stored.lane = try store.queues.nextNumber()
        queue.stored.purgedAt = now
        queue.ledger = Ledger()
        queue.expiryAt = nil
        try store.queues.put(queue.stored)
        books.add(queue)
        return .success(())
    }

    func setTags(
        of name: String, adding: [StoredAttribute], removing: [String]
    ) throws(StoreFailure) -> Result<Void, QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        let tags = TagRules.merged(queue.stored.tags, adding: adding, removing: removing)
        // A queue that has more from earlier may still lose some.
        if tags.count > queue.stored.tags.count {
            do throws(QueueError) {
                try TagRules.check(count: tags.count)
            } catch {
                return .failure(error)
            }
        }
        try modify(queue, isAttribute: false) { $0.tags = tags }
        return .success(())
    }

    // MARK: Looks

    func names(prefix: String) -> [String] { books.byName.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    func deadLetterSources(of name: String) -> Result<[String], QueueError> {
        guard books.byName[name] != nil else { return .failure(.queueDoesNotExist(name)) }
        let sources = books.byName.values.filter { $0.attributes.redrive?.deadLetterQueue == name }
        return .success(sources.map(\.name).sorted())
    }

    func tags(of name: String) -> Result<[StoredAttribute], QueueError> {
        books.byName[name].map { .success($0.stored.tags) } ?? .failure(.queueDoesNotExist(name))
    }

    func describe(_ name: String) -> Result<QueueDescription, QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        return depth(of: name).map { depth in
            QueueDescription(
                name: name, attributes: queue.attributes, createdAt: clock.wall(queue.stored.createdAt),
                modifiedAt: clock.wall(queue.stored.modifiedAt), depth: depth)
        }
    }

    func depth(of name: String) -> Result<QueueDepth, QueueError> {
        if let failure { return .failure(failure.asQueueError) }
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        do throws(StoreFailure) {
            let oldest = try oldestVisible(in: queue)
            let totals = totals[queue.id] ?? .init()
            return .success(
                QueueDepth(
                    visible: queue.ledger.visible, inFlight: queue.ledger.inFlight, delayed: queue.ledger.delayed,
                    oldestVisibleSentAt: oldest.map(clock.wall), sentTotal: totals.sent, deletedTotal: totals.deleted))
        } catch {
            return .failure(error.asQueueError)
        }
    }

    /// The search starts at the ledger's bound, and moves the bound to what it finds: the messages in flight that it must
    /// look past are looked past once.
    private func oldestVisible(in queue: OpenQueue) throws(StoreFailure) -> Instant? {
        guard let bound = queue.ledger.oldestBound else { return nil }
        guard let found = try store.messages.oldestVisible(in: queue.lane, from: bound, at: now) else { return nil }
        queue.ledger.oldestFound(sentAt: found)
        return found
    }

    // MARK: Parts

    /// - Parameter present: the redrive policy that the queue has. Its target is not looked for again: a dead-letter queue
    ///   that was deleted must not keep the other settings from being changed.
    private func refusal(of attributes: QueueAttributes, queue: String, present: RedrivePolicy?) -> QueueError? {
        do throws(QueueError) {
            try attributes.check(limits)
        } catch {
            return error
        }
        guard attributes.redrive != present, let target = attributes.redrive?.deadLetterQueue else { return nil }
        if target == queue {
            return .invalidAttributeValue(
                attribute: QueueAttributeName.redrive, value: target, allowed: "a queue other than the queue itself")
        }
        return books.byName[target] == nil ? .queueDoesNotExist(target) : nil
    }

    private func modify(
        _ queue: OpenQueue, isAttribute: Bool = true, _ change: (inout StoredQueue) -> Void
    ) throws(StoreFailure) {
        var stored = queue.stored
        change(&stored)
        if isAttribute { stored.modifiedAt = now }
        try store.write()
        try store.queues.put(stored)
        queue.stored = stored
    }

    /// Leaves all messages of the queue behind; nobody holds them any more.
    private func abandonLane(of queue: OpenQueue) throws(StoreFailure) {
        for holding in try MessageCensus(store.database).held(in: queue.lane) {
            if books.release(holding.instance, holding.messages) { notes.idle.append(holding.instance) }
        }
        try store.queues.abandon(queue.lane)
        books.deadLanes.append(queue.lane)
    }
}
