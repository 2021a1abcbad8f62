import Glibc
import WeirCore
import WeirRuntime

/// What is known on disk about one instance: `STATE/instances/GROUP/INSTANCE/`. It says everything that weir has to know
/// after a restart, and each fact is written by the one who knows it.
///
/// | file | written by | meaning |
/// |---|---|---|
/// | `lock` | – | locked while the instance lives: weir takes the lock and hands it down |
/// | `started` | weir, once | the launch was begun; it is never begun a second time |
/// | `group` | supervisor | process group of the instance; it runs |
/// | `stopping` | weir, once | it was sent SIGTERM, and when: the stop timeout counts from this file's time |
/// | `exit` | supervisor | its exit code |
/// | `log` | the instance | its standard output and error |
struct InstanceFolder: Sendable {
    let id: InstanceID
    let path: String

    init(_ id: InstanceID, in groupFolder: String) {
        self.id = id
        self.path = "\(groupFolder)/\(id.text)"
    }

    var lock: String { "\(path)/lock" }
    var started: String { "\(path)/started" }
    var group: String { "\(path)/group" }
    var stopping: String { "\(path)/stopping" }
    var exit: String { "\(path)/exit" }
    var log: String { "\(path)/log" }

    /// Only such names are instances, and only such ids become names: letters, digits and `-` after `i-`.
    static func isInstance(_ name: String) -> Bool {
        name.hasPrefix("i-") && name.utf8.count <= ProcessLimits.instanceIDBytes
            && name.utf8.allSatisfy { isalnum(Int32($0)) != 0 || $0 == UInt8(ascii: "-") }
    }

    /// How the instance is; nil when its launch has not begun.
    ///
    /// The order of the questions matters, because all of it changes meanwhile: what was begun has been locked before,
    /// and who has ended, or let go of the lock, has written the exit code before or never will.
    func phase() throws(SystemFailure) -> ListedInstance.Phase? {
        let begun = Files.exists(started)
        let held = try FileLock.isHeld(lock)
        guard begun || held else { return nil }
        if held, exitCode == nil {
            guard let group = processGroup else { return .starting }
            if group.isAlive { return group.standsStill ? .paused : .running }
            // What still holds the lock has left the session, and so the instance.
        }
        return .exited(Exit(code: exitCode, logTail: LogFile.tail(of: log)))
    }

    /// As a shell would report it; nil while it is not written down.
    var exitCode: Int? { wholeNumber(in: exit) }

    /// Nil until the supervisor has written it.
    var processGroup: ProcessGroup? {
        guard let number = wholeNumber(in: group), let id = pid_t(exactly: number), id > 1 else { return nil }
        return ProcessGroup(id: id, instance: self.id, lock: lock)
    }

    /// A number that its writer has finished with a line break.
    private func wholeNumber(in path: String) -> Int? {
        guard let bytes = Files.start(of: path, limit: ProcessLimits.numberBytes), bytes.last == UInt8(ascii: "\n")
        else {
            return nil
        }
        return Int(String(decoding: bytes.dropLast(), as: UTF8.self))
    }

    /// Makes an empty file; false when it is there already. Of any number of callers one gets true.
    func markOnce(_ file: String) throws(SystemFailure) -> Bool {
        do {
            _ = try Descriptor.open(file, O_WRONLY | O_CREAT | O_EXCL)
            return true
        } catch {
            if error.code == EEXIST { return false }
            throw error
        }
    }

    /// Removes the folder. `lock` goes first, because something that left the instance may hold it: without the other
    /// files that would look like a start. `started` goes last: until then the instance is known, so that a removal that
    /// was cut short is done again.
    func delete() throws(SystemFailure) {
        for file in [lock, log, group, stopping, exit, started] { try Files.delete(file) }
        try Files.deleteFolder(path)
    }
}
