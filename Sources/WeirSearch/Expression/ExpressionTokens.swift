import WeirCore
import WeirPolicy

struct Token: Equatable {
    enum Content: Equatable {
        case number(Double)
        /// A field, or one of the words and, or, not.
        case word(String)
        case sign(String)
    }

    var content: Content
    var range: Range<Int>
}

/// Takes an expression apart.
enum Tokens {
    static func of(_ text: String) throws(ExpressionMistake) -> [Token] {
        guard text.count <= SearchLimits.longestExpression else {
            throw ExpressionMistake(
                text: String(text.prefix(40)), range: 0..<40,
                problem: "the expression is longer than \(SearchLimits.longestExpression) characters")
        }
        let characters = Array(text)
        var tokens: [Token] = []
        var place = 0
        while place < characters.count {
            let first = characters[place]
            if first.isWhitespace {
                place += 1
                continue
            }
            let token = try next(characters, from: place, text)
            tokens.append(token)
            place = token.range.upperBound
        }
        return tokens
    }

    private static func next(
        _ characters: [Character], from start: Int, _ text: String
    ) throws(ExpressionMistake) -> Token {
        let first = characters[start]
        func end(while belongs: (Character) -> Bool) -> Int {
            characters[start...].firstIndex { !belongs($0) } ?? characters.count
        }
        if isDigit(first) || first == "." {
            let range = start..<end { $0.isASCII && ($0.isLetter || isDigit($0)) || $0 == "." || $0 == "%" }
            let written = String(characters[range])
            guard let number = number(written) else {
                throw ExpressionMistake(
                    text: text, range: range,
                    problem: "'\(written)' is no number: expected such as 60, 1.05, 105% or 1m30s")
            }
            return Token(content: .number(number), range: range)
        }
        if first.isASCII, first.isLetter || first == "_" {
            let range = start..<end { $0.isASCII && ($0.isLetter || isDigit($0) || $0 == "_" || $0 == ".") }
            return Token(content: .word(String(characters[range])), range: range)
        }
        let two = String(characters[start..<min(start + 2, characters.count)])
        if [">=", "<=", "==", "!="].contains(two) {
            return Token(content: .sign(two), range: start..<start + 2)
        }
        if let word = ["&&": "and", "||": "or"][two] {
            throw ExpressionMistake(text: text, range: start..<start + 2, problem: "write '\(word)' for '\(two)'")
        }
        if first == "!" {
            throw ExpressionMistake(text: text, range: start..<start + 1, problem: "write 'not' for '!'")
        }
        if first == "=" {
            throw ExpressionMistake(text: text, range: start..<start + 1, problem: "write '==' for '='")
        }
        guard "()+-*/<>".contains(first) else {
            throw ExpressionMistake(text: text, range: start..<start + 1, problem: "'\(first)' means nothing here")
        }
        return Token(content: .sign(String(first)), range: start..<start + 1)
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// `60`, `1.05`, `1e6`, `105%`, and times in seconds: `60s`, `1m30s`.
    private static func number(_ text: String) -> Double? {
        if let time = Quantity.time(text) { return time.inSeconds }
        if text.hasSuffix("%") { return plain(String(text.dropLast())).map { $0 / 100 } }
        return plain(text)
    }

    private static func plain(_ text: String) -> Double? {
        guard text.allSatisfy({ isDigit($0) || $0 == "." || $0 == "e" }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
}
