import WeirPolicy
import Yams

/// A document of plain values, keys in their order, as JSON or YAML.
indirect enum PlainValue {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case list([PlainValue])
    case object([(String, PlainValue)])

    // MARK: JSON

    var json: String { json(indent: 0) }

    private func json(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent + 1)
        let end = String(repeating: "  ", count: indent)
        switch self {
        case .text(let text): return QuotedText.json(text)
        case .number(let number): return PlainNumber.text(number)
        case .boolean(let boolean): return String(boolean)
        case .list(let items):
            guard !items.isEmpty else { return "[]" }
            return "[\n" + items.map { margin + $0.json(indent: indent + 1) }.joined(separator: ",\n") + "\n\(end)]"
        case .object(let entries):
            guard !entries.isEmpty else { return "{}" }
            let lines = entries.map { "\(margin)\(QuotedText.json($0.0)): \($0.1.json(indent: indent + 1))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(end)}"
        }
    }

    // MARK: YAML

    var yaml: String { (try? Yams.serialize(node: node, width: -1, allowUnicode: true, sortKeys: false)) ?? "" }

    private var node: Yams.Node {
        switch self {
        // Quoted wherever another reader might take it for something else than a text.
        case .text(let text):
            let isPlain = !text.isEmpty && YAMLText.text(text) == text && !Self.isSpecial(text)
            return .scalar(.init(text, .implicit, isPlain ? .plain : .doubleQuoted))
        case .number(let number): return .scalar(.init(PlainNumber.text(number), .implicit, .plain))
        case .boolean(let boolean): return .scalar(.init(String(boolean), .implicit, .plain))
        case .list(let items): return .sequence(.init(items.map(\.node)))
        case .object(let entries):
            return .mapping(.init(entries.map { (.scalar(.init($0.0, .implicit, .any)), $0.1.node) }))
        }
    }

    /// Numbers, dates and the words that YAML has for truth.
    private static func isSpecial(_ text: String) -> Bool {
        let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        return words.contains(text.lowercased()) || text.first.map { $0.isNumber } ?? true
    }
}
