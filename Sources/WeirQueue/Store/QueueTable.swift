import WeirCore

/// A queue as it is written down.
struct StoredQueue {
    var id: Int64
    var name: String
    var lane: Int64
    var attributes: QueueAttributes
    var tags: [StoredAttribute]
    var createdAt: Instant
    var modifiedAt: Instant
    var purgedAt: Instant?
}

/// Everything of the store that is not a message: queues, names at rest, lanes to sweep, settings. All of it is rare work,
/// so statements are made when needed.
final class QueueTable {
    private let database: Database

    private enum Setting {
        static let sealKey = "seal_key"
        /// Below it every message number may have been used.
        static let reservedNumbers = "reserved_message_numbers"
        /// The last number given to a queue or a lane.
        static let lastNumber = "last_number"
    }

    init(_ database: Database) throws(StoreFailure) {
        self.database = database
    }

    // MARK: Queues

    func all() throws(StoreFailure) -> [StoredQueue] {
        let statement = try database.prepare(
            """
            SELECT id, name, lane, delay_ms, maximum_message_bytes, retention_ms, receive_wait_ms, visibility_ms,
                dead_letter_queue, max_receive_count, stored, tags, created_at, modified_at, purged_at
            FROM queues ORDER BY name
            """)
        defer { statement.finish() }
        var found: [StoredQueue] = []
        while try statement.step() { found.append(Self.queue(statement)) }
        return found
    }

    /// Writes a queue, new or changed.
    func put(_ queue: StoredQueue) throws(StoreFailure) {
        let attributes = queue.attributes
        let statement = try database.prepare(
            "INSERT OR REPLACE INTO queues VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")
        defer { statement.finish() }
        statement.bind(1, queue.id)
        statement.bind(2, queue.name)
        statement.bind(3, queue.lane)
        statement.bind(4, attributes.delay.wholeMilliseconds)
        statement.bind(5, Int64(attributes.maximumMessageSizeBytes))
        statement.bind(6, attributes.retention.wholeMilliseconds)
        statement.bind(7, attributes.receiveWait.wholeMilliseconds)
        statement.bind(8, attributes.visibilityTimeout.wholeMilliseconds)
        statement.bind(9, attributes.redrive?.deadLetterQueue)
        statement.bind(10, attributes.redrive.map { Int64($0.maxReceiveCount) })
        statement.bind(11, attributes.stored.packed)
        statement.bind(12, queue.tags.packed)
        statement.bind(13, queue.createdAt.milliseconds)
        statement.bind(14, queue.modifiedAt.milliseconds)
        statement.bind(15, queue.purgedAt?.milliseconds)
        try statement.run()
    }

    func remove(_ queue: Int64) throws(StoreFailure) {
        try run("DELETE FROM queues WHERE id = ?1") { $0.bind(1, queue) }
    }

    private static func queue(_ row: Statement) -> StoredQueue {
        var attributes = QueueAttributes()
        attributes.delay = .milliseconds(row.integer(3))
        attributes.maximumMessageSizeBytes = Int(row.integer(4))
        attributes.retention = .milliseconds(row.integer(5))
        attributes.receiveWait = .milliseconds(row.integer(6))
        attributes.visibilityTimeout = .milliseconds(row.integer(7))
        if let target = row.optionalText(8) {
            attributes.redrive = RedrivePolicy(deadLetterQueue: target, maxReceiveCount: Int(row.integer(9)))
        }
        attributes.stored = [StoredAttribute](packed: row.blob(10))
        return StoredQueue(
            id: row.integer(0), name: row.text(1), lane: row.integer(2), attributes: attributes,
            tags: [StoredAttribute](packed: row.blob(11)), createdAt: Instant(milliseconds: row.integer(12)),
            modifiedAt: Instant(milliseconds: row.integer(13)),
            purgedAt: row.optionalInteger(14).map(Instant.init(milliseconds:)))
    }

    // MARK: Names at rest

    func deletedAt(_ name: String) throws(StoreFailure) -> Instant? {
        let statement = try database.prepare("SELECT deleted_at FROM deleted_queues WHERE name = ?1")
        defer { statement.finish() }
        statement.bind(1, name)
        return try statement.step() ? Instant(milliseconds: statement.integer(0)) : nil
    }

    /// Remembers the deletion, and forgets those whose rest is over.
    func rest(_ name: String, from now: Instant) throws(StoreFailure) {
        try run("DELETE FROM deleted_queues WHERE deleted_at <= ?1") {
            $0.bind(1, (now - QueueLimits.deletedNameRest).milliseconds)
        }
        try run("INSERT OR REPLACE INTO deleted_queues VALUES(?1, ?2)") {
            $0.bind(1, name)
            $0.bind(2, now.milliseconds)
        }
    }

    // MARK: Lanes to sweep

    func deadLanes() throws(StoreFailure) -> [Int64] {
        let statement = try database.prepare("SELECT lane FROM dead_lanes ORDER BY lane")
        defer { statement.finish() }
        var lanes: [Int64] = []
        while try statement.step() { lanes.append(statement.integer(0)) }
        return lanes
    }

    func abandon(_ lane: Int64) throws(StoreFailure) {
        try run("INSERT INTO dead_lanes VALUES(?1)") { $0.bind(1, lane) }
    }

    func swept(_ lane: Int64) throws(StoreFailure) {
        try run("DELETE FROM dead_lanes WHERE lane = ?1") { $0.bind(1, lane) }
    }

    // MARK: Settings

    /// The key of receipt handles; made when the store is new.
    func sealKey() throws(StoreFailure) -> SealKey {
        if let low = try setting(Setting.sealKey + "_low"), let high = try setting(Setting.sealKey + "_high") {
            return SealKey(low: UInt64(bitPattern: low), high: UInt64(bitPattern: high))
        }
        let key = SealKey.random()
        try database.execute("BEGIN IMMEDIATE")
        try set(Setting.sealKey + "_low", Int64(bitPattern: key.low))
        try set(Setting.sealKey + "_high", Int64(bitPattern: key.high))
        try database.execute("COMMIT")
        return key
    }

    func reservedNumbers() throws(StoreFailure) -> Int64 { try setting(Setting.reservedNumbers) ?? 0 }

    func reserveNumbers(below limit: Int64) throws(StoreFailure) { try set(Setting.reservedNumbers, limit) }

    /// A number that no queue and no lane had before.
    func nextNumber() throws(StoreFailure) -> Int64 {
        let next = (try setting(Setting.lastNumber) ?? 0) + 1
        try set(Setting.lastNumber, next)
        return next
    }

    private func setting(_ name: String) throws(StoreFailure) -> Int64? {
        let statement = try database.prepare("SELECT value FROM settings WHERE name = ?1")
        defer { statement.finish() }
        statement.bind(1, name)
        return try statement.step() ? statement.integer(0) : nil
    }

    private func set(_ name: String, _ value: Int64) throws(StoreFailure) {
        try run("INSERT OR REPLACE INTO settings VALUES(?1, ?2)") {
            $0.bind(1, name)
            $0.bind(2, value)
        }
    }

    private func run(_ sql: String, _ bind: (Statement) -> Void) throws(StoreFailure) {
        let statement = try database.prepare(sql)
        defer { statement.finish() }
        bind(statement)
        try statement.run()
    }
}
