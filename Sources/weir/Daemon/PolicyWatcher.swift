import FoundationEssentials
import Glibc

/// Notices that policy files changed, came or went, by looking once a second: editors replace files in many ways, and a
/// look sees them all.
struct PolicyWatcher {
    /// A file that is gone may be back in a moment, when a checkout or a copy replaces it: it has to be gone for so many
    /// looks.
    private static let looksUntilGone = 3

    let paths: [String]
    /// By path, what tells one version from another.
    private var told: [String: String]
    private var looksWithoutSome = 0

    init(_ paths: [String]) {
        self.paths = paths
        told = Self.look(at: paths)
    }

    /// Whether anything changed since the last time this said so.
    mutating func changed() -> Bool {
        let now = Self.look(at: paths)
        guard now != told else {
            looksWithoutSome = 0
            return false
        }
        if told.keys.contains(where: { now[$0] == nil }) {
            looksWithoutSome += 1
            if looksWithoutSome < Self.looksUntilGone { return false }
        }
        looksWithoutSome = 0
        told = now
        return true
    }

    private static func look(at paths: [String]) -> [String: String] {
        var seen: [String: String] = [:]
        for path in paths.flatMap(files) {
            var entry = stat()
            guard stat(path, &entry) == 0 else { continue }
            seen[path] = "\(entry.st_ino) \(entry.st_size) \(entry.st_mtim.tv_sec).\(entry.st_mtim.tv_nsec)"
        }
        return seen
    }

    /// The path itself, or what a folder holds.
    private static func files(_ path: String) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { "\(path)/\($0)" }
    }
}
