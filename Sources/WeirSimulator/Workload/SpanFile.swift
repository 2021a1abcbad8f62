/// Lengths that were measured, to draw from: a file with a number of seconds in each line, or a CSV file with a column `service_s`.
public enum SpanFile {
    /// More are not drawn from.
    public static let mostLengths = 10_000_000

    /// - Throws: when the file cannot be read, a line has no length in it, or there is none at all.
    public static func read(_ path: String) throws(TraceFailure) -> SpanModel {
        let lines = try LineReader(path)
        _ = try lines.firstByte()
        var column = 0
        if let first = try lines.peek(), Double(String(decoding: first, as: UTF8.self)) == nil {
            let header = try lines.next { bytes throws(TraceFailure) in CSVTrace.names(bytes) }
            guard let place = header?.firstIndex(of: "service_s") else {
                throw TraceFailure(
                    path: lines.path, line: lines.number,
                    problem: "expected a number of seconds, or a header with a column service_s")
            }
            column = place
        }
        var lengths: [Double] = []
        while let length = try lines.next({ bytes throws(TraceFailure) in try Self.length(bytes, column, lines) }) {
            guard lengths.count < mostLengths else {
                throw TraceFailure(path: lines.path, line: lines.number, problem: "more than \(mostLengths) lengths")
            }
            lengths.append(length)
        }
        guard !lengths.isEmpty else { throw TraceFailure(path: lines.path, problem: "has no lengths in it") }
        return .drawn(from: lengths)
    }

    private static func length(
        _ bytes: Span<UInt8>, _ column: Int, _ lines: LineReader
    ) throws(TraceFailure) -> Double {
        let fields = CSVTrace.names(bytes)
        guard fields.indices.contains(column), CSVTrace.isDecimal(fields[column].utf8),
            let seconds = Double(fields[column]), seconds.isFinite, seconds >= 0
        else {
            throw TraceFailure(
                path: lines.path, line: lines.number,
                problem: "'\(fields.joined(separator: ","))' has no number of seconds from 0 in field \(column + 1)")
        }
        return seconds
    }
}
