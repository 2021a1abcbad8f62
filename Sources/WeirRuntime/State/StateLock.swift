import Glibc

/// One daemon per state folder: whoever holds the lock. The kernel gives it back when the holder ends, however it ends.
public final class StateLock: Sendable {
    private let file: Int32

    /// - Throws: when another process holds it; the message names that process.
    public init(_ folder: StateFolder, purpose: String) throws(StateFailure) {
        let path = folder.path + "/lock"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateFailure("cannot open \(path): \(Files.reason())") }
        guard Self.take(file) else {
            let holder = (try? Files.read(path))?.split(separator: "\n").first.map(String.init) ?? "another weir"
            Glibc.close(file)
            throw StateFailure("\(folder.path) is in use by \(holder); stop it first, or give another --state")
        }
        let text = "process \(getpid()) (\(purpose))\n"
        ftruncate(file, 0)
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    }

    deinit {
        // A program that is being started at this moment has a copy of the open file until it runs: closing ours would
        // not end the lock.
        flock(file, LOCK_UN)
        Glibc.close(file)
    }

    /// A program that a weir was starting when it was killed has the lock for some milliseconds more: a lock that is taken
    /// is tried again for a while.
    private static func take(_ file: Int32) -> Bool {
        for attempt in 0..<Limits.lockAttempts {
            if attempt > 0 { usleep(Limits.lockPauseMicroseconds) }
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
        }
        return false
    }
}
