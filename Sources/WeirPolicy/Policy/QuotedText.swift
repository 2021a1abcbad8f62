/// Text in double quotes, with an escape wherever one is needed.
public enum QuotedText {
    public static func json(_ text: String) -> String { quoted(text, escaping: isControl) }

    /// What YAML reads the same whatever is in it: also line ends that only it knows have an escape, and what cannot be seen.
    static func yaml(_ text: String) -> String {
        quoted(text) { scalar in
            isControl(scalar) || (0x7F...0xA0).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
                || scalar == "\u{FEFF}"
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 }

    private static func quoted(_ text: String, escaping needsCode: (Unicode.Scalar) -> Bool) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where needsCode(scalar):
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
