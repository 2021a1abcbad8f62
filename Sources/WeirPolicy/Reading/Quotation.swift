/// Text of a file inside a sentence: short, on one line, and harmless to a terminal.
enum Quotation {
    static func short(_ text: String) -> String {
        let harmless = harmless(text)
        return harmless.count > longest ? harmless.prefix(longest) + "…" : harmless
    }

    /// Control characters could move the cursor, and some format characters turn the direction of writing: they are
    /// shown by their pictures, one scalar for one scalar.
    static func harmless(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { view.append(picture(of: scalar)) }
        return String(view)
    }

    private static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09: scalar
        case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? replacement
        case 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069, 0x2028...0x2029: replacement
        default: scalar
        }
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"
    private static let longest = 60
}
