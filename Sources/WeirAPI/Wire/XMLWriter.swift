/// Writes XML elements in the order in which it is told, without spaces.
struct XMLWriter {
    private(set) var text = ""

    mutating func element<Failure>(
        _ name: String, namespace: String? = nil, _ body: (inout XMLWriter) throws(Failure) -> Void
    ) throws(Failure) {
        text += "<\(name)"
        if let namespace { text += " xmlns=\"\(namespace)\"" }
        text += ">"
        try body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: String, _ value: String) {
        text += "<\(name)>"
        appendEscaped(value)
        text += "</\(name)>"
    }

    mutating func element(_ name: String, _ value: Int) { element(name, String(value)) }

    mutating func element(_ name: String, _ value: Double) { element(name, String(value)) }

    mutating func element(_ name: String, _ value: Bool) { element(name, value ? "true" : "false") }

    /// A list in the Query protocol's way: every value is a `member`.
    mutating func list(_ name: String, _ values: [String]) {
        element(name) { list in
            for value in values { list.element("member", value) }
        }
    }

    private mutating func appendEscaped(_ value: String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            // What XML 1.0 cannot carry at all.
            case "\u{0}"..."\u{8}", "\u{b}", "\u{c}", "\u{e}"..."\u{1f}", "\u{fffe}", "\u{ffff}": text += "\u{fffd}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
