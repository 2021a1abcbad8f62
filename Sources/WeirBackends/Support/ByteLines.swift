/// Cuts a stream of bytes into lines.
struct ByteLines {
    /// A line that grows longer than this is dropped, whatever it was: it keeps a stream from filling memory.
    let limitBytes: Int
    private var begun: [UInt8] = []
    private var dropping = false

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// - Returns: the lines that these bytes complete, without their ends; empty ones are left out.
    mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            append(piece)
            if let line = finish() { lines.append(line) }
        }
        let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        append(bytes[start...])
        return lines
    }

    /// The line that the end of the stream cut off, if there is one.
    mutating func finish() -> [UInt8]? {
        defer {
            begun = []
            dropping = false
        }
        if begun.last == UInt8(ascii: "\r") { begun.removeLast() }
        return dropping || begun.isEmpty ? nil : begun
    }

    private mutating func append(_ piece: ArraySlice<UInt8>) {
        if begun.count + piece.count > limitBytes {
            begun = []
            dropping = true
        } else if !dropping {
            begun += piece
        }
    }
}
