import FoundationEssentials
import Glibc
import WeirCore

/// Reads a file of records line by line, however long it is. What cannot be read is told with its place, and what comes after it
/// is read all the same.
public final class RecordReader {
    public enum Line {
        case record(Record)
        case damaged(RecordDamage)
        /// The file ends in the middle of it: weir was ended while it wrote, or is writing it now.
        case torn(bytes: Int)
    }

    public let path: String
    /// Of the line that was read last, from 1.
    public private(set) var number = 0
    /// Of the file, so far.
    public private(set) var bytesRead = 0
    private let descriptor: Int32
    private var buffer = Data()
    private var isAtEnd = false
    /// Only lines with these bytes are of interest; others are passed over unread.
    private let needle: [UInt8]

    /// - Parameter lines: when it is not empty, lines without this text are passed over.
    /// - Throws: when the file cannot be opened.
    public init(_ path: String, only needle: String = "") throws(StateFailure) {
        self.path = path
        self.needle = Array(needle.utf8)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StateFailure("cannot read \(path): \(Files.reason())") }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Nil at the end.
    /// - Throws: when the file cannot be read.
    public func next() throws(StateFailure) -> Line? {
        while true {
            guard let (line, isWhole) = try nextLine() else { return nil }
            number += 1
            guard isWhole else { return .torn(bytes: line.count) }
            guard !line.isEmpty, needle.isEmpty || line.firstRange(of: needle) != nil else { continue }
            do throws(RecordDamage) {
                return .record(try RecordLine.decode(line))
            } catch {
                return .damaged(error)
            }
        }
    }

    private func nextLine() throws(StateFailure) -> (Data, isWhole: Bool)? {
        var searched = buffer.startIndex
        while true {
            if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffer[buffer.startIndex..<newline])
                buffer = buffer[(newline + 1)...]
                return (line, true)
            }
            if isAtEnd {
                guard !buffer.isEmpty else { return nil }
                defer { buffer = Data() }
                return (buffer, false)
            }
            let length = buffer.count
            buffer = Data(buffer)
            try readMore()
            searched = buffer.startIndex + length
        }
    }

    private func readMore() throws(StateFailure) {
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw StateFailure("cannot read \(path): \(Files.reason())") }
        if count == 0 { isAtEnd = true }
        bytesRead += count
        buffer.append(contentsOf: chunk[..<count])
    }

    private static let chunkBytes = 1 << 18
}
