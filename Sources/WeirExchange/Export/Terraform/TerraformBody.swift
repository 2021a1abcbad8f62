import WeirPolicy

/// What stands in a block of Terraform's configuration.
indirect enum TerraformItem: Equatable, Sendable {
    case attribute(String, TerraformValue)
    case block(String, [TerraformItem])
}

indirect enum TerraformValue: Equatable, Sendable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case list([TerraformValue])
    case map([Entry])
    /// As it stands in the configuration.
    case expression(String)
    /// A word that is no expression: in JSON a plain text.
    case word(String)

    struct Entry: Equatable, Sendable {
        var key: String
        var value: TerraformValue
    }
}

// MARK: As HCL

extension TerraformItem {
    /// Attributes that follow each other have their signs under each other, as `terraform fmt` writes them.
    static func hcl(_ items: [TerraformItem], indent: Int = 0) -> String {
        let margin = String(repeating: "  ", count: indent)
        var text = ""
        var run: [(name: String, value: String)] = []
        func flush() {
            let width = run.map(\.name.count).max() ?? 0
            for entry in run {
                let blanks = String(repeating: " ", count: width - entry.name.count)
                text += "\(margin)\(entry.name)\(blanks) = \(entry.value)\n"
            }
            run = []
        }
        for (index, item) in items.enumerated() {
            switch item {
            case .attribute(let name, let value):
                let written = value.hcl(indent: indent)
                // What takes several lines stands alone.
                if written.contains("\n") { flush() }
                run.append((name, written))
                if written.contains("\n") { flush() }
            case .block(let name, let inner):
                flush()
                if index > 0 { text += "\n" }
                text += "\(margin)\(name) {\n\(hcl(inner, indent: indent + 1))\(margin)}\n"
            }
        }
        flush()
        return text
    }
}

extension TerraformValue {
    fileprivate func hcl(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent + 1)
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return PlainNumber.text(number)
        case .boolean(let boolean): return String(boolean)
        case .expression(let text), .word(let text): return text
        case .list(let items): return "[" + items.map { $0.hcl(indent: indent) }.joined(separator: ", ") + "]"
        case .map(let entries):
            let width = entries.map(\.key.count).max() ?? 0
            let lines = entries.map { entry in
                let blanks = String(repeating: " ", count: width - entry.key.count)
                return "\(margin)\(entry.key)\(blanks) = \(entry.value.hcl(indent: indent + 1))\n"
            }
            return "{\n\(lines.joined())\(margin.dropLast(2))}"
        }
    }

    /// `${` and `%{` begin a template in Terraform, unless they are doubled.
    fileprivate static func quoted(_ text: String) -> String { QuotedText.json(escaped(text)) }

    fileprivate static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "{", let mark = result.last, mark == "$" || mark == "%" { result.append(mark) }
            result.append(character)
        }
        return result
    }
}

// MARK: As JSON

extension TerraformItem {
    /// Blocks of one name are a list.
    static func plain(_ items: [TerraformItem]) -> PlainValue {
        var entries: [(String, PlainValue)] = []
        for item in items {
            switch item {
            case .attribute(let name, let value): entries.append((name, value.plain))
            case .block(let name, let inner):
                let body = plain(inner)
                if let index = entries.firstIndex(where: { $0.0 == name }), case .list(let others) = entries[index].1 {
                    entries[index].1 = .list(others + [body])
                } else {
                    entries.append((name, .list([body])))
                }
            }
        }
        return .object(entries)
    }
}

extension TerraformValue {
    fileprivate var plain: PlainValue {
        switch self {
        case .text(let text): .text(Self.escaped(text))
        case .number(let number): .number(number)
        case .boolean(let boolean): .boolean(boolean)
        case .list(let items): .list(items.map(\.plain))
        case .map(let entries): .object(entries.map { ($0.key, $0.value.plain) })
        case .expression(let text): .text("${\(text)}")
        case .word(let text): .text(text)
        }
    }
}
