import CSQLite
import Glibc
import WeirCore

/// Looks at the queues of a folder from outside: while a daemon works in it, or while none does. It changes nothing, takes
/// no lock that a daemon would notice, and makes no file.
///
/// Each look opens the store anew, so it sees what is committed at that moment.
public struct QueueFolderReader: Sendable {
    private let folder: String
    private let now: @Sendable () -> Instant

    /// - Throws: `storeFailed` when the folder holds no queues, or queues of a later version.
    public init(folder: String, now: @escaping @Sendable () -> Instant) throws(QueueError) {
        self.folder = folder
        self.now = now
        _ = try queueNames()
    }

    /// Queues were made there at some time; false of a folder that is not there.
    public static func holdsQueues(_ folder: String) -> Bool {
        access(StoreFolder.databasePath(folder), F_OK) == 0
    }

    /// Sorted.
    public func queueNames() throws(QueueError) -> [String] {
        try look { database throws(StoreFailure) in try QueueTable(database).all().map(\.name) }
    }

    /// - Throws: `queueDoesNotExist`, `storeFailed`. The totals are 0: they belong to the process that counted them.
    public func depth(of name: String) throws(QueueError) -> QueueDepth {
        let wall = now()
        let found = try look { database throws(StoreFailure) in
            // The moments in the store are those of the daemon's clock, which does not follow a wall clock that steps back.
            let clock = SteadyTime(wall: wall, floor: try MessageCensus(database).latestMoment())
            let queue = try QueueTable(database).all().first { $0.name == name }
            return try queue.map { queue throws(StoreFailure) in try Self.depth(of: queue, in: database, clock) }
        }
        guard let found else { throw .queueDoesNotExist(name) }
        return found
    }

    /// Messages held by instances, over all queues, sorted by instance.
    public func held() throws(QueueError) -> [HeldMessages] {
        var counts: [InstanceID: Int] = [:]
        let perQueue = try look { database throws(StoreFailure) in
            var found: [HeldMessages] = []
            for queue in try QueueTable(database).all() { found += try MessageCensus(database).held(in: queue.lane) }
            return found
        }
        for holding in perQueue { counts[holding.instance, default: 0] += holding.messages }
        return counts.map { HeldMessages(instance: $0.key, messages: $0.value) }.sorted { $0.instance < $1.instance }
    }

    private static func depth(
        of queue: StoredQueue, in database: Database, _ clock: SteadyTime
    ) throws(StoreFailure) -> QueueDepth {
        let now = clock.now
        let census = MessageCensus(database)
        let cutoff = now - queue.attributes.retention
        let expired = try census.expiredVisibleCount(in: queue.lane, at: now, sentUntil: cutoff)
        let visible = try census.visibleCount(in: queue.lane, at: now) - expired
        let pending = try census.pending(in: queue.lane, at: now).filter { $0.sentAt > cutoff }
        let inFlight = pending.count { $0.inFlight }
        let bound = Instant(milliseconds: cutoff.milliseconds + 1)
        let oldest = try MessageTable(database).oldestVisible(in: queue.lane, from: bound, at: now)
        return QueueDepth(
            visible: visible, inFlight: inFlight, delayed: pending.count - inFlight,
            oldestVisibleSentAt: oldest.map(clock.wall))
    }

    // MARK: Opening

    private func look<Value>(_ body: (Database) throws(StoreFailure) -> Value) throws(QueueError) -> Value {
        do throws(StoreFailure) {
            let database = try open()
            defer { database.close() }
            // One transaction, so that all counts are of one moment.
            try database.execute("BEGIN")
            _ = try Schema.version(of: database)
            return try body(database)
        } catch {
            throw error.asQueueError
        }
    }

    private func open() throws(StoreFailure) -> Database {
        let path = StoreFolder.databasePath(folder)
        guard Self.holdsQueues(folder) else {
            throw StoreFailure(code: SQLITE_CANTOPEN, sentence: "there are no queues in \(folder)")
        }
        // Without a log nobody has the store open and everything is in the one file: "immutable" keeps SQLite from making
        // the log's files. With a log its index is only read, not made.
        let hasLog = access(path + "-wal", F_OK) == 0
        let how = hasLog ? "mode=ro&readonly_shm=1" : "mode=ro&immutable=1"
        return try Database("file:\(Self.escaped(path))?\(how)", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    /// A path as it must stand in SQLite's URI.
    private static func escaped(_ path: String) -> String {
        path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "?"): "%3f"
            case UInt8(ascii: "#"): "%23"
            case UInt8(ascii: "%"): "%25"
            default: String(decoding: [byte], as: UTF8.self)
            }
        }.joined()
    }
}
