import WeirCore

/// Counts what happens in one queue, from one time that a watcher asks to the next. It is there only while that one does.
struct TrafficWatch {
    let watcher: Int
    private var traffic = Traffic()
    /// When messages in hand were received.
    private var received: [Int64: Instant] = [:]
    private(set) var askedAt: Instant

    init(for watcher: Int, at now: Instant) {
        self.watcher = watcher
        askedAt = now
    }

    mutating func arrived() { traffic.arrivals += 1 }

    /// - Parameter sentAt: nil when it was received before, and its wait is over and told.
    mutating func received(_ id: Int64, sentAt: Instant?, at now: Instant) {
        received[id] = now
        guard let sentAt else { return }
        let wait = max(0, (now - sentAt).wholeMilliseconds)
        // With many between two looks, each thousandth is near enough.
        let grain = traffic.waits.entries.count < EngineLimits.finestWaits ? 1 : max(1, wait / 1000)
        traffic.waits.add(of: Int(wait / grain * grain))
    }

    mutating func completed(_ id: Int64, at now: Instant) {
        guard let since = received.removeValue(forKey: id) else { return }
        traffic.services.add(of: LogScale.work.bucket((now - since).inSeconds))
    }

    /// - Parameter isInHand: what was given back, or became visible again, is in nobody's hand.
    mutating func take(at now: Instant, isInHand: (Int64) -> Bool) -> Traffic {
        received = received.filter { isInHand($0.key) }
        var taken = Traffic()
        swap(&taken, &traffic)
        askedAt = now
        // In any order: it adds up to the same.
        for since in received.values { taken.inHand.add(of: LogScale.work.bucket((now - since).inSeconds)) }
        return taken
    }
}

extension Engine {
    /// What happened in the queue since this watcher asked last; nothing yet when it did not, or long ago. Nil: there is no
    /// such queue.
    func takeTraffic(of name: String, for watcher: Int) -> Traffic? {
        guard let queue = books.byName[name] else { return nil }
        guard let index = watches[queue.id]?.firstIndex(where: { $0.watcher == watcher }) else {
            watches[queue.id, default: []].append(TrafficWatch(for: watcher, at: now))
            return Traffic()
        }
        return watches[queue.id]?[index].take(at: now) { queue.ledger.pending[$0]?.inFlight == true }
    }

    /// Does nothing for a queue that nobody watches.
    func watch(_ queue: OpenQueue, isNews: Bool, _ change: (inout TrafficWatch) -> Void) {
        // Taken out while it is changed, so that nothing of it is copied.
        guard var present = watches.removeValue(forKey: queue.id) else { return }
        present.removeAll { now - $0.askedAt >= EngineLimits.watchMemory }
        guard !present.isEmpty else { return }
        for index in present.indices { change(&present[index]) }
        watches[queue.id] = present
        if isNews { notes.traffic.insert(queue.id) }
    }
}
