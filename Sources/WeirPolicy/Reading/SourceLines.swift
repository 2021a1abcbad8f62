/// The lines of a text, each with the end that it is written with. YAML 1.1 breaks lines at more than the line feed, and the marks
/// of its parser count each of these.
enum SourceLines {
    struct Line {
        /// Scalars, as to a character CR and LF are one.
        var scalars: [Unicode.Scalar] = []
        /// Empty for the last one, which may be empty itself.
        var end = ""

        var text: String { SourceLines.text(scalars) }
    }

    static func of(_ text: String) -> [Line] {
        var lines: [Line] = []
        var current = Line()
        var hasReturned = false
        for scalar in text.unicodeScalars {
            if hasReturned, scalar == "\n" {
                lines[lines.count - 1].end = "\r\n"
                hasReturned = false
                continue
            }
            hasReturned = scalar == "\r"
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                current.end = String(scalar)
                lines.append(current)
                current = Line()
            default: current.scalars.append(scalar)
            }
        }
        return lines + [current]
    }

    static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// What new lines of a text end with.
    static func usualEnd(_ lines: [Line]) -> String { lines.first?.end == "\r\n" ? "\r\n" : "\n" }
}
