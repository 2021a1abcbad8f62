import CSQLite
import WeirCore

/// The file (or memory) in which the queues live: one connection, one transaction at a time, begun by the first write.
final class Store {
    let database: Database
    let queues: QueueTable
    let messages: MessageTable
    let key: SealKey

    private let beginning: Statement
    private let committing: Statement
    private let countingFree: Statement
    /// Held as long as the store is open.
    private var lock: FolderLock?

    private static let cacheKibibytes = 16_384

    /// - Parameter folder: made when it is not there; nil keeps everything in memory.
    init(folder: String?) throws(StoreFailure) {
        if let folder {
            try StoreFolder.make(folder)
            lock = try FolderLock.take(folder)
            database = try Database(
                StoreFolder.databasePath(folder), flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
            _ = try Schema.version(of: database)
            try Self.makeDurable(database)
        } else {
            lock = nil
            database = try Database(":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        }
        try database.execute("PRAGMA cache_size = -\(Self.cacheKibibytes)")
        try Schema.migrate(database)
        queues = try QueueTable(database)
        messages = try MessageTable(database)
        key = try queues.sealKey()
        beginning = try database.prepare("BEGIN IMMEDIATE")
        committing = try database.prepare("COMMIT")
        countingFree = try database.prepare("PRAGMA freelist_count")
    }

    /// Acknowledged means on disk: the log is synced at every commit. Both settings are read back, because SQLite answers
    /// a setting that it cannot keep with the one that it keeps.
    private static func makeDurable(_ database: Database) throws(StoreFailure) {
        let journal = try database.text("PRAGMA journal_mode = WAL")
        guard journal == "wal" else {
            throw StoreFailure(
                code: SQLITE_ERROR,
                sentence: "the queue store cannot keep a write-ahead log (it keeps \(journal ?? "none"))")
        }
        try database.execute("PRAGMA synchronous = FULL")
        let synchronous = try database.text("PRAGMA synchronous")
        guard synchronous == "2" else {
            throw StoreFailure(
                code: SQLITE_ERROR,
                sentence: "the queue store does not sync its commits (synchronous is \(synchronous ?? "unknown"))")
        }
        try database.execute("PRAGMA wal_autocheckpoint = \(EngineLimits.checkpointPages)")
        // A log that one large transaction made long is cut again; an ordinary one is kept and written over.
        try database.execute("PRAGMA journal_size_limit = \(2 * EngineLimits.checkpointBytes)")
    }

    /// Called before every write; begins the transaction when none is open.
    func write() throws(StoreFailure) {
        if !database.inTransaction { try beginning.run() }
    }

    /// When this returns, everything written is on disk. Without a write it does nothing.
    func commit() throws(StoreFailure) {
        if database.inTransaction { try committing.run() }
    }

    /// Undoes everything since the last commit. SQLite itself may have done so already, on a full disk for instance.
    func rollback() {
        guard database.inTransaction else { return }
        // Nothing can be done about a failure here: the next begin fails too, and its caller is told.
        try? database.execute("ROLLBACK")
    }

    /// Folds the whole log into the database and empties it, for the sake of the disk.
    func makeRoom() {
        // Where even that fails the next commit fails too, and its callers are told.
        _ = try? database.text("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Bytes within the database's file that are not in use.
    func reusableBytes() -> Int64 {
        defer { countingFree.reset() }
        guard let hasRow = try? countingFree.step(), hasRow else { return 0 }
        return countingFree.integer(0) * EngineLimits.pageBytes
    }

    func close() {
        database.close()
        lock = nil
    }
}
