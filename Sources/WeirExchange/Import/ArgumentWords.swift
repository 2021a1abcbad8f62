/// A line of arguments in words, as a person who wrote quotes meant it. Quotes and backslashes are those of a POSIX shell; nothing
/// else that a shell would do is done.
enum ArgumentWords {
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
                guard let escaped = escaped(character, in: quote) else { continue }
                word = (word ?? "") + escaped
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        // Nothing comes that it could be about.
        if isEscaped { word = (word ?? "") + "\\" }
        return words + (word.map { [$0] } ?? [])
    }

    /// What a backslash and this character stand for. Nil: for nothing, as the line only goes on in the next one.
    /// - Source: POSIX, Shell Command Language, "Quoting": between double quotes it takes the meaning of `$`, `` ` ``, `"`, `\` and
    ///   the end of a line, and of nothing else.
    private static func escaped(_ character: Character, in quote: Character?) -> String? {
        if character == "\n" || character == "\r\n" { return nil }
        return quote == nil || "$`\"\\".contains(character) ? String(character) : "\\\(character)"
    }
}
