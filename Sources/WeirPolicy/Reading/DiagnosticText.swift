extension Diagnostic {
    /// The complaint as a person sees it, without a line break at its end:
    ///
    /// ```
    /// policies/emails.yaml:14:5: error: unknown key 'scale_in_cooldwn' in 'emails'
    ///    14 |     scale_in_cooldwn: 300s
    ///       |     ^^^^^^^^^^^^^^^^ did you mean 'scale_in_cooldown'?
    /// ```
    public var text: String {
        guard let place else {
            return "\(path): \(severity.rawValue): \(message)" + (hint.map { "; \($0)" } ?? "")
        }
        let number = String(place.line)
        let gutter = String(repeating: " ", count: max(Self.gutterWidth - number.count, 0)) + number
        let blank = String(repeating: " ", count: gutter.count)
        return """
            \(path):\(place.line):\(place.column): \(severity.rawValue): \(message)
            \(gutter) |\(place.excerpt.isEmpty ? "" : " " + place.excerpt)
            \(blank) | \(place.carets)\(hint.map { " " + $0 } ?? "")
            """
    }

    private static let gutterWidth = 5
}

extension SourceText {
    func place(of span: SourceSpan) -> Diagnostic.Place {
        let full = Quotation.harmless(SecretMask.hidden(inLine: line(span.line)))
        let (shown, start) = excerpt(of: full, around: span)
        let before = prefix(of: shown, scalars: start)
        let covered = String(String.UnicodeScalarView(shown.unicodeScalars.dropFirst(start).prefix(span.length)))
        let padding = before.map { $0 == "\t" ? "\t" : String(repeating: " ", count: $0.displayWidth) }.joined()
        let width = max(covered.reduce(0) { $0 + ($1 == "\t" ? 1 : $1.displayWidth) }, 1)
        return Diagnostic.Place(
            line: span.line, column: characterColumn(of: span), excerpt: shown,
            carets: padding + String(repeating: "^", count: width))
    }

    /// A long line is cut on both sides; the second value is where the span starts in what is left, in scalars.
    private func excerpt(of line: String, around span: SourceSpan) -> (text: String, start: Int) {
        let scalars = Array(line.unicodeScalars)
        let start = min(span.column - 1, scalars.count)
        guard scalars.count > Limits.widestExcerpt else { return (line, start) }
        let from = max(min(start - Limits.widestExcerpt / 4, scalars.count - Limits.widestExcerpt), 0)
        let until = min(from + Limits.widestExcerpt, scalars.count)
        var view = String.UnicodeScalarView()
        if from > 0 { view.append("…") }
        view.append(contentsOf: scalars[from..<until])
        if until < scalars.count { view.append("…") }
        return (String(view), start - from + (from > 0 ? 1 : 0))
    }
}

extension Character {
    /// Columns that a terminal gives this character: 0 for what only joins, 2 for East Asian wide ones and emoji.
    /// Source: Unicode Standard Annex 11, the blocks that are wide as a whole.
    var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.properties.generalCategory == .format || first.properties.generalCategory == .nonspacingMark {
            return 0
        }
        if first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") { return 2 }
        return Self.wide.contains { $0.contains(first.value) } ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x20000...0x3FFFD,
    ]
}
