import FoundationEssentials
import Glibc
import WeirCore

/// One file of a group's records: `records/thumbnails.00000012.jsonl`. They are numbered in the order in which they were begun;
/// each can be read by itself, as its first record says where it starts from.
public struct RecordSegment: Sendable, Equatable {
    public var path: String
    public var group: String
    var number: Int

    init(folder: String, group: String, number: Int) {
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, Self.digits - digits.utf8.count)) + digits
        path = "\(folder)/\(group).\(name).jsonl"
        self.group = group
        self.number = number
    }

    /// Nil when a file of this name is none. Records up to version 3 are in `thumbnails.jsonl`, and before it those that were
    /// put aside, `thumbnails.1.jsonl` before `thumbnails.jsonl`, and so on.
    init?(folder: String, name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.last == "jsonl", let group = parts.first, !group.isEmpty else { return nil }
        switch parts.count {
        case 2: number = 0
        case 3:
            guard let number = Int(parts[1]), number > 0 else { return nil }
            self.number = parts[1].utf8.count == Self.digits ? number : -number
        default: return nil
        }
        path = folder + "/" + name
        self.group = String(group)
    }

    private static let digits = 8

    /// Those of a folder, group by group, oldest first.
    public static func all(in folder: String) -> [RecordSegment] {
        Files.names(in: folder).compactMap { RecordSegment(folder: folder, name: $0) }
            .sorted { ($0.group, $0.number) < ($1.group, $1.number) }
    }

    /// Its size, and when it was written last; nil when it is gone.
    var standing: (bytes: Int, writtenAt: Instant)? {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return nil }
        let milliseconds = Int64(entry.st_mtim.tv_sec) * 1000 + Int64(entry.st_mtim.tv_nsec) / 1_000_000
        return (Int(entry.st_size), Instant(milliseconds: milliseconds))
    }
}
