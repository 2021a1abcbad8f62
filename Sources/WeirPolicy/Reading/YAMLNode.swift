/// A value of a YAML file and where it stood.
struct YAMLNode: Sendable {
    var content: Content
    /// For a scalar its text, with its quotes; for a mapping or a list its first character.
    var span: SourceSpan

    indirect enum Content: Sendable {
        case scalar(Scalar)
        case list([YAMLNode])
        /// In the order of the file.
        case mapping([Entry])
    }

    struct Scalar: Sendable {
        var text: String
        /// Written without quotes, so that `5`, `true` and `~` are a number, a truth value and nothing.
        var isPlain: Bool
        /// Scalars between the start of the span and the first character of the text, on a line of its own text; nil
        /// when the text is folded or escaped, so that places inside it cannot be told.
        var textOffset: Int?

        var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }
    }

    struct Entry: Sendable {
        var key: String
        var keySpan: SourceSpan
        var value: YAMLNode
    }
}
