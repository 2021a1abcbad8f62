import WeirCore

/// What is asked of the messages when a store is opened, or looked at from another process: counts and who holds what.
struct MessageCensus {
    private let database: Database

    init(_ database: Database) { self.database = database }

    /// A message of a lane that is not visible at some moment.
    struct Pending {
        var id: Int64
        var visibleAt: Instant
        var sentAt: Instant
        /// Received in this queue; otherwise delayed.
        var inFlight: Bool
    }

    func visibleCount(in lane: Int64, at now: Instant) throws(StoreFailure) -> Int {
        Int(
            try integer(
                """
                SELECT count(*) FROM messages INDEXED BY messages_by_visibility WHERE lane = ?1 AND visible_at <= ?2
                """, lane, now.milliseconds) ?? 0)
    }

    func pending(in lane: Int64, at now: Instant) throws(StoreFailure) -> [Pending] {
        let statement = try database.prepare(
            """
            SELECT id, visible_at, sent_at, received_here FROM messages INDEXED BY messages_by_visibility
            WHERE lane = ?1 AND visible_at > ?2 ORDER BY visible_at, id
            """)
        defer { statement.finish() }
        statement.bind(1, lane)
        statement.bind(2, now.milliseconds)
        var found: [Pending] = []
        while try statement.step() {
            found.append(
                Pending(
                    id: statement.integer(0), visibleAt: Instant(milliseconds: statement.integer(1)),
                    sentAt: Instant(milliseconds: statement.integer(2)), inFlight: statement.integer(3) > 0))
        }
        return found
    }

    func oldestSent(in lane: Int64) throws(StoreFailure) -> Instant? {
        try integer("SELECT min(sent_at) FROM messages INDEXED BY messages_by_age WHERE lane = ?1", lane)
            .map(Instant.init(milliseconds:))
    }

    /// Messages held by instances in a lane, sorted by instance.
    func held(in lane: Int64) throws(StoreFailure) -> [HeldMessages] {
        let statement = try database.prepare(
            """
            SELECT holder, count(*) FROM messages INDEXED BY messages_by_holder
            WHERE holder IS NOT NULL AND lane = ?1 GROUP BY holder ORDER BY holder
            """)
        defer { statement.finish() }
        statement.bind(1, lane)
        var found: [HeldMessages] = []
        while try statement.step() {
            found.append(HeldMessages(instance: InstanceID(statement.text(0)), messages: Int(statement.integer(1))))
        }
        return found
    }

    /// The latest moment that is written down: when the youngest message was sent, a queue was changed, purged or deleted.
    /// No clock that was right then may be behind it now.
    func latestMoment() throws(StoreFailure) -> Instant? {
        try integer(
            """
            SELECT max(moment) FROM (
                SELECT sent_at AS moment FROM messages WHERE id = (SELECT max(id) FROM messages)
                UNION ALL SELECT max(modified_at, coalesce(purged_at, modified_at)) FROM queues
                UNION ALL SELECT deleted_at FROM deleted_queues)
            """
        ).map(Instant.init(milliseconds:))
    }

    /// Visible messages past their retention that nobody has swept out yet.
    func expiredVisibleCount(in lane: Int64, at now: Instant, sentUntil cutoff: Instant) throws(StoreFailure) -> Int {
        Int(
            try integer(
                """
                SELECT count(*) FROM messages INDEXED BY messages_by_age
                WHERE lane = ?1 AND sent_at <= ?3 AND visible_at <= ?2
                """, lane, now.milliseconds, cutoff.milliseconds) ?? 0)
    }

    private func integer(_ sql: String, _ parameters: Int64...) throws(StoreFailure) -> Int64? {
        let statement = try database.prepare(sql)
        defer { statement.finish() }
        for (index, parameter) in parameters.enumerated() { statement.bind(Int32(index + 1), parameter) }
        return try statement.step() ? statement.optionalInteger(0) : nil
    }
}
