import WeirCore

/// A queue that is open: what is written down of it, and its counts.
final class OpenQueue {
    var stored: StoredQueue
    var ledger = Ledger()
    /// When its oldest message may be past its retention; nil: it has none to look after.
    var expiryAt: Instant?

    var id: Int64 { stored.id }
    var name: String { stored.name }
    var lane: Int64 { stored.lane }
    var attributes: QueueAttributes { stored.attributes }

    init(_ stored: StoredQueue) { self.stored = stored }
}

/// Everything that memory knows of the store. It can be thrown away and read again at any time, and is when a transaction
/// failed: the store is the truth.
struct Books {
    enum Timer {
        case message(Int64, lane: Int64)
        case retention(lane: Int64)
    }

    private(set) var byName: [String: OpenQueue] = [:]
    private(set) var byLane: [Int64: OpenQueue] = [:]
    private(set) var byID: [Int64: OpenQueue] = [:]
    /// Messages held, by instance; never 0.
    private(set) var held: [InstanceID: Int] = [:]
    var timers = TimerHeap<Timer>()
    /// Lanes that no queue uses any more, waiting to be swept.
    var deadLanes: [Int64] = []
    /// Lanes that may hold messages past their retention.
    var expiringLanes: [Int64] = []
    /// Message numbers below this are taken from the store.
    var reservedNumbers: Int64 = 0

    /// Reads a store. The cost follows the messages in flight and delayed, and one count over an index for each queue.
    init(reading store: Store, at now: Instant) throws(StoreFailure) {
        let census = MessageCensus(store.database)
        deadLanes = try store.queues.deadLanes()
        reservedNumbers = try store.queues.reservedNumbers()
        for stored in try store.queues.all() {
            let queue = OpenQueue(stored)
            add(queue)
            let oldest = try census.oldestSent(in: queue.lane)
            queue.ledger.found(visible: try census.visibleCount(in: queue.lane, at: now), oldestSentAt: oldest)
            for message in try census.pending(in: queue.lane, at: now) {
                queue.ledger.waits(
                    message.id, until: message.visibleAt, sentAt: message.sentAt, inFlight: message.inFlight)
                timers.push(.message(message.id, lane: queue.lane), at: message.visibleAt)
            }
            for holding in try census.held(in: queue.lane) { hold(holding.instance, holding.messages) }
            if let oldest { watchRetention(of: queue, oldestSentAt: oldest) }
        }
    }

    mutating func add(_ queue: OpenQueue) {
        byName[queue.name] = queue
        byLane[queue.lane] = queue
        byID[queue.id] = queue
    }

    mutating func remove(_ queue: OpenQueue) {
        byName[queue.name] = nil
        byLane[queue.lane] = nil
        byID[queue.id] = nil
        expiringLanes.removeAll { $0 == queue.lane }
    }

    mutating func hold(_ instance: InstanceID, _ messages: Int = 1) { held[instance, default: 0] += messages }

    /// - Returns: whether it held messages until now and holds none any more.
    mutating func release(_ instance: InstanceID, _ messages: Int = 1) -> Bool {
        guard let count = held[instance] else { return false }
        held[instance] = count > messages ? count - messages : nil
        return count <= messages
    }

    mutating func forget(_ instance: InstanceID) { held[instance] = nil }

    /// Sees to it that the queue is looked through when a message sent at `oldestSentAt` expires.
    mutating func watchRetention(of queue: OpenQueue, oldestSentAt: Instant) {
        let expiry = DeliveryRules.expires(sentAt: oldestSentAt, retention: queue.attributes.retention)
        if let planned = queue.expiryAt, planned <= expiry { return }
        queue.expiryAt = expiry
        timers.push(.retention(lane: queue.lane), at: expiry)
    }

    /// Whether a timer still means what it meant when it was set.
    func isLive(_ entry: TimerHeap<Timer>.Entry) -> Bool {
        switch entry.payload {
        case .message(let id, let lane): byLane[lane]?.ledger.pending[id]?.visibleAt == entry.at
        case .retention(let lane): byLane[lane]?.expiryAt == entry.at
        }
    }

    mutating func nextTimer() -> Instant? {
        while let top = timers.top, !isLive(top) { timers.pop() }
        return timers.top?.at
    }
}
