import Glibc

/// A lock on a file that lasts as long as any process holds the open file that took it, and ends with the last of them,
/// however it ended. So it says whether a program that was given the file is still alive, whatever its process id is.
///
/// Linux "open file description" locks: unlike `flock(2)` one can ask whether a lock is held without taking it, so that
/// a reader never gets in the way of a launch. Source: fcntl(2); the numbers are fixed by the kernel's interface.
enum FileLock {
    private static let setLock: Int32 = 37  // F_OFD_SETLK
    private static let getLock: Int32 = 36  // F_OFD_GETLK

    /// Takes the lock for the open file; false when another open file has it.
    static func take(_ file: Descriptor) throws(SystemFailure) -> Bool {
        var lock = wholeFile()
        if fcntl(file.number, setLock, &lock) == 0 { return true }
        guard errno == EAGAIN || errno == EACCES else { throw SystemFailure("take a lock", code: errno) }
        return false
    }

    /// Whether anyone holds the lock of this file; false when there is no such file.
    static func isHeld(_ path: String) throws(SystemFailure) -> Bool {
        let file: Descriptor
        do {
            file = try Descriptor.open(path, O_RDONLY)
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
        var lock = wholeFile()
        guard fcntl(file.number, getLock, &lock) == 0 else { throw SystemFailure("look at \(path)", code: errno) }
        return lock.l_type != Int16(F_UNLCK)
    }

    private static func wholeFile() -> flock {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }
}
