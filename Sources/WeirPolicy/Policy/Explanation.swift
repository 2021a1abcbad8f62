/// A policy file as weir understands it: every value, and whether it is a default or which line it came from. What it
/// writes is a policy file again.
struct Explanation {
    let document: PolicyDocument

    var text: String {
        var lines: [Line] = []
        append(document.root, indent: 0, to: &lines)
        return "# \(document.path), as weir understands it\n" + Self.aligned(lines)
    }

    /// One line and where its value came from.
    private struct Line {
        var text: String
        var origin: String?
    }

    // MARK: Walking

    private func append(_ section: SectionValues, indent: Int, to lines: inout [Line]) {
        for value in section.values { append(value, in: section, indent: indent, to: &lines) }
    }

    private func append(_ value: KeyValue, in section: SectionValues, indent: Int, to lines: inout [Line]) {
        let name = value.key.name
        let margin = Self.margin(indent)
        switch value.content {
        case .value(.map(let entries)) where !entries.isEmpty:
            lines.append(Line(text: "\(margin)\(name):", origin: origin(of: value)))
            for entry in entries {
                lines.append(Line(text: "\(Self.margin(indent + 1))\(YAMLText.text(entry.name)): \(shown(entry))"))
            }
        case .value(let plain):
            let entry = Options.Entry(name: name, value: plain)
            lines.append(Line(text: "\(margin)\(name): \(shown(entry))", origin: origin(of: value)))
        case .section(let child):
            lines.append(Line(text: "\(margin)\(name):"))
            append(child, indent: indent + 1, to: &lines)
        case .named(let items):
            append(items, of: name, indent: indent, to: &lines)
        case .sequence(let items):
            lines.append(Line(text: "\(margin)\(name):", origin: origin(of: value)))
            for item in items { lines.append(line(of: item, indent: indent + 1)) }
        case .absent:
            if let line = line(ofAbsent: value, in: section, indent: indent) { lines.append(line) }
        case .mistaken:
            // Only files without a mistake are explained.
            break
        }
    }

    private func append(_ items: [NamedValue], of name: String, indent: Int, to lines: inout [Line]) {
        lines.append(Line(text: "\(Self.margin(indent))\(name):"))
        for item in items {
            let title = "\(Self.margin(indent + 1))\(YAMLText.text(item.name)):"
            if let section = item.section {
                lines.append(Line(text: title))
                append(section, indent: indent + 2, to: &lines)
            } else if let text = item.text {
                lines.append(
                    Line(text: "\(title) \(YAMLText.text(text))", origin: Self.origin(line: item.valueSpan.line)))
            }
        }
    }

    private func line(of item: SectionValues, indent: Int) -> Line {
        let parts = item.options.values.map { "\($0.name): \(shown($0))" }
        return Line(
            text: "\(Self.margin(indent))- { \(parts.joined(separator: ", ")) }",
            origin: Self.origin(line: item.span.line))
    }

    /// What was not written: the value that takes its place, or a note. Alternatives that were not chosen are no news.
    private func line(ofAbsent value: KeyValue, in section: SectionValues, indent: Int) -> Line? {
        let name = value.key.name
        if let choice = section.section.choice, choice.words.contains(name) { return nil }
        switch value.key.shape {
        case .section(let child) where child.shorthand != nil && value.key.fallback != nil:
            return Line(text: "\(Self.margin(indent))\(name): \(value.key.fallback?.text ?? "")", origin: "default")
        case .section, .named, .sequence, .variants, .either:
            return Line(text: "\(Self.margin(indent))# \(name): none")
        case .value: break
        }
        guard let fallback = value.key.fallback else { return Line(text: "\(Self.margin(indent))# \(name): not set") }
        if let sibling = fallback.sibling, case .value(let plain)? = section[sibling]?.content {
            let entry = Options.Entry(name: name, value: plain)
            return Line(text: "\(Self.margin(indent))\(name): \(shown(entry))", origin: "default: \(fallback.text)")
        }
        return Line(text: "\(Self.margin(indent))# \(name): not set", origin: "default: \(fallback.text)")
    }

    // MARK: Values

    private func shown(_ entry: Options.Entry) -> String {
        switch entry.value {
        case .text(let text): YAMLText.text(SecretMask.shown(text, of: entry.name))
        case .integer(let integer): String(integer)
        case .number(let number): Field.Kind.text(number)
        case .boolean(let boolean): String(boolean)
        case .duration(let duration): Quantity.text(duration)
        case .size(let size): Quantity.text(sizeBytes: size)
        case .list(let items):
            "[" + items.map { shown(Options.Entry(name: entry.name, value: $0)) }.joined(separator: ", ") + "]"
        case .map(let entries):
            entries.isEmpty
                ? "{}" : "{ " + entries.map { "\(YAMLText.text($0.name)): \(shown($0))" }.joined(separator: ", ") + " }"
        }
    }

    private func origin(of value: KeyValue) -> String {
        value.valueSpan.map { Self.origin(line: $0.line) } ?? "default"
    }

    private static func origin(line: Int) -> String { "policy line \(line)" }

    // MARK: Layout

    private static func margin(_ indent: Int) -> String { String(repeating: "  ", count: indent) }

    /// Remarks stand in one column, unless a line is much longer than the others.
    private static func aligned(_ lines: [Line]) -> String {
        let widths = lines.filter { $0.origin != nil }.map(\.text.count)
        let column = min(widths.max() ?? 0, widestAligned)
        return lines.map { line in
            guard let origin = line.origin else { return line.text + "\n" }
            let gap = String(repeating: " ", count: max(column - line.text.count, 0))
            return "\(line.text)\(gap)  # \(origin)\n"
        }.joined()
    }

    private static let widestAligned = 60
}
