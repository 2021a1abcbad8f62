import WeirCore

/// What must be known of one queue without looking at its messages: exact counts, and the messages that wait for a moment.
///
/// A plain value: told what happened and when, it keeps the counts. Only messages in flight and delayed are remembered one
/// by one; visible ones are a number. So its size follows the work under way, not the backlog.
public struct Ledger: Sendable, Equatable {
    /// A message that is not visible now.
    public struct Pending: Sendable, Equatable {
        public var visibleAt: Instant
        public var sentAt: Instant
        /// Received and not deleted; otherwise it is delayed, not due for the first time.
        public var inFlight: Bool
    }

    public private(set) var visible = 0
    public private(set) var inFlight = 0
    public private(set) var pending: [Int64: Pending] = [:]
    /// No visible message was sent before this; nil when none is visible. A lower bound that `oldestFound` sharpens: the
    /// search for the oldest starts here and so never looks twice at what it has passed.
    public private(set) var oldestBound: Instant?

    public var delayed: Int { pending.count - inFlight }

    public init() {}

    /// Visible messages found in the store when it was opened.
    public mutating func found(visible count: Int, oldestSentAt: Instant?) {
        visible += count
        guard count > 0, let oldestSentAt else { return }
        noteVisible(sentAt: oldestSentAt)
    }

    /// A message that is not visible now: just sent with a delay, or found in the store when it was opened.
    public mutating func waits(_ id: Int64, until visibleAt: Instant, sentAt: Instant, inFlight: Bool) {
        pending[id] = Pending(visibleAt: visibleAt, sentAt: sentAt, inFlight: inFlight)
        if inFlight { self.inFlight += 1 }
    }

    /// A message became visible at once: sent without delay, or moved here as a dead letter.
    public mutating func arrived(sentAt: Instant) {
        visible += 1
        noteVisible(sentAt: sentAt)
    }

    /// A visible message was received and is in flight until `visibleAt`.
    public mutating func received(_ id: Int64, until visibleAt: Instant, sentAt: Instant) {
        lessVisible()
        waits(id, until: visibleAt, sentAt: sentAt, inFlight: true)
    }

    /// The visibility of a message in flight was changed to end at `visibleAt`.
    public mutating func changed(_ id: Int64, until visibleAt: Instant, at now: Instant) {
        guard pending[id] != nil else { return }
        pending[id]?.visibleAt = visibleAt
        if visibleAt <= now { _ = due(id, at: now) }
    }

    /// Its moment came: the message is visible. Does nothing when the moment was moved or the message is gone.
    /// - Returns: whether it became visible.
    public mutating func due(_ id: Int64, at now: Instant) -> Bool {
        guard let entry = pending[id], entry.visibleAt <= now else { return false }
        drop(id)
        arrived(sentAt: entry.sentAt)
        return true
    }

    /// The message is gone from this queue: deleted, expired, or moved to another.
    public mutating func removed(_ id: Int64) {
        if pending[id] == nil { lessVisible() } else { drop(id) }
    }

    /// The oldest visible message was looked up.
    public mutating func oldestFound(sentAt: Instant) {
        oldestBound = sentAt
    }

    private mutating func drop(_ id: Int64) {
        guard let entry = pending.removeValue(forKey: id) else { return }
        if entry.inFlight { inFlight -= 1 }
    }

    private mutating func lessVisible() {
        visible -= 1
        if visible == 0 { oldestBound = nil }
    }

    private mutating func noteVisible(sentAt: Instant) {
        oldestBound = oldestBound.map { min($0, sentAt) } ?? sentAt
    }
}
