import WeirCore

/// A message as it is read for a receive.
struct StoredMessage {
    var id: Int64
    var sentAt: Instant
    var receiveCount: Int
    var receivedHere: Int
    var firstReceivedAt: Instant?
    var holder: InstanceID?
    var identifier: MessageIdentifier
    var sender: String
    var attributes: [UInt8]?
    var traceHeader: String?
    var groupID: String?
    var deadLetterSource: String?
    var body: String
}

/// A message as it is first written.
struct MessageToStore {
    var id: Int64
    var lane: Int64
    var visibleAt: Instant
    var sentAt: Instant
    var identifier: MessageIdentifier
    var sender: String
    var attributes: [UInt8]?
    var traceHeader: String?
    var groupID: String?
    var body: String
}

/// What is left to know of a message that was taken out.
struct RemovedMessage {
    var id: Int64
    var holder: InstanceID?
}

/// What a visibility change must know.
struct Delivery {
    var receivedAt: Instant
    var holder: InstanceID?
}

/// Every statement over messages. Whoever calls a writing one has begun the transaction.
final class MessageTable {
    private let inserting: Statement
    private let selecting: Statement
    private let receiving: Statement
    private let deleting: Statement
    private let finding: Statement
    private let changing: Statement
    private let moving: Statement
    private let removing: Statement
    private let forgetting: Statement
    private let expiring: Statement
    private let sweeping: Statement
    private let findingOldestVisible: Statement

    let database: Database

    init(_ database: Database) throws(StoreFailure) {
        self.database = database
        inserting = try database.prepare(
            """
            INSERT INTO messages(id, lane, visible_at, sent_at, receive_count, received_here, message_id, sender,
                attributes, trace_header, group_id, body)
            VALUES(?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?7, ?8, ?9, ?10)
            """)
        selecting = try database.prepare(
            """
            SELECT id, sent_at, receive_count, received_here, first_received_at, holder, message_id, sender, attributes,
                trace_header, group_id, dead_letter_source, body
            FROM messages INDEXED BY messages_by_visibility
            WHERE lane = ?1 AND visible_at <= ?2 ORDER BY visible_at, id LIMIT ?3
            """)
        receiving = try database.prepare(
            """
            UPDATE messages SET visible_at = ?2, receive_count = receive_count + 1, received_here = received_here + 1,
                received_at = ?3, first_received_at = coalesce(first_received_at, ?3), holder = ?4 WHERE id = ?1
            """)
        deleting = try database.prepare(
            "DELETE FROM messages WHERE id = ?1 AND lane = ?2 AND receive_count = ?3 RETURNING id, holder")
        finding = try database.prepare(
            "SELECT received_at, holder FROM messages WHERE id = ?1 AND lane = ?2 AND receive_count = ?3")
        changing = try database.prepare("UPDATE messages SET visible_at = ?2, holder = ?3 WHERE id = ?1")
        moving = try database.prepare(
            """
            UPDATE messages SET lane = ?2, visible_at = ?3, received_here = 0, holder = NULL, dead_letter_source = ?4
            WHERE id = ?1
            """)
        removing = try database.prepare("DELETE FROM messages WHERE id = ?1")
        forgetting = try database.prepare("UPDATE messages SET holder = NULL WHERE holder = ?1")
        expiring = try database.prepare(
            """
            DELETE FROM messages WHERE id IN (
                SELECT id FROM messages INDEXED BY messages_by_age WHERE lane = ?1 AND sent_at <= ?2
                ORDER BY sent_at LIMIT ?3) RETURNING id, holder
            """)
        sweeping = try database.prepare(
            """
            DELETE FROM messages WHERE id IN (
                SELECT id FROM messages INDEXED BY messages_by_age WHERE lane = ?1 LIMIT ?2)
            """)
        findingOldestVisible = try database.prepare(
            """
            SELECT sent_at FROM messages INDEXED BY messages_by_age
            WHERE lane = ?1 AND sent_at >= ?2 AND visible_at <= ?3 ORDER BY sent_at LIMIT 1
            """)
    }

    func insert(_ message: MessageToStore) throws(StoreFailure) {
        inserting.bind(1, message.id)
        inserting.bind(2, message.lane)
        inserting.bind(3, message.visibleAt.milliseconds)
        inserting.bind(4, message.sentAt.milliseconds)
        inserting.bind(5, message.identifier.bytes)
        inserting.bind(6, message.sender)
        inserting.bind(7, message.attributes)
        inserting.bind(8, message.traceHeader)
        inserting.bind(9, message.groupID)
        inserting.bind(10, message.body)
        try inserting.run()
    }

    /// The first messages of a lane that are visible at `now`, longest visible first.
    func visible(in lane: Int64, at now: Instant, limit: Int) throws(StoreFailure) -> [StoredMessage] {
        selecting.bind(1, lane)
        selecting.bind(2, now.milliseconds)
        selecting.bind(3, Int64(limit))
        defer { selecting.reset() }
        var found: [StoredMessage] = []
        while try selecting.step() {
            found.append(
                StoredMessage(
                    id: selecting.integer(0), sentAt: Instant(milliseconds: selecting.integer(1)),
                    receiveCount: Int(selecting.integer(2)), receivedHere: Int(selecting.integer(3)),
                    firstReceivedAt: selecting.optionalInteger(4).map(Instant.init(milliseconds:)),
                    holder: selecting.optionalText(5).map(InstanceID.init),
                    identifier: MessageIdentifier(bytes: selecting.blob(6)), sender: selecting.text(7),
                    attributes: selecting.optionalBlob(8), traceHeader: selecting.optionalText(9),
                    groupID: selecting.optionalText(10), deadLetterSource: selecting.optionalText(11),
                    body: selecting.text(12)))
        }
        return found
    }

    func receive(_ id: Int64, until visibleAt: Instant, at now: Instant, by holder: InstanceID?) throws(StoreFailure) {
        receiving.bind(1, id)
        receiving.bind(2, visibleAt.milliseconds)
        receiving.bind(3, now.milliseconds)
        receiving.bind(4, holder?.text)
        try receiving.run()
    }

    /// Deletes the message if this receive of it was its last.
    func delete(_ id: Int64, in lane: Int64, receive: Int64) throws(StoreFailure) -> RemovedMessage? {
        deleting.bind(1, id)
        deleting.bind(2, lane)
        deleting.bind(3, receive)
        return try removed(by: deleting).first
    }

    func delivery(_ id: Int64, in lane: Int64, receive: Int64) throws(StoreFailure) -> Delivery? {
        finding.bind(1, id)
        finding.bind(2, lane)
        finding.bind(3, receive)
        defer { finding.reset() }
        guard try finding.step() else { return nil }
        return Delivery(
            receivedAt: Instant(milliseconds: finding.integer(0)), holder: finding.optionalText(1).map(InstanceID.init))
    }

    func change(_ id: Int64, until visibleAt: Instant, heldBy holder: InstanceID?) throws(StoreFailure) {
        changing.bind(1, id)
        changing.bind(2, visibleAt.milliseconds)
        changing.bind(3, holder?.text)
        try changing.run()
    }

    /// Moves a message to a dead-letter queue, where it is visible at once and keeps the time when it was sent.
    func move(_ id: Int64, to lane: Int64, at now: Instant, from source: String) throws(StoreFailure) {
        moving.bind(1, id)
        moving.bind(2, lane)
        moving.bind(3, now.milliseconds)
        moving.bind(4, source)
        try moving.run()
    }

    func remove(_ id: Int64) throws(StoreFailure) {
        removing.bind(1, id)
        try removing.run()
    }

    func forget(_ holder: InstanceID) throws(StoreFailure) {
        forgetting.bind(1, holder.text)
        try forgetting.run()
    }

    /// Deletes messages sent at `cutoff` or before, oldest first.
    func expire(in lane: Int64, sentUntil cutoff: Instant, limit: Int) throws(StoreFailure) -> [RemovedMessage] {
        expiring.bind(1, lane)
        expiring.bind(2, cutoff.milliseconds)
        expiring.bind(3, Int64(limit))
        return try removed(by: expiring)
    }

    /// Deletes messages of a lane that no queue uses any more.
    /// - Returns: how many.
    func sweep(_ lane: Int64, limit: Int) throws(StoreFailure) -> Int {
        sweeping.bind(1, lane)
        sweeping.bind(2, Int64(limit))
        try sweeping.run()
        return database.changes
    }

    func oldestVisible(in lane: Int64, from bound: Instant, at now: Instant) throws(StoreFailure) -> Instant? {
        findingOldestVisible.bind(1, lane)
        findingOldestVisible.bind(2, bound.milliseconds)
        findingOldestVisible.bind(3, now.milliseconds)
        defer { findingOldestVisible.reset() }
        return try findingOldestVisible.step() ? Instant(milliseconds: findingOldestVisible.integer(0)) : nil
    }

    private func removed(by statement: Statement) throws(StoreFailure) -> [RemovedMessage] {
        defer { statement.reset() }
        var removed: [RemovedMessage] = []
        while try statement.step() {
            removed.append(
                RemovedMessage(id: statement.integer(0), holder: statement.optionalText(1).map(InstanceID.init)))
        }
        return removed
    }
}
