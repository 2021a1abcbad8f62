import CSQLite

/// SQLite said no.
struct StoreFailure: Error, Equatable {
    var code: Int32
    var sentence: String

    var asQueueError: QueueError { .storeFailed(sentence) }

    /// The file system has no room for the database, for its log, or for the log's index.
    var isDiskFull: Bool { code & 0xff == SQLITE_FULL || code == Self.indexCannotGrow }

    /// SQLITE_IOERR_SHMSIZE; the C macro is an expression, which Swift cannot import.
    private static let indexCannotGrow = SQLITE_IOERR | 19 << 8
}

/// One connection to one SQLite file: as thin as the C library allows. Used by one thread at a time.
final class Database {
    private var handle: OpaquePointer?

    /// How long to wait for a lock that a foreign program (an sqlite3 shell) holds. Unit: milliseconds.
    private static let busyTimeoutMilliseconds: Int32 = 5000

    init(_ location: String, flags: Int32) throws(StoreFailure) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(location, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close(opened)
            throw StoreFailure(code: code, sentence: "\(location): \(reason)")
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, Self.busyTimeoutMilliseconds)
    }

    deinit { close() }

    /// Ends every statement and the connection. Closing twice is closing once; nothing may be asked of it afterwards.
    func close() {
        guard handle != nil else { return }
        while let statement = sqlite3_next_stmt(handle, nil) { sqlite3_finalize(statement) }
        sqlite3_close(handle)
        handle = nil
    }

    /// Whether a transaction is open.
    var inTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Rows that this connection changed since it was opened.
    var totalChanges: Int { Int(sqlite3_total_changes64(handle)) }

    func execute(_ sql: String) throws(StoreFailure) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    /// A statement that lives as long as the connection.
    func prepare(_ sql: String) throws(StoreFailure) -> Statement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure() }
        return Statement(statement, self)
    }

    /// The first column of the first row, for pragmas and settings.
    func text(_ sql: String) throws(StoreFailure) -> String? {
        let statement = try prepare(sql)
        defer { statement.finish() }
        return try statement.step() ? statement.optionalText(0) : nil
    }

    func failure() -> StoreFailure {
        StoreFailure(code: sqlite3_extended_errcode(handle), sentence: String(cString: sqlite3_errmsg(handle)))
    }
}

/// A prepared statement. Parameters count from 1, columns from 0, as in SQLite.
struct Statement {
    private let handle: OpaquePointer
    private unowned let database: Database

    /// Tells SQLite to copy what is bound. The C macro is a cast of -1, which Swift cannot import.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    fileprivate init(_ handle: OpaquePointer, _ database: Database) {
        self.handle = handle
        self.database = database
    }

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ text: String?) {
        guard var text else {
            sqlite3_bind_null(handle, index)
            return
        }
        text.withUTF8 { bytes in
            // An empty buffer may have no address, and a null address would bind NULL.
            let start = UnsafeRawPointer(bytes.baseAddress ?? Self.emptyAddress).assumingMemoryBound(to: CChar.self)
            _ = sqlite3_bind_text64(handle, index, start, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
        }
    }

    func bind(_ index: Int32, _ blob: [UInt8]?) {
        guard let blob else {
            sqlite3_bind_null(handle, index)
            return
        }
        blob.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress, !bytes.isEmpty {
                _ = sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), Self.copied)
            } else {
                _ = sqlite3_bind_zeroblob(handle, index, 0)
            }
        }
    }

    /// Moves to the next row; false when there is none.
    func step() throws(StoreFailure) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.failure()
        }
    }

    /// Runs a statement that gives no rows, and makes it ready for the next time.
    func run() throws(StoreFailure) {
        defer { reset() }
        while try step() {}
    }

    func reset() { sqlite3_reset(handle) }

    /// Ends it before its connection does.
    func finish() { sqlite3_finalize(handle) }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
    }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : text(column)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    func optionalBlob(_ column: Int32) -> [UInt8]? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : blob(column)
    }

    /// Somewhere to point at for a text of no bytes; never read, never written, never freed.
    nonisolated(unsafe) private static let emptyAddress = UnsafePointer(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}
