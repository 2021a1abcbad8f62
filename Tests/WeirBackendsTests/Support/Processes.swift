import Glibc

@testable import WeirBackends

/// A process that runs; a zombie does not.
func isAlive(_ pid: pid_t) -> Bool {
    guard let bytes = Files.start(of: "/proc/\(pid)/stat", limit: 1024) else { return false }
    return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
}

/// The kernel's letters for what the processes of a group are doing; zombies are left out.
func states(ofProcessGroup group: pid_t) throws -> [String] {
    try Files.names(in: "/proc").filter { pid_t($0) != nil }.compactMap { pid in
        guard let bytes = Files.start(of: "/proc/\(pid)/stat", limit: 1024) else { return nil }
        // pid (name) state parent group …; the name may hold spaces and brackets.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 2, pid_t(fields[2]) == group, fields[0] != "Z" else { return nil }
        return String(fields[0])
    }
}
