/// A key that was given another character, and what it was.
struct RenamedKey: Sendable {
    var span: SourceSpan
    /// What the key says; nil when it is a list or a mapping.
    var name: String?
    var standIn: Unicode.Scalar
    var original: Unicode.Scalar
}

/// Finds the way past keys that are written twice.
enum DuplicateKey {
    /// How many can be renamed in a file of this size: each one costs another parse.
    static func most(entries: Int, bytes: Int) -> Int {
        min(
            Limits.mostDuplicateKeys, Limits.mostEntriesParsedAgain / max(entries, 1),
            Limits.mostBytesParsedAgain / max(bytes, 1))
    }

    /// The text with one character of the key at `span` replaced by one that no file has; nil when it cannot be done in
    /// place. `name`: what the parser calls the key.
    static func renamingFirst(
        _ name: String?, at span: SourceSpan, in text: String, number: Int
    ) -> (text: String, key: RenamedKey)? {
        var scalars = Array(text.unicodeScalars)
        guard let start = index(of: span, in: scalars),
            let index = isText(name) ? inText(from: start, scalars) : inList(from: start, scalars),
            let standIn = Unicode.Scalar(firstPrivate + UInt32(number))
        else { return nil }
        let key = RenamedKey(
            span: span, name: isText(name) ? name : nil, standIn: standIn, original: scalars[index])
        scalars[index] = standIn
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return (String(view), key)
    }

    // MARK: When there is no way past

    /// Tells of the keys that were renamed in a file that cannot be read to its end: where the second of two stands is
    /// not known then.
    static func report(_ renamed: [RenamedKey], to findings: inout Findings) {
        for key in renamed { report(key.name, at: key.span, hint: "it stands again further down", to: &findings) }
    }

    /// Tells of the key at which reading ended.
    static func reportLast(_ name: String?, at span: SourceSpan, to findings: inout Findings) {
        report(
            isText(name) ? name : nil, at: span, hint: "it stands again further down; nothing else was checked",
            to: &findings)
    }

    private static func report(_ name: String?, at span: SourceSpan, hint: String, to findings: inout Findings) {
        if let name {
            findings.error("key '\(Quotation.short(name))' is written twice", at: span, hint: hint)
        } else {
            findings.error("a key is a mapping or a list", at: span, hint: "expected a word")
        }
    }

    /// The parser has one word for every key that is a list or a mapping.
    private static func isText(_ name: String?) -> Bool { name != nil && name != "<uncovertable>" }

    // MARK: Places

    /// The private use area: allowed in YAML, and used by nobody for words.
    private static let firstPrivate: UInt32 = 0xF500

    /// The first character of a key, inside its quotes. An anchor, a tag, an escape or an empty key has none that could
    /// be replaced.
    private static func inText(from start: Int, _ scalars: [Unicode.Scalar]) -> Int? {
        let isQuoted = scalars[start] == "\"" || scalars[start] == "'"
        let index = isQuoted ? start + 1 : start
        let unfit = (isQuoted ? "\"'\\\r\n" : "&!*|>").unicodeScalars
        return scalars.indices.contains(index) && !unfit.contains(scalars[index]) ? index : nil
    }

    /// The first letter or digit of a key that is a list or a mapping. It is dropped later with a complaint of its own,
    /// so any change that tells it from the other will do.
    private static func inList(from start: Int, _ scalars: [Unicode.Scalar]) -> Int? {
        guard let index = scalars[start...].firstIndex(where: { !"[{-? \"'".unicodeScalars.contains($0) }),
            scalars[index].properties.isAlphabetic || ("0"..."9").contains(scalars[index])
        else { return nil }
        return index
    }

    private static func index(of span: SourceSpan, in scalars: [Unicode.Scalar]) -> Int? {
        var line = 1
        var start = 0
        for (index, scalar) in scalars.enumerated() where line < span.line {
            let isFirstOfTwo = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
            guard !isFirstOfTwo, ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) else { continue }
            line += 1
            start = index + 1
        }
        let index = start + span.column - 1
        return line == span.line && scalars.indices.contains(index) ? index : nil
    }
}
