import Glibc
import Synchronization

/// Processes that weir started and has not reaped yet. One list for all launchers: a launcher goes with its policy, and
/// what it started would stay behind as a zombie when it ends.
final class ChildList: Sendable {
    private let children = Mutex<[pid_t]>([])

    func add(_ pid: pid_t) {
        children.withLock { $0.append(pid) }
    }

    /// Reaps those that have ended.
    func reap() {
        children.withLock { $0.removeAll(where: Children.reapIfEnded) }
    }
}
