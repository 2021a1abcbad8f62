/// The format as a page for people, made from the declarations that read it.
public enum PolicyReference {
    /// Markdown: one table for the file, then one for each section below it, in the order of the declarations.
    public static func text(catalogue: Catalogue) -> String {
        var pages: [Page] = []
        collect(PolicyDeclaration.root(catalogue), heading: "The file", path: "", into: &pages)
        collect(FleetSection.file, heading: "A file that declares a fleet", path: "", into: &pages)
        return head + pages.map(\.text).joined(separator: "\n")
    }

    private static let head = """
        # What a policy file may say

        Made from the declarations that read policy files; do not edit it by hand. One YAML file describes one group,
        or declares a fleet: a limit that groups share.
        Times carry a unit (`500ms`, `30s`, `5m`, `1h`, `1d`), and so do sizes (`256MiB`, `1GB`). Words may be written
        as AWS writes them: `ChangeInCapacity` is `change_in_capacity`. Where references are allowed, `${NAME}` is an
        environment variable of weir and `file:/path` the text of a file; both are resolved when the group starts.


        """

    private struct Page {
        var heading: String
        var section: Section

        var text: String {
            var lines = ["## \(heading)", "", section.summary, ""]
            if let choice = section.choice {
                lines += ["Exactly one \(choice.noun): \(choice.words.map { "`\($0)`" }.joined(separator: ", ")).", ""]
            }
            if let shorthand = section.shorthand { lines += ["A plain value stands for `\(shorthand)`.", ""] }
            lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
            lines += section.keys.map(PolicyReference.row)
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private static func row(_ key: Key) -> String {
        let meaning = key.summary + (key.source.map { " Source: \($0)." } ?? "")
        return "| `\(key.name)` | \(cell(value(of: key))) | \(cell(defaultText(of: key))) | \(cell(meaning)) |"
    }

    private static func value(of key: Key) -> String {
        switch key.shape {
        case .value(.oneOf(let words), _): words.map { "`\($0)`" }.joined(separator: ", ")
        case .value(let kind, _): kind.expectation
        case .section: "see below"
        case .named(let names, _): "names, each with \(names.article) \(names.noun); at most \(names.most)"
        case .sequence(_, let range): "a list of \(range.lowerBound) to \(range.upperBound), see below"
        case .variants, .either: "see below"
        }
    }

    private static func defaultText(of key: Key) -> String {
        if case .value(_, let text?) = key.shape { return "`\(text)`" }
        if let fallback = key.fallback { return fallback.text }
        return key.required ? "*required*" : ""
    }

    /// A bar would end the cell.
    private static func cell(_ text: String) -> String {
        text.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
    }

    // MARK: Walking

    private static func collect(_ section: Section, heading: String, path: String, into pages: inout [Page]) {
        pages.append(Page(heading: heading, section: section))
        for key in section.keys { collect(key.shape, path: path + key.name, into: &pages) }
    }

    private static func collect(_ shape: Key.Shape, path: String, into pages: inout [Page]) {
        switch shape {
        case .value: break
        case .section(let section): collect(section, heading: "`\(path)`", path: path + ".", into: &pages)
        case .named(_, let shape): collect(shape, path: path + ".NAME", into: &pages)
        case .sequence(let section, _):
            // Neighbours of one kind share a page.
            if let last = pages.indices.last, pages[last].section.summary == section.summary {
                pages[last].heading += ", `\(path)[]`"
            } else {
                collect(section, heading: "`\(path)[]`", path: path + "[].", into: &pages)
            }
        case .variants(let variants):
            for (word, section) in variants.sections {
                collect(section, heading: "`\(path)` with type `\(word)`", path: path + ".", into: &pages)
            }
        case .either(let either):
            collect(either.usual, heading: "`\(path)`", path: path + ".", into: &pages)
            // What is below it has its page already.
            pages.append(Page(heading: "`\(path)` with `\(either.key)`", section: either.special))
        }
    }
}
