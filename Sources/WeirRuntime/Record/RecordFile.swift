import FoundationEssentials
import Glibc
import Logging
import Synchronization
import WeirCore

/// Records as JSON lines, in files that follow each other, for each group its own. What is too old or too much is dropped, a file
/// at a time. A record that cannot be written is lost and said so once; it never holds up a tick.
public final class RecordFile: Recorder {
    private let folder: String
    private let bounds: RecordBounds
    private let logger: Logger
    private let open = Mutex(OpenFiles())

    private struct OpenFiles {
        var segments: [String: OpenSegment] = [:]
        var isTidy = false
    }

    private struct OpenSegment {
        var segment: RecordSegment
        var descriptor: Int32
        var bytes: Int
        /// Of the line that this process began with.
        var firstBytes = 0
        var firstAt: Instant?
        /// A record was lost: what comes after it does not follow from what is there.
        var hasGap = false
        /// Somebody removed the file: what is written to it nobody can read.
        var isGone = false
        var complained = false
    }

    public init(_ folder: StateFolder, bounds: RecordBounds = RecordBounds(), logger: Logger) {
        self.folder = folder.records
        self.bounds = bounds
        self.logger = logger
    }

    deinit {
        open.withLock { files in
            for name in files.segments.keys.sorted() {
                if let descriptor = files.segments[name]?.descriptor, descriptor >= 0 { Glibc.close(descriptor) }
            }
        }
    }

    public func needsCheckpoint(of group: String, at now: Instant) -> Bool {
        if bounds.keepsNothing { return false }
        return open.withLock { files in
            guard let file = files.segments[group] else { return true }
            if isGone(file) {
                files.segments[group]?.isGone = true
                return true
            }
            return file.hasGap || isFull(file, at: now)
        }
    }

    public func record(_ record: Record) {
        if bounds.keepsNothing { return }
        let line: Data
        do {
            line = try RecordLine.encode(record)
        } catch {
            logger.error(
                "a record cannot be written down", metadata: ["group": "\(record.group)", "reason": "\(error)"])
            open.withLock { $0.segments[record.group]?.hasGap = true }
            return
        }
        open.withLock { files in
            if !files.isTidy { drop(beyond: record.at, at: &files) }
            var file = files.segments[record.group] ?? opened(last(of: record.group))
            if file.descriptor < 0 {
                let lost = file
                file = opened(file.segment)
                file.complained = lost.complained
                file.hasGap = lost.hasGap
            } else if file.isGone {
                logger.warning(
                    "a file of records was removed while it was written to, and is begun anew",
                    metadata: ["group": "\(record.group)", "file": "\(file.segment.path)"])
                Glibc.close(file.descriptor)
                file = opened(file.segment)
            }
            // Only one that says where it starts from can begin a file.
            if record.checkpoint != nil, isFull(file, at: record.at) {
                Glibc.close(file.descriptor)
                file = opened(RecordSegment(folder: folder, group: record.group, number: file.segment.number + 1))
                files.segments[record.group] = file
                drop(beyond: record.at, at: &files)
            }
            append(line, to: &file, record)
            files.segments[record.group] = file
        }
    }

    private func isGone(_ file: OpenSegment) -> Bool {
        var entry = stat()
        return file.descriptor >= 0 && fstat(file.descriptor, &entry) == 0 && entry.st_nlink == 0
    }

    private func isFull(_ file: OpenSegment, at now: Instant) -> Bool {
        // A checkpoint of a large group is large: it must not make every second record the first of a file.
        if file.bytes > max(bounds.fileBytes, 8 * file.firstBytes) { return true }
        return file.firstAt.map { now - $0 >= bounds.fileAge } ?? false
    }

    // MARK: Opening

    /// The newest file of the group, if it is of this kind; else a new one.
    private func last(of group: String) -> RecordSegment {
        let newest = RecordSegment.all(in: folder).last { $0.group == group }
        if let newest, newest.number > 0 { return newest }
        return RecordSegment(folder: folder, group: group, number: 1)
    }

    private func opened(_ segment: RecordSegment) -> OpenSegment {
        let descriptor = Glibc.open(segment.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let size = descriptor < 0 ? 0 : max(0, Int(lseek(descriptor, 0, SEEK_END)))
        let whole = size == 0 ? 0 : wholeLines(descriptor, size)
        if whole < size {
            ftruncate(descriptor, off_t(whole))
            logger.warning(
                "the last record was not written to its end, and is cut off",
                metadata: ["file": "\(segment.path)", "bytes": "\(size - whole)"])
        }
        return OpenSegment(segment: segment, descriptor: descriptor, bytes: whole)
    }

    /// How many bytes stand before what a crash or a loss of power left of the last line.
    private func wholeLines(_ descriptor: Int32, _ size: Int) -> Int {
        var end = size
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while end > 0 {
            let begin = max(0, end - bytes.count)
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, end - begin, off_t(begin)) }
            guard count == end - begin else { return size }
            if let newline = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) { return begin + newline + 1 }
            end = begin
        }
        return 0
    }

    // MARK: Writing

    private func append(_ line: Data, to file: inout OpenSegment, _ record: Record) {
        let written =
            file.descriptor < 0
            ? -1 : line.withUnsafeBytes { Glibc.write(file.descriptor, $0.baseAddress, $0.count) }
        if written == line.count {
            if file.firstAt == nil {
                file.firstAt = record.at
                file.firstBytes = line.count
            }
            file.bytes += line.count
            file.hasGap = file.hasGap && record.checkpoint == nil
            file.complained = false
            return
        }
        let reason = written < 0 ? Files.reason() : "there is no room for all of it"
        // Half a line would swallow the next one.
        if written > 0, ftruncate(file.descriptor, off_t(file.bytes)) != 0 {
            Glibc.close(file.descriptor)
            file.descriptor = -1
        }
        file.hasGap = true
        guard !file.complained else { return }
        file.complained = true
        logger.warning("records are being lost", metadata: ["group": "\(record.group)", "reason": "\(reason)"])
    }

    // MARK: Dropping

    /// Of all groups, also of those that nobody runs any more; a file that is being written to stays.
    private func drop(beyond now: Instant, at files: inout OpenFiles) {
        files.isTidy = true
        var bytes: [String: Int] = [:]
        for segment in RecordSegment.all(in: folder).reversed() {
            guard let standing = segment.standing else { continue }
            let isOpen = files.segments[segment.group]?.segment == segment
            // The file that is begun may grow to its size.
            let before = bytes[segment.group] ?? bounds.fileBytes
            let sum = before + (isOpen ? 0 : standing.bytes)
            if !isOpen, sum > bounds.bytes || now - standing.writtenAt > bounds.age {
                Files.remove(segment.path)
            } else {
                bytes[segment.group] = sum
            }
        }
    }
}
