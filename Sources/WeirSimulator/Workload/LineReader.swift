import Glibc

/// Lines of a file, one after the other, in memory that does not grow with it.
public final class LineReader {
    /// The file, as it is named in mistakes.
    public let path: String
    private let file: Int32
    private var buffer: [UInt8]
    private var begin = 0
    private var end = 0
    private var hasEnded = false
    /// Unit: bytes; 0 for what has no size, such as a pipe.
    private let size: Int
    private var taken = 0
    /// Of the line that was read last, from 1.
    private(set) var number = 0
    /// What the first line says, when it is a comment.
    private(set) var firstComment: String?
    /// A line that was looked at, and that is still the next.
    private var held: [UInt8]?

    /// No line is longer. Unit: bytes.
    static let longestLine = 1 << 16
    /// No file that has to be read as a whole is longer. Unit: bytes.
    static let longestWhole = 256 << 20

    /// - Parameter path: `-` is the standard input.
    public init(_ path: String) throws(TraceFailure) {
        self.path = path == "-" ? "standard input" : path
        file = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        buffer = [UInt8](repeating: 0, count: Self.longestLine)
        var entry = stat()
        size = file >= 0 && fstat(file, &entry) == 0 ? Int(entry.st_size) : 0
        guard file >= 0 else {
            throw TraceFailure(path: path, problem: "cannot be opened: \(String(cString: strerror(errno)))")
        }
    }

    /// How much of the file has been read, 0…1; nil when it has no size.
    var shareRead: Double? { size > 0 ? min(Double(taken - (end - begin)) / Double(size), 1) : nil }

    deinit { if file >= 0 { close(file) } }

    /// Calls `look` with the bytes of the next line, without its end; blank lines and comments (`#`) are passed over.
    /// - Returns: nil at the end of the file.
    func next<Value>(_ look: (Span<UInt8>) throws(TraceFailure) -> Value) throws(TraceFailure) -> Value? {
        if let line = held {
            held = nil
            return try look(line.span)
        }
        while true {
            guard let (from, to) = try nextRange() else { return nil }
            number += 1
            var last = to
            if last > from, buffer[last - 1] == UInt8(ascii: "\r") { last -= 1 }
            if number == 1, buffer[from..<last].contains(UInt8(ascii: "\r")) { throw endsWithReturns }
            if from == last { continue }
            if buffer[from] == UInt8(ascii: "#") {
                if number == 1 { firstComment = String(decoding: buffer[from..<last], as: UTF8.self) }
                continue
            }
            let memory = buffer
            return try look(memory.span.extracting(from..<last))
        }
    }

    // MARK: What is coming

    /// The first byte that is no blank; nil when there is none in the first 64 KiB. It is still to be read.
    func firstByte() throws(TraceFailure) -> UInt8? {
        while end < buffer.count, !hasEnded, !buffer[begin..<end].contains(where: { $0 > 32 }) { try refill() }
        // A byte order mark, as spreadsheets write it.
        if buffer[begin..<end].starts(with: [0xEF, 0xBB, 0xBF]) { begin += 3 }
        return buffer[begin..<end].first { $0 > 32 }
    }

    /// The next line, which is still to be read; nil at the end of the file.
    func peek() throws(TraceFailure) -> [UInt8]? {
        if held == nil { held = try next { bytes throws(TraceFailure) in bytes.indices.map { bytes[$0] } } }
        return held
    }

    /// Everything that is left.
    public func rest() throws(TraceFailure) -> [UInt8] {
        var whole: [UInt8] = []
        while true {
            whole += buffer[begin..<end]
            begin = end
            if hasEnded { return whole }
            guard whole.count <= Self.longestWhole else {
                throw TraceFailure(path: path, problem: "longer than \(Self.longestWhole >> 20) MiB")
            }
            try refill()
        }
    }

    private var endsWithReturns: TraceFailure {
        TraceFailure(
            path: path, line: 1,
            problem: "lines end with a carriage return alone: expected line feeds, as tr '\\r' '\\n' makes them")
    }

    private func nextRange() throws(TraceFailure) -> (Int, Int)? {
        var scanned = begin
        while true {
            while scanned < end {
                if buffer[scanned] == UInt8(ascii: "\n") {
                    let range = (begin, scanned)
                    begin = scanned + 1
                    return range
                }
                scanned += 1
            }
            if hasEnded {
                guard begin < end else { return nil }
                let range = (begin, end)
                begin = end
                return range
            }
            let shift = begin
            try refill()
            scanned -= shift
        }
    }

    private func refill() throws(TraceFailure) {
        if begin > 0 {
            for index in begin..<end { buffer[index - begin] = buffer[index] }
            end -= begin
            begin = 0
        }
        guard end < buffer.count else {
            if number == 0, buffer.contains(UInt8(ascii: "\r")) { throw endsWithReturns }
            throw TraceFailure(path: path, line: number + 1, problem: "longer than \(Self.longestLine) bytes")
        }
        let room = buffer.count - end
        let start = end
        let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + start }, room) }
        guard count >= 0 else {
            let (isFolder, reason) = (errno == EISDIR, String(cString: strerror(errno)))
            throw TraceFailure(path: path, problem: "cannot be read: \(reason)", isMistake: isFolder)
        }
        if count == 0 { hasEnded = true }
        end += count
        taken += count
    }
}

extension Span<UInt8> {
    /// What is no UTF-8 in it is replaced.
    var text: String { String(decoding: indices.map { self[$0] }, as: UTF8.self) }
}
