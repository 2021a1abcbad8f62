import CSQLite
import Glibc

/// Keeps a second writer out of a folder. The lock is the kernel's and ends with the process, however it ends.
final class FolderLock {
    private let descriptor: Int32

    static let fileName = "queue.lock"

    /// - Throws: when another process (or another service of this one) has the folder; the sentence names it.
    static func take(_ folder: String) throws(StoreFailure) -> FolderLock {
        let path = "\(folder)/\(fileName)"
        // Close-on-exec: a worker that outlives weir must not keep the folder locked.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open \(path)") }
        let lock = FolderLock(descriptor)
        guard lock.take() else {
            let owner = readOwner(descriptor).map { " (process \($0))" } ?? ""
            throw StoreFailure(code: SQLITE_BUSY, sentence: "\(folder) is in use by another weir\(owner)")
        }
        writeOwner(descriptor)
        return lock
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // A program that is being started at this moment has a copy of the open file until it runs: closing ours would
        // not end the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// For the same reason a lock that is taken is tried again for a fifth of a second: its owner may have just been killed.
    private func take() -> Bool {
        for attempt in 0..<20 {
            if attempt > 0 { usleep(10_000) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        }
        return false
    }

    static func failure(_ what: String) -> StoreFailure {
        StoreFailure(code: SQLITE_CANTOPEN, sentence: "\(what): \(String(cString: strerror(errno)))")
    }

    private static func readOwner(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }

    /// For the sentence that a second writer gets; nothing depends on it, so that a full disk does not keep weir from opening.
    private static func writeOwner(_ descriptor: Int32) {
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }
}

/// The folder that holds the store.
enum StoreFolder {
    static let databaseName = "queue.sqlite"

    static func databasePath(_ folder: String) -> String { "\(folder)/\(databaseName)" }

    /// Makes the folder and those above it, readable by its owner only: messages may hold secrets. The folder's own entry is
    /// put on disk too, or a power loss could take the whole folder away.
    static func make(_ folder: String) throws(StoreFailure) {
        guard access(folder, F_OK) != 0 else { return }
        let parent = parent(of: folder)
        if parent != folder { try make(parent) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw FolderLock.failure("cannot make \(folder)") }
        let descriptor = open(parent, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    private static func parent(of path: String) -> String {
        let parts = path.split(separator: "/")
        let above = parts.dropLast().joined(separator: "/")
        if path.hasPrefix("/") { return "/" + above }
        return above.isEmpty ? "." : above
    }
}
