/// Where secrets are in addresses such as `postgres://user:password@host/db?token=abc`: before the host, and in the
/// values of the query. What stands after a `#` counts as query.
enum SecretURLParts {
    /// In their order, without overlaps. A password may hold characters that should have been escaped, so whatever could
    /// be part of one is taken.
    static func ranges(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while let start = afterSeparator(in: scalars, from: position) {
            let end = scalars[start...].firstIndex(where: isEnd) ?? scalars.count
            let query = scalars[start..<end].firstIndex { $0 == "?" || $0 == "#" } ?? end
            ranges += user(in: scalars, start..<query)
            ranges += values(in: scalars, query..<end)
            position = end
        }
        return ranges.filter { !$0.isEmpty }
    }

    private static func afterSeparator(in scalars: [Unicode.Scalar], from position: Int) -> Int? {
        guard scalars.count >= 3, position <= scalars.count - 3 else { return nil }
        return (position...(scalars.count - 3)).first {
            scalars[$0] == ":" && scalars[$0 + 1] == "/" && scalars[$0 + 2] == "/"
        }
        .map { $0 + 3 }
    }

    private static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\"" || scalar == "'"
    }

    /// Up to the last `@`. Without one, what should be host and port but has no port was cut short by a character of
    /// the password.
    private static func user(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [Range<Int>] {
        if let at = scalars[range].lastIndex(of: "@") { return [range.lowerBound..<at] }
        let slash = scalars[range].firstIndex(of: "/") ?? range.upperBound
        let host = range.lowerBound..<slash
        guard scalars[host].first != "[", let colon = scalars[host].firstIndex(of: ":"),
            !scalars[(colon + 1)..<slash].allSatisfy({ isOfPort($0) })
        else { return [] }
        return [host]
    }

    /// A port, and what may follow an address in a line of YAML.
    private static func isOfPort(_ scalar: Unicode.Scalar) -> Bool { "0123456789,]}".unicodeScalars.contains(scalar) }

    /// What follows `=`; all of a part that has no name.
    private static func values(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = range.lowerBound + 1
        while start < range.upperBound {
            let end =
                scalars[start..<range.upperBound].firstIndex { "&#?;".unicodeScalars.contains($0) } ?? range.upperBound
            let value = scalars[start..<end].firstIndex(of: "=").map { $0 + 1 } ?? start
            ranges.append(value..<end)
            start = end + 1
        }
        return ranges
    }
}
