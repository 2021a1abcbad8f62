/// Keeps values of variables whose names sound secret out of what people are shown. Secrets belong into references
/// (`${ENV_NAME}`, `file:/path`); this is for the ones that were written down all the same.
enum SecretMask {
    static let mask = "***"
    /// `PASS` is also in PASSWORD, PASSPHRASE and PGPASSWD, `AUTH` in AUTHORIZATION. Rather one too many than one too few.
    private static let tellingWords = [
        "PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "COOKIE", "SESSION", "AUTH",
    ]

    static func soundsSecret(_ name: String) -> Bool {
        let upper = name.uppercased()
        return tellingWords.contains { upper.contains($0) }
    }

    /// What may be shown of a value: nothing when its name sounds secret, else all but the secret parts of addresses.
    /// References say where a secret is, not what it is, and are shown.
    static func shown(_ value: String, of name: String) -> String {
        if soundsSecret(name) { return isReference(value) ? value : mask }
        var scalars = Array(value.unicodeScalars)
        for range in SecretURLParts.ranges(in: scalars).reversed() where !isReference(text(scalars[range])) {
            scalars.replaceSubrange(range, with: mask.unicodeScalars)
        }
        return text(scalars[...])
    }

    /// The line of a file with the values after secret-sounding names and the secret parts of addresses covered, one
    /// star for one scalar, so that columns stay what they are.
    static func hidden(inLine line: String) -> String {
        var scalars = Array(line.unicodeScalars)
        let addresses = SecretURLParts.ranges(in: scalars).filter { !isReference(text(scalars[$0])) }
        var position = 0
        while let colon = scalars[position...].firstIndex(where: { $0 == ":" || $0 == "=" }) {
            let name = nameEnding(at: colon, in: scalars)
            position = colon + 1
            guard soundsSecret(name) else { continue }
            let value = valueStarting(at: position, in: scalars)
            guard !value.isEmpty, !isReference(text(scalars[value])) else { continue }
            cover(value, in: &scalars)
            position = value.upperBound
        }
        for range in addresses { cover(range, in: &scalars) }
        return text(scalars[...])
    }

    private static func cover(_ range: Range<Int>, in scalars: inout [Unicode.Scalar]) {
        for index in range { scalars[index] = "*" }
    }

    /// Nothing but references, and words around them that say how they are used: `Bearer ${API_TOKEN}`.
    private static func isReference(_ value: String) -> Bool {
        guard case .success(let pieces) = SecretReference.pieces(of: value) else { return false }
        var references = 0
        for piece in pieces {
            switch piece {
            case .environment, .file: references += 1
            case .literal(let text):
                guard text.allSatisfy({ $0.isLetter || $0 == " " || $0 == ":" }) else { return false }
            }
        }
        return references > 0
    }

    private static func nameEnding(at end: Int, in scalars: [Unicode.Scalar]) -> String {
        let isPartOfName = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || scalar == "_" || scalar == "-" || ("0"..."9").contains(scalar)
        }
        var stop = end
        while stop > 0, scalars[stop - 1] == "\"" || scalars[stop - 1] == "'" || scalars[stop - 1] == " " { stop -= 1 }
        var start = stop
        while start > 0, isPartOfName(scalars[start - 1]) { start -= 1 }
        return text(scalars[start..<stop])
    }

    private static func valueStarting(at start: Int, in scalars: [Unicode.Scalar]) -> Range<Int> {
        var from = start
        while from < scalars.count, scalars[from] == " " { from += 1 }
        guard from < scalars.count else { return from..<from }
        if scalars[from] == "\"" || scalars[from] == "'" {
            let close = scalars[(from + 1)...].firstIndex(of: scalars[from]) ?? scalars.count
            return (from + 1)..<close
        }
        let isReference = scalars[from...].starts(with: "${".unicodeScalars)
        let end =
            scalars[from...].firstIndex { $0 == "," || ($0 == "}" && !isReference) || $0 == "\t" } ?? scalars.count
        return from..<end
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
