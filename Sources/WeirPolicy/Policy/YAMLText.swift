/// Text as YAML: plain where that is safe, in double quotes elsewhere.
public enum YAMLText {
    public static func text(_ text: String) -> String {
        isSafe(text) ? text : QuotedText.yaml(text)
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
}
