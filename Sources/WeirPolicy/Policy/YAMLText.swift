/// Text as YAML: plain where that is safe, in double quotes elsewhere.
public enum YAMLText {
    public static func text(_ text: String) -> String {
        isSafe(text) ? text : quoted(text)
    }

    private static func isSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetterOrDigit(first) || first == "/" || first == "$" else {
            return false
        }
        let scalars = Array(text.unicodeScalars)
        guard !["null", "Null", "NULL"].contains(text), scalars.last != ":" else { return false }
        return scalars.indices.allSatisfy { index in
            let scalar = scalars[index]
            return isLetterOrDigit(scalar) || "_./@%+=-".unicodeScalars.contains(scalar)
                || (scalar == ":" && scalars[index + 1] != " ") || (scalar == "$" && scalars.count > 1)
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                let needsCode =
                    scalar.value < 0x20 || (0x7F...0xA0).contains(scalar.value)
                    || scalar == "\u{2028}" || scalar == "\u{2029}" || scalar == "\u{FEFF}"
                guard needsCode else {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                let code = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            }
        }
        return result + "\""
    }
}
