import Yams

/// From the parser's nodes to ours: aliases written out within limits, `<<` merged, keys made text, spans measured.
struct YAMLConversion {
    let renamed: [RenamedKey]
    var findings: Findings
    private var nodes = 0
    private var isOverLimit = false

    init(renamed: [RenamedKey], findings: Findings) {
        self.renamed = renamed
        self.findings = findings
    }

    /// Nil when a limit was passed; the complaint has been made then.
    mutating func convert(_ root: Node) -> YAMLNode? {
        let node = convert(root, depth: 1)
        return isOverLimit ? nil : node
    }

    private mutating func convert(_ node: Node, depth: Int) -> YAMLNode {
        let start = span(node.mark)
        let nothing = YAMLNode(content: .scalar(.init(text: "", isPlain: true)), span: start)
        guard isWithinLimits(depth: depth, at: start) else { return nothing }
        refuseTag(of: node, at: start)
        switch node {
        case .scalar(let scalar):
            return convert(scalar, at: start)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence where !isOverLimit { items.append(convert(item, depth: depth + 1)) }
            return YAMLNode(content: .list(items), span: start)
        case .mapping(let mapping):
            return YAMLNode(content: .mapping(entries(of: mapping, depth: depth)), span: start)
        case .alias:
            // The parser puts the anchored node in the place of each alias.
            return nothing
        }
    }

    private mutating func isWithinLimits(depth: Int, at span: SourceSpan) -> Bool {
        guard !isOverLimit else { return false }
        nodes += 1
        if depth > Limits.deepestNesting {
            findings.error("nested too deeply", at: span, hint: "expected at most \(Limits.deepestNesting) levels")
            isOverLimit = true
        } else if nodes > Limits.mostNodes {
            findings.error(
                "the file holds too many values", at: span,
                hint: "expected at most \(Limits.mostNodes), aliases written out")
            isOverLimit = true
        }
        return !isOverLimit
    }

    // MARK: Mappings

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [YAMLNode.Entry] {
        var own: [YAMLNode.Entry] = []
        var merged: [YAMLNode.Entry] = []
        var firstLines: [String: Int] = [:]
        for (key, value) in mapping where !isOverLimit {
            guard let name = convertKey(key) else { continue }
            let converted = convert(value, depth: depth + 1)
            if let line = firstLines[name.key] {
                findings.error(
                    "key '\(Quotation.short(name.key))' is written twice", at: name.span,
                    hint: "first written on line \(line)")
                continue
            }
            firstLines[name.key] = name.span.line
            if name.key == "<<" {
                merged += mergedEntries(from: converted)
            } else {
                own.append(YAMLNode.Entry(key: name.key, keySpan: name.span, value: converted))
            }
        }
        for entry in merged where firstLines.updateValue(entry.keySpan.line, forKey: entry.key) == nil {
            own.append(entry)
        }
        return own
    }

    private mutating func convertKey(_ node: Node) -> (key: String, span: SourceSpan)? {
        guard case .scalar(let scalar) = node else {
            findings.error("a key is a mapping or a list", at: span(node.mark), hint: "expected a word")
            return nil
        }
        nodes += 1
        let span = measured(scalar, at: span(node.mark))
        return (originalName(scalar.string, at: span), span)
    }

    private mutating func mergedEntries(from node: YAMLNode) -> [YAMLNode.Entry] {
        switch node.content {
        case .mapping(let entries):
            return entries
        case .list(let items):
            return items.flatMap { item in mergedEntries(from: item) }
        case .scalar:
            findings.error("'<<' merges mappings", at: node.span, hint: "expected an alias such as *defaults")
            return []
        }
    }

    private func originalName(_ name: String, at span: SourceSpan) -> String {
        guard let key = renamed.first(where: { $0.span.line == span.line && $0.span.column == span.column }),
            let index = name.unicodeScalars.firstIndex(of: key.standIn)
        else { return name }
        var scalars = name.unicodeScalars
        scalars.replaceSubrange(index...index, with: [key.original])
        return String(scalars)
    }

    // MARK: Scalars

    private func convert(_ scalar: Node.Scalar, at start: SourceSpan) -> YAMLNode {
        let span = measured(scalar, at: start)
        let isPlain = scalar.style == .plain || scalar.style == .any
        let quotes = isPlain ? 0 : 1
        let inside = findings.source.text(of: SourceSpan(line: span.line, column: span.column, length: span.length))
        let isVerbatim = inside.unicodeScalars.count == scalar.string.unicodeScalars.count + 2 * quotes
        return YAMLNode(
            content: .scalar(.init(text: scalar.string, isPlain: isPlain, textOffset: isVerbatim ? quotes : nil)),
            span: span)
    }

    /// The parser tells where a scalar begins; how far it goes on that line is read off the line.
    private func measured(_ scalar: Node.Scalar, at start: SourceSpan) -> SourceSpan {
        let rest = findings.source.scalars(ofLine: start.line, from: start.column)
        var span = start
        switch scalar.style {
        case .any, .plain:
            let length = scalar.string.unicodeScalars.count
            span.length = max(min(length, rest.count), 1)
        case .singleQuoted, .doubleQuoted:
            span.length = max(quotedLength(rest), 1)
        case .literal, .folded:
            span.length = 1
        }
        return span
    }

    private func quotedLength(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return 1 }
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            if rest[index] == "\\", quote == "\"" {
                index += 1
            } else if rest[index] == quote {
                guard quote == "'", index + 1 < rest.endIndex, rest[index + 1] == "'" else {
                    return index + 1 - rest.startIndex
                }
                index += 1
            }
            index += 1
        }
        return rest.count
    }

    // MARK: Places and tags

    private func span(_ mark: Mark?) -> SourceSpan {
        guard let mark else { return .start }
        return SourceSpan(line: max(mark.line, 1), column: max(mark.column, 1))
    }

    /// Tags would ask for types that a policy file does not have; the plain ones of YAML itself change nothing here.
    private mutating func refuseTag(of node: Node, at span: SourceSpan) {
        let name: String
        switch node {
        case .scalar(let scalar): name = scalar.tag.description
        case .sequence(let sequence): name = sequence.tag.description
        case .mapping(let mapping): name = mapping.tag.description
        case .alias: return
        }
        guard !name.isEmpty, name != "!", !name.hasPrefix("tag:yaml.org,2002:") else { return }
        findings.error("the tag '\(name)' means nothing here", at: span, hint: "expected the value without a tag")
    }
}
