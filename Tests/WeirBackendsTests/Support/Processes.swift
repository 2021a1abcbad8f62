import Glibc

@testable import WeirBackends

/// A process that runs; a zombie does not.
func isAlive(_ pid: pid_t) -> Bool {
    guard let bytes = Files.start(of: "/proc/\(pid)/stat", limit: 1024) else { return false }
    return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
}
