import FoundationEssentials
import Glibc
import Logging
import Synchronization
import WeirCore

/// Records as JSON lines, one file a group. A file that grew too large is put aside and the oldest of those is dropped, so
/// that records never fill the disk. A record that cannot be written is lost and said so once; it never holds up a tick.
public final class RecordFile: Recorder {
    private let folder: String
    private let logger: Logger
    private let open = Mutex<[String: OpenFile]>([:])

    private struct OpenFile {
        var descriptor: Int32
        var bytes: Int
        var complained = false

        mutating func reopen(as other: OpenFile) {
            descriptor = other.descriptor
            bytes = other.bytes
        }
    }

    public init(_ folder: StateFolder, logger: Logger) {
        self.folder = folder.records
        self.logger = logger
    }

    deinit {
        open.withLock { files in
            for name in files.keys.sorted() { _ = files[name].map { Glibc.close($0.descriptor) } }
        }
    }

    public func record(_ record: Record) {
        guard var line = try? JSONEncoder().encode(record) else { return }
        line.append(UInt8(ascii: "\n"))
        open.withLock { files in
            var file = files[record.group] ?? opened(record.group)
            if file.descriptor < 0 { file.reopen(as: opened(record.group)) }
            if file.bytes > Limits.recordFileBytes { file = turnedOver(record.group, file) }
            if append(line, to: file) {
                file.bytes += line.count
                file.complained = false
            } else if !file.complained {
                file.complained = true
                logger.warning(
                    "records are being lost", metadata: ["group": "\(record.group)", "reason": "\(Files.reason())"])
            }
            files[record.group] = file
        }
    }

    private func path(of group: String, _ age: Int = 0) -> String {
        folder + "/" + group + (age == 0 ? ".jsonl" : ".\(age).jsonl")
    }

    private func opened(_ group: String) -> OpenFile {
        let descriptor = Glibc.open(path(of: group), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let bytes = descriptor < 0 ? 0 : Int(lseek(descriptor, 0, SEEK_END))
        if bytes > 0 { cutTornTail(descriptor, bytes) }
        return OpenFile(descriptor: descriptor, bytes: bytes)
    }

    /// A line that a crash cut off would swallow the next one: end it.
    private func cutTornTail(_ descriptor: Int32, _ bytes: Int) {
        var last: UInt8 = 0
        if pread(descriptor, &last, 1, off_t(bytes - 1)) == 1, last != UInt8(ascii: "\n") {
            _ = Glibc.write(descriptor, "\n", 1)
        }
    }

    private func turnedOver(_ group: String, _ file: OpenFile) -> OpenFile {
        Glibc.close(file.descriptor)
        Files.remove(path(of: group, Limits.recordFilesKept))
        for age in stride(from: Limits.recordFilesKept - 1, through: 0, by: -1) {
            rename(path(of: group, age), path(of: group, age + 1))
        }
        return opened(group)
    }

    private func append(_ line: Data, to file: OpenFile) -> Bool {
        guard file.descriptor >= 0 else { return false }
        let written = line.withUnsafeBytes { Glibc.write(file.descriptor, $0.baseAddress, $0.count) }
        if written == line.count { return true }
        // Half a line (the disk is full) would swallow the next one.
        if written > 0 { ftruncate(file.descriptor, off_t(file.bytes)) }
        return false
    }
}
