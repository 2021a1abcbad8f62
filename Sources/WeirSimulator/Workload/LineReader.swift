import Glibc

/// Lines of a file, one after the other, in memory that does not grow with it.
final class LineReader {
    let path: String
    private let file: Int32
    private var buffer: [UInt8]
    private var begin = 0
    private var end = 0
    private var hasEnded = false
    /// Of the line that was read last, from 1.
    private(set) var number = 0

    /// No line is longer. Unit: bytes.
    static let longestLine = 1 << 16

    init(_ path: String) throws(TraceFailure) {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        buffer = [UInt8](repeating: 0, count: Self.longestLine)
        guard file >= 0 else {
            throw TraceFailure(path: path, problem: "cannot be opened: \(String(cString: strerror(errno)))")
        }
    }

    deinit { if file >= 0 { close(file) } }

    /// Calls `look` with the bytes of the next line, without its end; blank lines and comments (`#`) are passed over.
    /// - Returns: nil at the end of the file.
    func next<Value>(_ look: (UnsafeBufferPointer<UInt8>) throws(TraceFailure) -> Value) throws(TraceFailure) -> Value?
    {
        while true {
            guard let (from, to) = try nextRange() else { return nil }
            number += 1
            var last = to
            if last > from, buffer[last - 1] == UInt8(ascii: "\r") { last -= 1 }
            if from == last || buffer[from] == UInt8(ascii: "#") { continue }
            var value: Result<Value, TraceFailure>?
            buffer.withUnsafeBufferPointer { bytes in
                do throws(TraceFailure) {
                    value = .success(try look(UnsafeBufferPointer(rebasing: bytes[from..<last])))
                } catch {
                    value = .failure(error)
                }
            }
            return try value?.get()
        }
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
            throw TraceFailure(path: path, line: number + 1, problem: "longer than \(Self.longestLine) bytes")
        }
        let room = buffer.count - end
        let start = end
        let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress.map { $0 + start }, room) }
        guard count >= 0 else {
            throw TraceFailure(path: path, problem: "cannot be read: \(String(cString: strerror(errno)))")
        }
        if count == 0 { hasEnded = true }
        end += count
    }
}
