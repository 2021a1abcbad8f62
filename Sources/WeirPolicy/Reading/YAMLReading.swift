import Yams

/// Turns the text of a file into nodes with places; whatever is no YAML, or YAML that has no business in a policy file,
/// becomes a diagnostic. Policy files use mappings, lists, scalars, anchors, aliases and `<<`.
enum YAMLReading {
    /// The one document of a file, or nil when there is none to read on from.
    /// - Parameter first: the key that such a file begins with.
    static func read(_ text: String, first: String = "group", findings: inout Findings) -> YAMLNode? {
        if let number = findings.source.firstLine(longerThan: Limits.longestLine) {
            findings.error(
                "the line is too long", at: SourceSpan(line: number, column: 1),
                hint: "expected at most \(Limits.longestLine) characters")
            return nil
        }
        let entries = entries(in: text)
        guard entries <= Limits.mostEntries else {
            findings.error(
                "the file holds too many values", at: .start,
                hint: "expected at most \(Limits.mostEntries) lines and commas")
            return nil
        }
        guard !hasTooManyAliases(text) else {
            findings.error(
                "the file uses anchors too often", at: .start, hint: "expected at most \(Limits.mostAliases) aliases")
            return nil
        }
        let duplicates = DuplicateKey.most(entries: entries, bytes: text.utf8.count)
        guard let composed = compose(text, first, mostDuplicates: duplicates, findings: &findings) else { return nil }
        var conversion = YAMLConversion(renamed: composed.renamed, findings: findings)
        let node = conversion.convert(composed.root)
        findings = conversion.findings
        return node
    }

    /// The parser gives up at the first duplicate key, but all mistakes are to be told at once. It does say where the
    /// first of the two stands: that one gets another name, of the same length, and the file is read again.
    private static func compose(
        _ text: String, _ first: String, mostDuplicates: Int, findings: inout Findings
    ) -> Composed? {
        var edited = text
        var renamed: [RenamedKey] = []
        while true {
            do {
                let parser = try Parser(yaml: edited, encoding: .utf8)
                guard let root = try parser.singleRoot() else {
                    findings.error("the file is empty", at: .start, hint: "expected keys, '\(first)' first")
                    return nil
                }
                return Composed(root: root, renamed: renamed)
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let span = SourceSpan(line: context.mark.line, column: context.mark.column)
                let number = renamed.count
                guard number < mostDuplicates,
                    let next = DuplicateKey.renamingFirst(keys.first, at: span, in: edited, number: number)
                else {
                    DuplicateKey.report(renamed, to: &findings)
                    DuplicateKey.reportLast(keys.first, at: span, to: &findings)
                    return nil
                }
                edited = next.text
                renamed.append(next.key)
            } catch {
                // A key that was renamed is the first of two, wherever the file cannot be read.
                DuplicateKey.report(renamed, to: &findings)
                if let error = error as? YamlError {
                    YAMLProblem(error, source: findings.source).report(to: &findings)
                } else {
                    findings.error("the file cannot be read as YAML", at: .start)
                }
                return nil
            }
        }
    }

    private struct Composed {
        var root: Node
        var renamed: [RenamedKey]
    }

    /// Lines that hold more than blanks and a comment, and commas.
    private static func entries(in text: String) -> Int {
        var count = 0
        var isBlankSoFar = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": isBlankSoFar = true
            case " ", "\t": break
            case "#" where isBlankSoFar: isBlankSoFar = false
            case ",": count += 1
            default:
                if isBlankSoFar { count += 1 }
                isBlankSoFar = false
            }
        }
        return count
    }

    /// A rough count, on the safe side of what an expanded file may cost.
    private static func hasTooManyAliases(_ text: String) -> Bool {
        var aliases = 0
        var anchors = 0
        var previous: Unicode.Scalar = "\n"
        var pending: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let mark = pending, scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar) {
                if mark == "*" { aliases += 1 } else { anchors += 1 }
            }
            let startsToken = "\n\r\t [{,:".unicodeScalars.contains(previous)
            pending = startsToken && (scalar == "*" || scalar == "&") ? scalar : nil
            previous = scalar
        }
        return anchors > 0 && aliases > Limits.mostAliases
    }
}
