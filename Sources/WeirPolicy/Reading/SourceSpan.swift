/// A stretch of one line in a file.
///
/// - Unit: Unicode scalars, counted from 1, as YAML marks are. What people see is counted in characters: `SourceText`
///   converts.
struct SourceSpan: Sendable, Hashable {
    var line: Int
    var column: Int
    var length: Int

    init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }

    /// The start of a file, where a mistake of the whole file is shown.
    static let start = SourceSpan(line: 1, column: 1)

    /// The part of this span that begins `offset` scalars after its start.
    func part(from offset: Int, length: Int = 1) -> SourceSpan {
        SourceSpan(line: line, column: column + offset, length: length)
    }
}
