import CSQLite

/// The tables, and how older ones become today's.
///
/// A message is one row, visible or not: it is visible when its `visible_at` has come, so that nothing is written when a
/// visibility timeout or a delay ends. `lane` says to which queue it belongs; a purge gives the queue a new lane and leaves
/// the old one to be swept in the background, so that it takes no longer for a million messages than for one.
enum Schema {
    static let version = 1

    private static let migrations: [String] = [
        """
        CREATE TABLE settings(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE queues(
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL UNIQUE,
            delay_ms INTEGER NOT NULL, maximum_message_bytes INTEGER NOT NULL, retention_ms INTEGER NOT NULL,
            receive_wait_ms INTEGER NOT NULL, visibility_ms INTEGER NOT NULL,
            dead_letter_queue TEXT, max_receive_count INTEGER,
            stored BLOB NOT NULL, tags BLOB NOT NULL,
            created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, purged_at INTEGER);
        CREATE TABLE deleted_queues(name TEXT PRIMARY KEY, deleted_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE dead_lanes(lane INTEGER PRIMARY KEY);
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, visible_at INTEGER NOT NULL, sent_at INTEGER NOT NULL,
            receive_count INTEGER NOT NULL, received_here INTEGER NOT NULL,
            received_at INTEGER, first_received_at INTEGER, holder TEXT,
            message_id BLOB NOT NULL, sender TEXT NOT NULL, attributes BLOB, trace_header TEXT, group_id TEXT,
            dead_letter_source TEXT, body TEXT NOT NULL);
        CREATE INDEX messages_by_visibility ON messages(lane, visible_at);
        CREATE INDEX messages_by_age ON messages(lane, sent_at);
        CREATE INDEX messages_by_holder ON messages(holder) WHERE holder IS NOT NULL;
        """
    ]

    /// Brings the store to today's version in one transaction.
    /// - Throws: when it is of a later version, which this program must not touch.
    static func migrate(_ database: Database) throws(StoreFailure) {
        let found = try version(of: database)
        guard found < version else { return }
        try database.execute("BEGIN IMMEDIATE")
        for (index, migration) in migrations.enumerated() where index >= found {
            try database.execute(migration)
        }
        try database.execute("PRAGMA user_version = \(version)")
        try database.execute("COMMIT")
    }

    /// - Throws: when it is of a later version.
    static func version(of database: Database) throws(StoreFailure) -> Int {
        let found = try database.text("PRAGMA user_version").flatMap { Int($0) } ?? 0
        guard found <= version else {
            throw StoreFailure(
                code: SQLITE_ERROR,
                sentence:
                    "the queue store is of version \(found), written by a later weir; this one knows versions up to "
                    + "\(version). Run that later weir, or give another state folder.")
        }
        return found
    }
}
