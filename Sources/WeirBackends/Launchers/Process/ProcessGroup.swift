import Glibc
import WeirCore

/// The processes of one instance, found through `/proc`.
///
/// A number alone proves nothing: when all of a group have ended, the system may give its number to somebody else. So a
/// group only counts, and is only signalled, when one of its members is known to be of the instance: it holds the
/// instance's lock, or carries its id in its environment, as everything does that the instance started.
struct ProcessGroup: Sendable {
    let id: pid_t
    let instance: InstanceID
    /// The file whose lock says that the instance is alive.
    let lock: String

    /// Sends a signal to every process of the group.
    /// - Returns: false when there is no group of this instance (any more).
    func signal(_ signal: Int32) throws(SystemFailure) -> Bool {
        guard isAlive else { return false }
        guard kill(-id, signal) == 0 else {
            if errno == ESRCH { return false }
            throw SystemFailure("send signal \(signal) to process group \(id)", code: errno)
        }
        return true
    }

    /// Some process of the instance is still alive in the group.
    ///
    /// Asked of every instance at each listing, so it has to be cheap where all is well: then the leader has the lock's
    /// file open, which no zombie has.
    var isAlive: Bool {
        if getpgid(id) == id, holdsLock(id) { return true }
        // Nobody is in it, not even a zombie: the kernel knows without a walk through all processes.
        if kill(-id, 0) != 0, errno == ESRCH { return false }
        // Twice, because who starts a child and ends during the walk is missed with it.
        return members().contains(where: isOurs) || members().contains(where: isOurs)
    }

    /// Its leader was stopped (SIGSTOP) and not told to go on.
    var standsStill: Bool { state(of: id)?.letter == "T" }

    /// All of its processes do: a signal takes a moment to reach one that runs on another core.
    var allStandStill: Bool { members().allSatisfy { state(of: $0)?.letter == "T" } }

    /// What the kernel says that a process is doing, by its letter, and its group.
    private func state(of pid: pid_t) -> (letter: Substring, group: pid_t)? {
        guard let bytes = Files.start(of: "/proc/\(pid)/stat", limit: ProcessLimits.statusBytes) else { return nil }
        // pid (name) state parent group …; the name may hold spaces and brackets, so count from the last bracket.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 2, let group = pid_t(fields[2]) else { return nil }
        return (fields[0], group)
    }

    /// Live processes of the group (a zombie is not).
    private func members() -> [pid_t] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap { pid_t($0) }.filter(isLiveMember)
    }

    private func isOurs(_ pid: pid_t) -> Bool {
        holdsLock(pid) || carriesMark(pid)
    }

    private func isLiveMember(_ pid: pid_t) -> Bool {
        guard let (letter, group) = state(of: pid) else { return false }
        return group == id && letter != "Z" && letter != "X"
    }

    private func holdsLock(_ pid: pid_t) -> Bool {
        Files.areSame("/proc/\(pid)/fd/\(Supervisor.lockDescriptor)", lock)
    }

    private func carriesMark(_ pid: pid_t) -> Bool {
        guard let environment = Files.start(of: "/proc/\(pid)/environ", limit: ProcessLimits.environmentBytes) else {
            return false
        }
        let mark = Array("\(ProcessEnvironment.instanceName)=\(instance.text)".utf8)
        return environment.split(separator: 0).contains { $0.elementsEqual(mark) }
    }
}
