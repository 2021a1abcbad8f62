/// The text of one file, as its lines, for pointing into it.
struct SourceText: Sendable {
    let path: String
    /// Scalars, so that every place of a long line is reached at once.
    private let lines: [[Unicode.Scalar]]

    init(path: String, text: String) {
        self.path = path
        self.lines = Self.split(text)
    }

    /// The text of a line, counted from 1; empty when there is no such line.
    func line(_ number: Int) -> String { Self.string(scalars(ofLine: number)) }

    /// The scalars of a line from a column on, both counted from 1.
    func scalars(ofLine number: Int, from column: Int = 1) -> ArraySlice<Unicode.Scalar> {
        guard lines.indices.contains(number - 1) else { return [] }
        return lines[number - 1].dropFirst(column - 1)
    }

    var lastLine: Int { max(lines.count, 1) }

    /// The number of the first line that is longer than `length` scalars.
    func firstLine(longerThan length: Int) -> Int? {
        lines.firstIndex { $0.count > length }.map { $0 + 1 }
    }

    /// Where a span starts, in characters counted from 1.
    func characterColumn(of span: SourceSpan) -> Int {
        prefix(of: line(span.line), scalars: span.column - 1).count + 1
    }

    /// The scalars of the text that a span covers.
    func text(of span: SourceSpan) -> String {
        Self.string(scalars(ofLine: span.line, from: span.column).prefix(span.length))
    }

    func prefix(of line: String, scalars count: Int) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.prefix(max(count, 0))))
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func split(_ text: String) -> [[Unicode.Scalar]] {
        var lines = SourceLines.of(text).map(\.scalars)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
