/// The format as a JSON Schema (draft 2020-12), made from the declarations that read it. Editors complete and check
/// with it; rules that span sections are beyond it, and are left to `weir check`.
public enum PolicySchema {
    public static func text(catalogue: Catalogue) -> String {
        let root = PolicyDeclaration.root(catalogue)
        // As the reader tells them apart: a fleet is declared where neither a group nor what belongs to one is written.
        let ofGroups = ["group", "queue", "workers"].map { JSONText.object([("required", .array([.text($0)]))]) }
        let declaresFleet: Members = [
            ("required", .array([.text("fleet")])), ("not", .object([("anyOf", .array(ofGroups))])),
        ]
        let alternatives: Members = [
            ("if", .object(declaresFleet)), ("then", .object(object(FleetSection.file))),
            ("else", .object(object(root))),
        ]
        return JSONText.object(head("weir policy file") + alternatives).text() + "\n"
    }

    /// Of a file that is one section.
    static func text(of file: Section, title: String) -> String {
        JSONText.object(head(title) + object(file)).text() + "\n"
    }

    private static func head(_ title: String) -> Members {
        [("$schema", .text("https://json-schema.org/draft/2020-12/schema")), ("title", .text(title))]
    }

    private typealias Members = [(name: String, value: JSONText)]

    // MARK: Sections

    private static func object(_ section: Section) -> Members {
        var members: Members = [
            ("description", .text(section.summary)),
            ("type", .text("object")),
            ("properties", .object(section.keys.map { ($0.name, .object(schema(of: $0))) })),
        ]
        let required = section.keys.filter(\.required).map { JSONText.text($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if let choice = section.choice {
            let alternatives = choice.words.map { JSONText.object([("required", .array([.text($0)]))]) }
            members.append(("oneOf", .array(alternatives)))
        }
        members.append(("additionalProperties", .boolean(false)))
        return members
    }

    /// A section that a plain value may stand for.
    private static func withShorthand(_ section: Section) -> Members {
        guard let name = section.shorthand, case .value(let kind, _)? = section.key(name)?.shape else {
            return object(section)
        }
        return [("anyOf", .array([.object(schema(of: kind)), .object(object(section))]))]
    }

    private static func schema(of key: Key) -> Members {
        var members = schema(of: key.shape)
        if case .value(.oneOf(let words), _) = key.shape {
            members = schema(ofWords: words + key.synonyms.map(\.written))
        }
        if let pattern = key.pattern { members.append(("pattern", .text(pattern))) }
        members.removeAll { $0.name == "description" }
        members.insert(("description", .text(key.summary)), at: 0)
        if let value = key.defaultValue { members.append(("default", json(value))) }
        return members
    }

    private static func schema(of shape: Key.Shape) -> Members {
        switch shape {
        case .value(let kind, _):
            return schema(of: kind)
        case .section(let section):
            return withShorthand(section)
        case .named(let names, let shape):
            return [
                ("type", .array([.text("object"), .text("null")])),
                ("propertyNames", .object([("pattern", .text(names.pattern))])),
                ("additionalProperties", .object(schema(of: shape))),
                ("maxProperties", .integer(names.most)),
            ]
        case .sequence(let section, let range):
            return [
                ("type", .text("array")), ("items", .object(withShorthand(section))),
                ("minItems", .integer(range.lowerBound)), ("maxItems", .integer(range.upperBound)),
            ]
        case .variants(let variants):
            return [("oneOf", .array(variants.sections.map { .object(variant($0.word, $0.section, of: variants)) }))]
        case .either(let either):
            return [("oneOf", .array(either.sections.map { .object(object($0)) }))]
        }
    }

    /// One type of a section with types: its selector is narrowed to one word, and needed unless that is the default.
    private static func variant(_ word: String, _ section: Section, of variants: Key.Variants) -> Members {
        var narrowed = section
        narrowed.keys = section.keys.map { key in
            guard key.name == variants.selector else { return key }
            let isDefault = word == variants.defaultWord
            return Key(
                key.name, .value(.oneOf([word]), default: isDefault ? word : nil), required: !isDefault, key.summary,
                source: key.source, synonyms: key.synonyms.filter { $0.means == word })
        }
        return object(narrowed)
    }

    // MARK: Values

    private static func schema(of kind: Field.Kind) -> Members {
        switch kind {
        case .text, .checkedText:
            // Plain YAML such as 1.4 or true is text where text is declared.
            return [("type", .array([.text("string"), .text("number"), .text("boolean")]))]
        case .integer(let range):
            return [
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .number(let range):
            let bounds: Members = [("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound))]
            return [("type", .text("number"))] + (Field.Kind.isUnbounded(range) ? [] : bounds)
        case .boolean:
            return [("type", .text("boolean"))]
        case .duration:
            return [
                ("type", .text("string")), ("minLength", .integer(1)), ("pattern", .text(Quantity.durationPattern)),
            ]
        case .durationOrNone(let range):
            return [
                ("anyOf", .array([.object(schema(ofWords: [Field.Kind.none])), .object(schema(of: .duration(range)))]))
            ]
        case .size:
            return [("type", .text("string")), ("pattern", .text(Quantity.sizePattern))]
        case .oneOf(let words):
            return schema(ofWords: words)
        case .list(let item):
            return [("type", .text("array")), ("items", .object(schema(of: item)))]
        case .textMap(let names, let secrets):
            let pattern = names.pattern.map { ("propertyNames", JSONText.object([("pattern", .text($0))])) }
            return [("type", .text("object"))] + (pattern.map { [$0] } ?? [])
                + [("additionalProperties", .object(schema(of: .text(secrets: secrets))))]
        }
    }

    /// The words as an editor offers them, or in another spelling.
    private static func schema(ofWords words: [String]) -> Members {
        let exact: Members = [("enum", .array(words.map { .text($0) }))]
        let spelled: Members = [("type", .text("string")), ("pattern", .text(pattern(of: words)))]
        return [("anyOf", .array([.object(exact), .object(spelled)]))]
    }

    /// The same words in any case, and with or without `_` and `-`, as they are read.
    private static func pattern(of words: [String]) -> String {
        let patterns = words.map { word in
            NearestWord.normalized(word).map { character in
                character.isLetter ? "[\(character.uppercased())\(character.lowercased())]" : "\(character)"
            }.joined(separator: "[_-]*")
        }
        return "^[_-]*(" + patterns.joined(separator: "|") + ")[_-]*$"
    }

    private static func json(_ value: Options.Value) -> JSONText {
        switch value {
        case .text(let text): .text(text)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .boolean(let boolean): .boolean(boolean)
        case .duration(let duration): .text(Quantity.text(duration))
        case .size(let size): .text(Quantity.text(sizeBytes: size))
        case .list(let items): .array(items.map(json))
        case .map(let entries): .object(entries.map { ($0.name, json($0.value)) })
        }
    }
}
