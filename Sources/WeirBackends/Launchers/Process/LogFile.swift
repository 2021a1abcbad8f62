import Glibc

/// What an instance printed: read its end, keep it small, keep the last ones of a group.
enum LogFile {
    /// The last lines, oldest first, without control characters.
    static func tail(of path: String) -> [String] {
        guard let bytes = Files.end(of: path, limit: ProcessLimits.logTailBytes) else { return [] }
        var lines = PlainText.lines(bytes)
        // The first one was cut in two, unless the file was read from its beginning.
        if bytes.count == ProcessLimits.logTailBytes, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(ProcessLimits.logTailLines)
    }

    /// Cuts a log that has grown too large down to its end. The instance goes on writing, because it appends; lines that
    /// it writes in the very moment of the cut are lost.
    static func cap(_ path: String) throws(SystemFailure) {
        guard let size = Files.sizeBytes(of: path), size > ProcessLimits.logBytes else { return }
        let kept = Files.end(of: path, limit: ProcessLimits.logKeptBytes) ?? []
        let file = try Descriptor.open(path, O_WRONLY | O_APPEND)
        guard ftruncate(file.number, 0) == 0 else { throw SystemFailure("cut \(path)", code: errno) }
        // Whole lines only: the first one kept was most likely cut in two.
        let lineStart = kept.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        try file.write(kept[lineStart...])
    }

    /// Moves the log of a removed instance to the group's folder of logs, where the last few are kept.
    static func archive(_ path: String, as name: String, in folder: String) throws(SystemFailure) {
        guard let size = Files.sizeBytes(of: path), size > 0 else { return }
        try Files.makeFolder(folder)
        guard rename(path, "\(folder)/\(name).log") == 0 else {
            throw SystemFailure("keep \(path)", code: errno)
        }
        let logs = try Files.names(in: folder).map { name in
            (path: "\(folder)/\(name)", writtenAt: writtenAt("\(folder)/\(name)"))
        }
        let oldestFirst = logs.sorted { ($0.writtenAt, $0.path) < ($1.writtenAt, $1.path) }
        for log in oldestFirst.dropLast(ProcessLimits.logsKept) { try Files.delete(log.path) }
    }

    /// Unit: nanoseconds of the file system's clock; for putting logs in order only.
    private static func writtenAt(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }
}
