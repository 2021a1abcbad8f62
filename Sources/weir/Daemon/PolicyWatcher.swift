import FoundationEssentials
import Glibc

/// Notices that policy files changed, came or went, by looking once a second: editors replace files in many ways, and a
/// look sees them all.
struct PolicyWatcher {
    let paths: [String]
    private var seen: [String]

    init(_ paths: [String]) {
        self.paths = paths
        seen = Self.look(at: paths)
    }

    /// Whether anything changed since the last time this was asked.
    mutating func changed() -> Bool {
        let now = Self.look(at: paths)
        defer { seen = now }
        return now != seen
    }

    private static func look(at paths: [String]) -> [String] {
        paths.flatMap(files).map { path in
            var entry = stat()
            guard stat(path, &entry) == 0 else { return "\(path) gone" }
            return "\(path) \(entry.st_ino) \(entry.st_size) \(entry.st_mtim.tv_sec).\(entry.st_mtim.tv_nsec)"
        }
    }

    /// The path itself, or what a folder holds.
    private static func files(_ path: String) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { "\(path)/\($0)" }
    }
}
