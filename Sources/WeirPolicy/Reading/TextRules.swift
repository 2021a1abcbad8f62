/// What a text must not hold, because whatever it is handed to would refuse it.
enum TextRules {
    /// The end of every text that a program is started with.
    static func isZero(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0 }

    /// Everything that would end a line or that no server takes; a tab is a blank.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7F
    }

    /// `U+0007`
    static func code(_ scalar: Unicode.Scalar) -> String {
        let code = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(4 - code.count, 0)) + code
    }
}

extension Field.Names {
    /// What one of them is; nil where every name will do.
    var noun: String? {
        switch self {
        case .any: nil
        case .variable: "a variable"
        case .header: "a header"
        }
    }

    var expected: String {
        switch self {
        case .any: "a name"
        case .variable: "a name without '='"
        case .header: "a name of letters, digits and any of \(Self.tokenMarks)"
        }
    }

    /// The same as a regular expression for the schema.
    var pattern: String? {
        switch self {
        case .any: nil
        case .variable: "^[^=\\u0000]+$"
        case .header: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
        }
    }

    func accepts(_ name: String) -> Bool {
        switch self {
        case .any: true
        case .variable: !name.isEmpty && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
        case .header: !name.isEmpty && name.unicodeScalars.allSatisfy(Self.isTokenMark)
        }
    }

    /// Whether a value of such a name must not hold this. Text of more than one line is right in a variable.
    func refusesInValue(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .any, .variable: TextRules.isZero(scalar)
        case .header: TextRules.isControl(scalar)
        }
    }

    /// Source: RFC 9110, section 5.6.2, `tchar`.
    private static func isTokenMark(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || tokenMarks.unicodeScalars.contains(scalar)
    }

    private static let tokenMarks = "!#$%&'*+-.^_`|~"
}
