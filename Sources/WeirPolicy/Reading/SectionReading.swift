import WeirCore

/// Reads nodes by their declarations. Every mistake becomes a finding; what comes back holds what could be read.
struct SectionReading {
    /// Every key of the format with the place where it belongs, for keys that were written somewhere else.
    let homes: KeyHomes
    var findings: Findings

    // MARK: Sections

    mutating func read(
        _ section: Section, from node: YAMLNode, title: String?, span: SourceSpan
    ) -> SectionValues {
        let errorsBefore = findings.errors
        let entries = entries(of: section, in: node, title: title)
        let guesses = reportUnknownKeys(entries ?? [], of: section, title: title)
        var values: [KeyValue] = []
        for key in section.keys {
            if let entry = entries?.first(where: { $0.key == key.name }) {
                values.append(read(key, from: entry))
            } else {
                let mayBeMistyped = entries == nil || guesses.contains(key.name)
                if key.required, !mayBeMistyped { reportMissing(key, title: title, span: span) }
                values.append(unwritten(key))
            }
        }
        if let choice = section.choice, let entries {
            check(choice, entries, title: title, span: span, hasUnknownKeys: !guesses.isEmpty)
        }
        var result = SectionValues(title: title, span: span, section: section, values: values, isSound: true)
        if findings.errors == errorsBefore { runCheck(of: section, on: result) }
        result.isSound = findings.errors == errorsBefore
        return result
    }

    /// The entries of a mapping, or what a shorthand stands for; nil when it is neither, which is told here.
    private mutating func entries(of section: Section, in node: YAMLNode, title: String?) -> [YAMLNode.Entry]? {
        switch node.content {
        case .mapping(let entries): return entries
        case .scalar(let scalar) where scalar.isNull: return []
        case .scalar, .list:
            if let name = section.shorthand, section.key(name)?.takesAsShorthand(node) == true {
                return [YAMLNode.Entry(key: name, keySpan: node.span, value: node)]
            }
            let found = if case .list = node.content { "a list" } else { "plain text" }
            findings.error(
                title.map { "\($0) is \(found)" } ?? "the file holds \(found)", at: node.span,
                hint: Self.alternative(of: section, for: node) ?? "expected keys and values")
            return nil
        }
    }

    /// A name alone, where the first of the alternatives takes one: `embedded: emails`.
    private static func alternative(of section: Section, for node: YAMLNode) -> String? {
        guard case .scalar(let scalar) = node.content, !scalar.text.contains(where: \.isWhitespace),
            let word = section.choice?.words.first, case .section(let first)? = section.key(word)?.shape,
            let name = first.shorthand, first.key(name)?.takesAsShorthand(node) == true,
            first.key(name)?.holdsSecrets == false
        else { return nil }
        return "did you mean '\(word): \(Quotation.short(scalar.text))'?"
    }

    private mutating func check(
        _ choice: Section.Choice, _ entries: [YAMLNode.Entry], title: String?, span: SourceSpan, hasUnknownKeys: Bool
    ) {
        let written = entries.filter { choice.words.contains($0.key) }
        let place = title ?? "the file"
        if let first = written.first, let second = written.dropFirst().first {
            findings.error(
                "\(place) names two \(choice.noun)s, '\(first.key)' and '\(second.key)'", at: second.keySpan,
                hint: "expected exactly one")
        } else if written.isEmpty, !hasUnknownKeys {
            findings.error(
                "\(place) names no \(choice.noun)", at: span,
                hint: "expected \(Field.Kind.alternatives(choice.words))")
        }
    }

    private mutating func runCheck(of section: Section, on values: SectionValues) {
        for mistake in section.check?(values.options) ?? [] {
            findings.error(
                mistake.message, at: values.place(of: mistake.field), hint: "expected \(mistake.expected)")
        }
    }

    // MARK: Keys

    private mutating func read(_ key: Key, from entry: YAMLNode.Entry) -> KeyValue {
        var offset: Int?
        if case .scalar(let scalar) = entry.value.content { offset = scalar.textOffset }
        var items: [YAMLNode] = []
        if case .list(let list) = entry.value.content { items = list }
        return KeyValue(
            key: key, keySpan: entry.keySpan, valueSpan: entry.value.span, textOffset: offset,
            itemSpans: items.map(\.span),
            content: content(
                key.shape, from: key.withoutSynonym(entry.value), name: entry.key, nameSpan: entry.keySpan, key: key))
    }

    private mutating func content(
        _ shape: Key.Shape, from node: YAMLNode, name: String, nameSpan: SourceSpan, key: Key? = nil
    ) -> KeyValue.Content {
        switch shape {
        case .value(let kind, _):
            var reading = FieldReading(name: name, findings: findings, key: key)
            let value = reading.read(node, as: kind)
            findings = reading.findings
            return value.map { .value($0) } ?? .mistaken
        case .section(let section):
            return .section(read(section, from: node, title: "'\(name)'", span: nameSpan))
        case .named(let names, let shape):
            return named(names, shape, from: node, name: name)
        case .sequence(let section, let range):
            return sequence(section, range, from: node, name: name)
        case .variants(let variants):
            return variant(of: variants, from: node, name: name, nameSpan: nameSpan)
        case .either(let either):
            var isSpecial = false
            if case .mapping(let entries) = node.content { isSpecial = entries.contains { either.isSpecial($0.key) } }
            return .section(
                read(isSpecial ? either.special : either.usual, from: node, title: "'\(name)'", span: nameSpan))
        }
    }

    private mutating func named(
        _ names: Key.Names, _ shape: Key.Shape, from node: YAMLNode, name: String
    ) -> KeyValue.Content {
        let entries: [YAMLNode.Entry]
        switch node.content {
        case .mapping(let written): entries = written
        case .scalar(let scalar) where scalar.isNull: entries = []
        case .scalar, .list:
            findings.error(
                "'\(name)' is not a mapping", at: node.span,
                hint: "expected names, each with \(names.article) \(names.noun)")
            return .mistaken
        }
        let values = entries.prefix(names.most).map { namedValue($0, names, shape) }
        guard entries.count <= names.most else {
            findings.error(
                "'\(name)' has \(entries.count) \(names.plural)", at: entries[names.most].keySpan,
                hint: "expected at most \(names.most)")
            // Whoever refers to one of the others is not wrong.
            return .mistaken
        }
        return .named(values)
    }

    private mutating func namedValue(_ entry: YAMLNode.Entry, _ names: Key.Names, _ shape: Key.Shape) -> NamedValue {
        if !names.accepts(entry.key) {
            findings.error(
                "'\(Quotation.short(entry.key))' cannot name \(names.article) \(names.noun)", at: entry.keySpan,
                hint: "expected \(names.expected)")
        }
        var offset: Int?
        if case .scalar(let scalar) = entry.value.content { offset = scalar.textOffset }
        return NamedValue(
            name: entry.key, nameSpan: entry.keySpan, valueSpan: entry.value.span, textOffset: offset,
            content: content(shape, from: entry.value, name: entry.key, nameSpan: entry.keySpan))
    }

    private mutating func sequence(
        _ section: Section, _ range: ClosedRange<Int>, from node: YAMLNode, name: String
    ) -> KeyValue.Content {
        guard case .list(let items) = node.content else {
            findings.error("'\(name)' is not a list", at: node.span, hint: "expected a list: - { … }")
            return .mistaken
        }
        if !range.contains(items.count) {
            let place = items.count > range.upperBound ? items[range.upperBound].span : node.span
            findings.error(
                "'\(name)' has \(items.count) items", at: place,
                hint: "expected \(range.lowerBound) to \(range.upperBound)")
        }
        var sections: [SectionValues] = []
        for (index, item) in items.enumerated() {
            sections.append(read(section, from: item, title: "'\(name)[\(index)]'", span: item.span))
        }
        return .sequence(sections)
    }

    private mutating func variant(
        of variants: Key.Variants, from node: YAMLNode, name: String, nameSpan: SourceSpan
    ) -> KeyValue.Content {
        var entries: [YAMLNode.Entry] = []
        if case .mapping(let written) = node.content { entries = written }
        var word = variants.defaultWord
        if let entry = entries.first(where: { $0.key == variants.selector }) {
            var reading = FieldReading(name: variants.selector, findings: findings, key: variants.selectorKey)
            let value = reading.read(variants.withoutSynonym(entry.value), as: .oneOf(variants.words))
            findings = reading.findings
            guard case .text(let written)? = value else { return .mistaken }
            word = written
        } else if let written = variants.wordOfMisspeltSelector(in: entries) {
            word = written
        } else if let (likely, key) = variants.wordThatAlone(has: entries.map(\.key)) {
            reportMissingSelector(
                of: variants, likely: likely, because: key, entries, title: "'\(name)'", span: nameSpan)
            word = likely
        }
        guard let section = variants.section(word) else { return .mistaken }
        return .section(read(section, from: node, title: "'\(name)'", span: nameSpan))
    }

    /// The default does not have a key that was written, but another type has. When the selector was only misspelt,
    /// that is told when the section is read.
    private mutating func reportMissingSelector(
        of variants: Key.Variants, likely: String, because key: String, _ entries: [YAMLNode.Entry], title: String,
        span: SourceSpan
    ) {
        let isMisspelt = entries.contains { entry in
            let selector = variants.section(likely)?.key(variants.selector)
            return selector?.isCalledElsewhere(entry.key) == true
                || NearestWord.to(entry.key, among: [variants.selector]) != nil
        }
        guard !isMisspelt else { return }
        findings.error(
            "'\(variants.selector)' is missing in \(title), which has '\(key)'", at: span,
            hint: "expected '\(variants.selector): \(likely)'")
    }

    // MARK: What was not written

    private mutating func unwritten(_ key: Key) -> KeyValue {
        if key.isImplied, case .section(let section) = key.shape {
            let nothing = YAMLNode(content: .mapping([]), span: .start)
            let values = read(section, from: nothing, title: "'\(key.name)'", span: nothing.span)
            return KeyValue(key: key, content: .section(values))
        }
        return KeyValue(key: key, content: key.defaultValue.map { .value($0) } ?? .absent)
    }

    private mutating func reportMissing(_ key: Key, title: String?, span: SourceSpan) {
        findings.error(
            "'\(key.name)' is missing" + (title.map { " in \($0)" } ?? ""), at: span,
            hint: "expected '\(key.name):' with \(key.shape.expectation)")
    }

    // MARK: What should not have been written

    /// Complains about each unknown key, and answers with what they may have been meant to be. What is only counted is
    /// not guessed at: guessing is slow, and nobody would see it.
    private mutating func reportUnknownKeys(
        _ entries: [YAMLNode.Entry], of section: Section, title: String?
    ) -> [String] {
        let declared = Set(section.keys.map(\.name))
        let written = Set(entries.map(\.key))
        let free = section.keys.filter { !written.contains($0.name) }
        var guesses: [String] = []
        for entry in entries where !declared.contains(entry.key) {
            let advice = section.advice(for: entry.key)
            let guess = findings.isFull || advice != nil ? nil : Self.guess(entry.key, among: free)
            guesses += [guess ?? ""] + (advice?.holds ?? [])
            let hint = findings.isFull ? nil : hint(for: entry, guess: guess, entries, of: section)
            findings.error(
                "unknown key '\(Quotation.short(entry.key))'" + (title.map { " in \($0)" } ?? ""), at: entry.keySpan,
                hint: hint)
        }
        return guesses
    }

    private static func guess(_ word: String, among free: [Key]) -> String? {
        free.first { $0.isCalledElsewhere(word) }?.name
            ?? NearestWord.to(NearestWord.snakeCase(word), among: free.map(\.name))
    }

    private func hint(
        for entry: YAMLNode.Entry, guess: String?, _ entries: [YAMLNode.Entry], of section: Section
    ) -> String {
        let expected = "expected \(Field.Kind.alternatives(section.keys.map(\.name)))"
        if let notYet = NotYet.hint(entry.key) { return notYet + expected }
        return section.advice(for: entry.key)?.text
            ?? guess.map { "did you mean '\($0)'?" }
            ?? Self.alreadyThere(entry, entries, of: section)
            ?? homes.hint(for: entry.key)
            ?? expected
    }

    /// A misspelt key, or one of other programs, whose right spelling is there too.
    private static func alreadyThere(
        _ entry: YAMLNode.Entry, _ entries: [YAMLNode.Entry], of section: Section
    ) -> String? {
        guard let word = guess(entry.key, among: section.keys),
            let other = entries.first(where: { $0.key == word })
        else { return nil }
        return "'\(word)' is on line \(other.keySpan.line)"
    }
}

extension Key.Variants {
    /// The first type that has a key which the default type has not.
    fileprivate func wordThatAlone(has names: [String]) -> (word: String, key: String)? {
        guard let usual = section(defaultWord) else { return nil }
        for (word, section) in sections where word != defaultWord {
            if let name = names.first(where: { section.expects($0) && !usual.expects($0) }) { return (word, name) }
        }
        return nil
    }

    /// The types share this key.
    fileprivate var selectorKey: Key? { section(defaultWord)?.key(selector) }

    fileprivate func withoutSynonym(_ node: YAMLNode) -> YAMLNode { selectorKey?.withoutSynonym(node) ?? node }

    /// The type that a selector under another name says, so that the rest is read as what it was meant to be.
    fileprivate func wordOfMisspeltSelector(in entries: [YAMLNode.Entry]) -> String? {
        for entry in entries where selectorKey?.isCalledElsewhere(entry.key) == true {
            guard case .scalar(let scalar) = withoutSynonym(entry.value).content else { continue }
            let plain = NearestWord.normalized(scalar.text)
            if let word = words.first(where: { NearestWord.normalized($0) == plain }) { return word }
        }
        return nil
    }
}

extension Section {
    /// It has this key, or knows what to say about it.
    fileprivate func expects(_ written: String) -> Bool { key(written) != nil || advice(for: written) != nil }
}

extension Key.Either {
    /// The key that makes it the special kind, also under the name that other programs give it.
    fileprivate func isSpecial(_ written: String) -> Bool {
        written == key || special.key(key)?.isCalledElsewhere(written) == true
    }
}

extension Key {
    /// The value with a synonym replaced by the word that it means.
    fileprivate func withoutSynonym(_ node: YAMLNode) -> YAMLNode {
        guard case .scalar(var scalar) = node.content,
            let synonym = synonyms.first(where: {
                NearestWord.normalized($0.written) == NearestWord.normalized(scalar.text)
            })
        else { return node }
        scalar.text = synonym.means
        return YAMLNode(content: .scalar(scalar), span: node.span)
    }

    /// The word that a misnomer, or a misspelt synonym, was probably meant to be.
    func wordMeant(by written: String) -> String? {
        let plain = NearestWord.normalized(written)
        if let misnomer = misnomers.first(where: { NearestWord.normalized($0.written) == plain }) {
            return misnomer.means
        }
        let synonym = NearestWord.to(written, among: synonyms.map(\.written))
        return synonyms.first { $0.written == synonym }?.means
    }

    /// Whether this value may stand for the whole section, when this key is its shorthand: a list where a list is
    /// declared, plain text elsewhere.
    func takesAsShorthand(_ node: YAMLNode) -> Bool {
        guard case .value(let kind, _) = shape else { return false }
        let wantsList = if case .list = kind { true } else { false }
        return switch node.content {
        case .scalar: !wantsList
        case .list: wantsList
        case .mapping: false
        }
    }

    /// The default as a value. A default that its own declaration does not accept is a programming error.
    var defaultValue: Options.Value? {
        guard case .value(let kind, let text?) = shape else { return nil }
        let source = SourceText(path: "default of \(name)", text: text)
        var reading = FieldReading(name: name, findings: Findings(source: source))
        let node: YAMLNode?
        switch kind {
        case .list, .textMap:
            node = YAMLReading.read(text, findings: &reading.findings)
        case .text, .checkedText, .integer, .number, .boolean, .duration, .durationOrNone, .size, .oneOf:
            node = YAMLNode(content: .scalar(.init(text: text, isPlain: true)), span: .start)
        }
        guard let node, let value = reading.read(node, as: kind) else {
            preconditionFailure("the default '\(text)' of '\(name)' is not \(kind.expectation)")
        }
        return value
    }
}
