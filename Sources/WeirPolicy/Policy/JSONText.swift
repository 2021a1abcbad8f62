/// JSON whose keys stay in the order in which they were put there, so that the same declarations give the same text.
indirect enum JSONText {
    case object([(name: String, value: JSONText)])
    case array([JSONText])
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)

    /// Two blanks for each level; lists of plain values on one line.
    func text(indent: Int = 0) -> String {
        let margin = String(repeating: "  ", count: indent + 1)
        let end = String(repeating: "  ", count: indent)
        switch self {
        case .object(let entries):
            guard !entries.isEmpty else { return "{}" }
            let lines = entries.map { "\(margin)\(QuotedText.json($0.name)): \($0.value.text(indent: indent + 1))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(end)}"
        case .array(let items):
            guard items.contains(where: \.isNested) else {
                return "[" + items.map { $0.text(indent: indent) }.joined(separator: ", ") + "]"
            }
            let lines = items.map { margin + $0.text(indent: indent + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(end)]"
        case .text(let text): return QuotedText.json(text)
        case .integer(let integer): return String(integer)
        case .number(let number): return Field.Kind.text(number)
        case .boolean(let boolean): return String(boolean)
        }
    }

    private var isNested: Bool {
        switch self {
        case .object, .array: true
        case .text, .integer, .number, .boolean: false
        }
    }
}
