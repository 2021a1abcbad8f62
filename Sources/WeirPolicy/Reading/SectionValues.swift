import WeirCore

/// A section as it was read: a value, or why there is none, for every key that is declared.
struct SectionValues: Sendable {
    /// How complaints name it: `'thumbnails-up'`. Nil for the file itself.
    var title: String?
    /// Where its name stands, or where it begins.
    var span: SourceSpan
    var section: Section
    /// In the order of the declaration.
    var values: [KeyValue]
    /// No mistake inside it; what is built from a section that has one would be made up.
    var isSound: Bool

    subscript(name: String) -> KeyValue? { values.first { $0.key.name == name } }

    func child(_ name: String) -> SectionValues? {
        guard case .section(let section)? = self[name]?.content else { return nil }
        return section
    }

    func named(_ name: String) -> [NamedValue] {
        guard case .named(let items)? = self[name]?.content else { return [] }
        return items
    }

    func sequence(_ name: String) -> [SectionValues] {
        guard case .sequence(let items)? = self[name]?.content else { return [] }
        return items
    }

    /// The plain values, defaults filled in.
    var options: Options {
        var secretFields: [String] = []
        let entries = values.compactMap { item -> Options.Entry? in
            guard case .value(let value) = item.content else { return nil }
            if item.key.holdsSecrets { secretFields.append(item.key.name) }
            return Options.Entry(name: item.key.name, value: value)
        }
        return Options(values: entries, secretFields: secretFields)
    }

    /// Which of its alternatives was written, when that is a section.
    var chosen: (name: String, section: SectionValues)? {
        guard let name = section.choice?.words.first(where: isWritten), let child = child(name) else { return nil }
        return (name, child)
    }

    /// Where the value of a key stands, or the section's name when it was not written.
    func place(of name: String) -> SourceSpan { self[name]?.valueSpan ?? span }

    /// Whether the key was written, rightly or not.
    func isWritten(_ name: String) -> Bool { self[name]?.keySpan != nil }

    /// Whether the key was written, rightly, and says another thing than its default: an explained file names every default.
    func isSet(_ name: String) -> Bool {
        guard let value = self[name], value.keySpan != nil, case .value(let content) = value.content else {
            return false
        }
        return content != (value.key.defaultValue ?? value.key.fallback?.sibling.flatMap { options[$0] })
    }
}

struct KeyValue: Sendable {
    var key: Key
    /// Nil when the key was not written.
    var keySpan: SourceSpan?
    var valueSpan: SourceSpan?
    /// For a value on one line: scalars between the start of `valueSpan` and the first of the text.
    var textOffset: Int?
    /// Of the items of a list.
    var itemSpans: [SourceSpan] = []
    var content: Content

    /// Where the text of the value has this character, or the whole value when it cannot be told.
    func place(ofCharacter offset: Int, in text: String) -> SourceSpan? {
        guard let valueSpan, let textOffset else { return valueSpan }
        return valueSpan.part(from: textOffset + text.prefix(offset).unicodeScalars.count)
    }

    indirect enum Content: Sendable {
        case value(Options.Value)
        case section(SectionValues)
        case named([NamedValue])
        case sequence([SectionValues])
        /// Not written, and without a default.
        case absent
        /// Written, but not right; the complaint has been made.
        case mistaken
    }
}

struct NamedValue: Sendable {
    var name: String
    var nameSpan: SourceSpan
    var valueSpan: SourceSpan
    /// For a value on one line: scalars between the start of `valueSpan` and the first of the text.
    var textOffset: Int?
    var content: KeyValue.Content

    var section: SectionValues? {
        guard case .section(let section) = content else { return nil }
        return section
    }

    var text: String? {
        guard case .value(.text(let text)) = content else { return nil }
        return text
    }
}

extension Key {
    var holdsSecrets: Bool {
        guard case .value(let kind, _) = shape else { return false }
        return kind.holdsSecrets
    }
}

extension Field.Kind {
    var holdsSecrets: Bool {
        switch self {
        case .text(let secrets), .textMap(_, let secrets): secrets
        case .list(let kind): kind.holdsSecrets
        case .checkedText, .integer, .number, .boolean, .duration, .durationOrNone, .size, .oneOf: false
        }
    }
}
