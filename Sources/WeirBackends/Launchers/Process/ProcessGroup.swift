import Glibc
import WeirCore

/// The processes of one instance, found through `/proc`.
///
/// A number alone proves nothing: when all of a group have ended, the system may give its number to somebody else. So a
/// group is only signalled when one of its members carries the instance's id in its environment, as everything does that
/// the instance started.
struct ProcessGroup: Sendable {
    let id: pid_t
    let instance: InstanceID

    /// Sends a signal to every process of the group.
    /// - Returns: false when there is no group of this instance (any more).
    func signal(_ signal: Int32) throws(SystemFailure) -> Bool {
        guard isOurs else { return false }
        guard kill(-id, signal) == 0 else {
            if errno == ESRCH { return false }
            throw SystemFailure("send signal \(signal) to process group \(id)", code: errno)
        }
        return true
    }

    /// Some process of the instance is still alive in the group.
    var isOurs: Bool { carriesMark(id) || members().contains(where: carriesMark) }

    /// Live processes of the group (a zombie is not), sorted.
    private func members() -> [pid_t] {
        let numbers = ((try? Files.names(in: "/proc")) ?? []).compactMap { pid_t($0) }.sorted()
        return numbers.filter(isLiveMember)
    }

    private func isLiveMember(_ pid: pid_t) -> Bool {
        guard let bytes = Files.start(of: "/proc/\(pid)/stat", limit: ProcessLimits.statusBytes) else { return false }
        // pid (name) state parent group …; the name may hold spaces and brackets, so count from the last bracket.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 2, let group = pid_t(fields[2]) else { return false }
        return group == id && fields[0] != "Z" && fields[0] != "X"
    }

    private func carriesMark(_ pid: pid_t) -> Bool {
        guard isLiveMember(pid),
            let environment = Files.start(of: "/proc/\(pid)/environ", limit: ProcessLimits.environmentBytes)
        else { return false }
        let mark = Array("\(ProcessEnvironment.instanceName)=\(instance.text)".utf8)
        return environment.split(separator: 0).contains { $0.elementsEqual(mark) }
    }
}
