import WeirCore

/// Typed reads of one value: number in range, time with unit, one of these words. Each answers with a value, or adds
/// its complaint and answers with nil.
struct FieldReading {
    /// How complaints name the value.
    let name: String
    var findings: Findings
    /// What a text must not hold.
    var refuses: (Unicode.Scalar) -> Bool = TextRules.isZero
    /// The key whose value it is, for what its words are called elsewhere.
    var key: Key?

    mutating func read(_ node: YAMLNode, as kind: Field.Kind) -> Options.Value? {
        switch kind {
        case .list(let item): return list(node, of: item)
        case .textMap(let names, let secrets): return textMap(node, names, secrets: secrets)
        case .text, .checkedText, .integer, .number, .boolean, .duration, .durationOrNone, .size, .oneOf: break
        }
        guard case .scalar(let scalar) = node.content else {
            let found = if case .list = node.content { "a list" } else { "a mapping" }
            return fail("'\(name)' is \(found)", node, expected: kind.expectation)
        }
        guard !scalar.isNull else { return fail("'\(name)' has no value", node, expected: kind.expectation) }
        return read(scalar, at: node, as: kind)
    }

    private mutating func read(_ scalar: YAMLNode.Scalar, at node: YAMLNode, as kind: Field.Kind) -> Options.Value? {
        switch kind {
        case .text, .checkedText:
            guard let refused = scalar.text.unicodeScalars.first(where: refuses) else { break }
            return fail(
                "'\(name)' holds the control character \(TextRules.code(refused))", node, expected: "text without it")
        case .integer, .number, .boolean, .duration, .durationOrNone, .size, .oneOf, .list, .textMap: break
        }
        switch kind {
        case .text(let secrets): return text(scalar, node, secrets: secrets)
        case .checkedText(let expected, let accepts):
            return accepts(scalar.text)
                ? .text(scalar.text) : fail("'\(name)' is \(quoted(scalar.text))", node, expected: expected)
        case .integer(let range): return integer(scalar, node, range, kind)
        case .number(let range): return number(scalar, node, range, kind)
        case .boolean: return boolean(scalar, node)
        case .duration(let range): return duration(scalar, node, range, kind)
        case .durationOrNone(let range):
            let isNone = NearestWord.normalized(scalar.text) == Field.Kind.none
            if !isNone, let meant = key?.wordMeant(by: scalar.text) { return suggest(meant, for: scalar, node) }
            return isNone ? .text(Field.Kind.none) : duration(scalar, node, range, kind)
        case .size(let range): return size(scalar, node, range, kind)
        case .oneOf(let words): return oneOf(scalar, node, words)
        case .list(let item): return list(node, of: item)
        case .textMap(let names, let secrets): return textMap(node, names, secrets: secrets)
        }
    }

    // MARK: Text and words

    private mutating func text(_ scalar: YAMLNode.Scalar, _ node: YAMLNode, secrets: Bool) -> Options.Value? {
        if secrets, let mistake = SecretReference.mistake(in: scalar.text) {
            return fail("'\(name)' holds a reference that is not complete", node, expected: mistake)
        }
        return .text(scalar.text)
    }

    /// Spelling may differ in case and in `_` and `-`: people copy `ChangeInCapacity` and `Maximum` from AWS.
    private mutating func oneOf(_ scalar: YAMLNode.Scalar, _ node: YAMLNode, _ words: [String]) -> Options.Value? {
        let plain = NearestWord.normalized(scalar.text)
        if let word = words.first(where: { $0 == scalar.text || NearestWord.normalized($0) == plain }) {
            return .text(word)
        }
        let expected = "expected \(Field.Kind.alternatives(words))"
        let notYet = NotYet.hint(scalar.text).map { $0 + expected }
        let meant = NearestWord.to(scalar.text, among: words) ?? key?.wordMeant(by: scalar.text)
        let advice = key.flatMap { ForeignWords.advice(scalar.text, for: $0.name) }
        let hint = advice ?? notYet ?? meant.map { "did you mean '\($0)'?" }
        findings.error("'\(name)' is \(quoted(scalar.text))", at: node.span, hint: hint ?? expected)
        return nil
    }

    private mutating func boolean(_ scalar: YAMLNode.Scalar, _ node: YAMLNode) -> Options.Value? {
        switch (scalar.isPlain, scalar.text) {
        case (true, "true"), (true, "True"), (true, "TRUE"): return .boolean(true)
        case (true, "false"), (true, "False"), (true, "FALSE"): return .boolean(false)
        default: break
        }
        let meant: String? =
            switch scalar.text.lowercased() {
            case "yes", "y", "on", "true", "1", "enabled": "true"
            case "no", "n", "off", "false", "0", "disabled": "false"
            default: NearestWord.to(scalar.text, among: ["true", "false"])
            }
        let quotes = meant == scalar.text ? " without quotes" : ""
        findings.error(
            "'\(name)' is \(quoted(scalar.text))", at: node.span,
            hint: meant.map { "did you mean '\($0)'\(quotes)?" } ?? "expected true or false")
        return nil
    }

    // MARK: Numbers and quantities

    private mutating func integer(
        _ scalar: YAMLNode.Scalar, _ node: YAMLNode, _ range: ClosedRange<Int>, _ kind: Field.Kind
    ) -> Options.Value? {
        guard let value = Int(scalar.text) else {
            if scalar.isPlain, let number = Double(scalar.text), number.isFinite, abs(number) > Double(Int.max) {
                return fail("'\(name)' is \(Quotation.short(scalar.text))", node, expected: kind.rangeText)
            }
            return fail("'\(name)' is not a whole number", node, expected: kind.expectation)
        }
        guard scalar.isPlain else { return fail("'\(name)' is text", node, expected: "\(value) without quotes") }
        if Self.looksOctal(scalar.text) { return fail(octal: scalar, node, decimal: String(value)) }
        guard range.contains(value) else { return fail("'\(name)' is \(value)", node, expected: kind.rangeText) }
        return .integer(value)
    }

    private mutating func number(
        _ scalar: YAMLNode.Scalar, _ node: YAMLNode, _ range: ClosedRange<Double>, _ kind: Field.Kind
    ) -> Options.Value? {
        guard Self.isDecimal(scalar.text), let value = Double(scalar.text), value.isFinite else {
            return fail("'\(name)' is not a number", node, expected: kind.expectation)
        }
        guard scalar.isPlain else { return fail("'\(name)' is text", node, expected: "\(scalar.text) without quotes") }
        if Self.looksOctal(scalar.text) { return fail(octal: scalar, node, decimal: Field.Kind.text(value)) }
        guard range.contains(value) else {
            return fail("'\(name)' is \(Field.Kind.text(value))", node, expected: kind.rangeText)
        }
        return .number(value)
    }

    /// Swift would also read hexadecimal numbers, infinities and words.
    private static func isDecimal(_ text: String) -> Bool {
        text.contains { ("0"..."9").contains($0) }
            && text.allSatisfy { ("0"..."9").contains($0) || "+-.eE".contains($0) }
    }

    /// `010` is 8 in YAML 1.1 and 10 in YAML 1.2: whichever was meant, the other half of the world would read it wrong.
    private static func looksOctal(_ text: String) -> Bool {
        let digits = text.drop { $0 == "-" || $0 == "+" }
        return digits.count > 1 && digits.first == "0" && digits.allSatisfy { ("0"..."9").contains($0) }
    }

    private mutating func fail(octal scalar: YAMLNode.Scalar, _ node: YAMLNode, decimal: String) -> Options.Value? {
        findings.error(
            "'\(name)' is \(Quotation.short(scalar.text)), a number that begins with 0", at: node.span,
            hint: "did you mean '\(decimal)'?")
        return nil
    }

    private mutating func duration(
        _ scalar: YAMLNode.Scalar, _ node: YAMLNode, _ range: ClosedRange<Duration>, _ kind: Field.Kind
    ) -> Options.Value? {
        switch Quantity.duration(scalar.text) {
        case .success(let value) where range.contains(value): return .duration(value)
        case .success: return fail("'\(name)' is \(Quotation.short(scalar.text))", node, expected: kind.rangeText)
        case .failure(.noUnit(let fix)):
            return fail("'\(name)' has no unit", node, expected: "a time with its unit: \(fix)")
        case .failure(.spelling(let fix)): return suggest(fix, for: scalar, node)
        case .failure(.unreadable):
            return fail("'\(name)' is not a time", node, expected: "a time such as 500ms, 30s, 5m, 1h or 1d")
        }
    }

    private mutating func size(
        _ scalar: YAMLNode.Scalar, _ node: YAMLNode, _ range: ClosedRange<Int>, _ kind: Field.Kind
    ) -> Options.Value? {
        switch Quantity.size(scalar.text) {
        case .success(let value) where range.contains(value): return .size(value)
        case .success: return fail("'\(name)' is \(Quotation.short(scalar.text))", node, expected: kind.rangeText)
        case .failure(.noUnit(let fix)):
            return fail("'\(name)' has no unit", node, expected: "a size with its unit: \(fix)")
        case .failure(.spelling(let fix)): return suggest(fix, for: scalar, node)
        case .failure(.unreadable):
            return fail("'\(name)' is not a size", node, expected: "a size such as 256MiB, 2GiB or 1GB")
        }
    }

    // MARK: Lists and maps

    private mutating func list(_ node: YAMLNode, of kind: Field.Kind) -> Options.Value? {
        guard case .list(let items) = node.content else {
            let isNothing = if case .scalar(let scalar) = node.content { scalar.isNull } else { false }
            let expected =
                if case .scalar(let scalar) = node.content, !scalar.isNull {
                    "a list: \(Self.asList(SecretMask.shown(scalar.text, of: name), of: kind))"
                } else {
                    "a list"
                }
            return fail("'\(name)' \(isNothing ? "has no value" : "is not a list")", node, expected: expected)
        }
        var values: [Options.Value] = []
        for (index, item) in items.enumerated() {
            var reading = FieldReading(name: "\(name)[\(index)]", findings: findings)
            if let value = reading.read(item, as: kind) { values.append(value) }
            findings = reading.findings
        }
        return values.count == items.count ? .list(values) : nil
    }

    /// A command line as its words, which is what a list of texts is for; other values as the one of the list.
    private static func asList(_ text: String, of kind: Field.Kind) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        // What stands in quotes is one word, and a person knows better which.
        guard case .text = kind, words.count > 1, !text.contains(where: { "\"'\\".contains($0) }) else {
            return "[\(Quotation.short(text))]"
        }
        return "[\(Quotation.short(words.map { "\"\($0)\"" }.joined(separator: ", ")))]"
    }

    private mutating func textMap(_ node: YAMLNode, _ names: Field.Names, secrets: Bool) -> Options.Value? {
        guard case .mapping(let entries) = node.content else {
            return fail("'\(name)' is not a mapping", node, expected: "names with values: { NAME: value }")
        }
        var values: [Options.Entry] = []
        for entry in entries {
            let isNamed = check(entry, names)
            var reading = FieldReading(name: entry.key, findings: findings, refuses: names.refusesInValue)
            if let value = reading.read(entry.value, as: .text(secrets: secrets)), isNamed {
                values.append(Options.Entry(name: entry.key, value: value))
            }
            findings = reading.findings
        }
        return values.count == entries.count ? .map(values) : nil
    }

    private mutating func check(_ entry: YAMLNode.Entry, _ names: Field.Names) -> Bool {
        guard let noun = names.noun, !names.accepts(entry.key) else { return true }
        findings.error(
            "'\(Quotation.short(entry.key))' cannot name \(noun)", at: entry.keySpan, hint: "expected \(names.expected)"
        )
        return false
    }

    // MARK: Complaints

    private mutating func fail(_ message: String, _ node: YAMLNode, expected: String) -> Options.Value? {
        findings.error(message, at: node.span, hint: "expected \(expected)")
        return nil
    }

    private mutating func suggest(_ fix: String, for scalar: YAMLNode.Scalar, _ node: YAMLNode) -> Options.Value? {
        findings.error("'\(name)' is \(quoted(scalar.text))", at: node.span, hint: "did you mean '\(fix)'?")
        return nil
    }

    /// Short enough for a sentence, and on one line.
    private func quoted(_ text: String) -> String {
        "'\(Quotation.short(SecretMask.shown(text, of: name)))'"
    }
}
