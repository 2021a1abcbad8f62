/// A line whose colours are no part of its text, so that it can be measured and cut.
struct StyledLine: Equatable {
    struct Span: Equatable {
        var text: String
        var colour: Terminal.Colour?
    }

    private(set) var spans: [Span]

    init(_ text: String = "", _ colour: Terminal.Colour? = nil) {
        spans = text.isEmpty ? [] : [Span(text: text.harmless, colour: colour)]
    }

    /// Text in which `Terminal.paint` has put its colours.
    init(painted text: String) {
        self.init()
        var parts = text.split(separator: "\u{1B}[", omittingEmptySubsequences: false)[...]
        if let first = parts.popFirst() { self += StyledLine(String(first)) }
        for part in parts {
            let number = part.prefix { $0 != "m" }
            self += StyledLine(String(part.dropFirst(number.count + 1)), Terminal.Colour(rawValue: String(number)))
        }
    }

    var cells: Int { spans.reduce(0) { $0 + $1.text.cells } }
    var plain: String { spans.map(\.text).joined() }

    static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        var line = left
        line += right
        return line
    }

    static func += (left: inout StyledLine, right: StyledLine) { left.spans += right.spans }

    /// At most so many columns of it.
    func cut(to columns: Int) -> StyledLine {
        guard cells > columns else { return self }
        var line = StyledLine()
        var left = columns
        for span in spans {
            // The ellipsis stands where the text is cut, also when that is between two spans.
            let isLast = span.text.cells >= left
            let text = isLast ? (span.text + " ").cut(toCells: left) : span.text
            line.spans.append(Span(text: text, colour: span.colour))
            left -= span.text.cells
            if isLast { break }
        }
        return line
    }

    func padded(to columns: Int) -> StyledLine {
        cells < columns ? self + StyledLine(String(repeating: " ", count: columns - cells)) : self
    }

    /// All of it in this colour, as what is chosen.
    func repainted(_ colour: Terminal.Colour) -> StyledLine { StyledLine(plain, colour) }

    func text(coloured: Bool) -> String {
        guard coloured else { return plain }
        return spans.map { span in
            span.colour.map { "\u{1B}[\($0.rawValue)m\(span.text)\u{1B}[0m" } ?? span.text
        }.joined()
    }
}

extension [StyledLine] {
    func joined(_ separator: String) -> StyledLine {
        guard var line = first else { return StyledLine() }
        for next in dropFirst() { line += StyledLine(separator) + next }
        return line
    }
}
