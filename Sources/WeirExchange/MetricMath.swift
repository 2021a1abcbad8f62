/// The text of an expression in parts, as far as words and calls have to be told apart: what binds how tightly stays as it stands.
/// Both CloudWatch's metric math and weir's expressions are made of these.
indirect enum MathPart: Equatable {
    case number(String)
    case word(String)
    case operation(String)
    case group([MathPart])
    /// `[m1, m2]`, an argument of CloudWatch's.
    case list([[MathPart]])
    case call(String, [[MathPart]])
}

enum MetricMath {
    /// Nil when the text has another form than any expression.
    static func parts(of text: String) -> [MathPart]? {
        var reader = Reader(characters: Array(text))
        guard let parts = reader.sequence(), reader.isAtEnd else { return nil }
        return parts
    }

    static func text(_ parts: [MathPart]) -> String {
        var text = ""
        var previous: MathPart?
        for part in parts {
            switch part {
            case .operation(let symbol):
                let isUnary = symbol == "-" && (previous.map(isOperation) ?? true)
                text += isUnary ? symbol : " \(symbol) "
            case .number(let word), .word(let word): text += word
            case .group(let inner): text += "(\(self.text(inner)))"
            case .list(let items): text += "[\(items.map { self.text($0) }.joined(separator: ", "))]"
            case .call(let name, let arguments):
                text += "\(name)(\(arguments.map { self.text($0) }.joined(separator: ", ")))"
            }
            previous = part
        }
        return text
    }

    static func isOperation(_ part: MathPart) -> Bool {
        if case .operation = part { true } else { false }
    }

    /// Larger or smaller of two, written as `IF(a > b, a, b)`; CloudWatch takes the maximum of two series, and not of a series
    /// and a number.
    static func extreme(_ arguments: [[MathPart]]) -> (name: String, arguments: [[MathPart]])? {
        guard arguments.count == 3 else { return nil }
        for (symbol, name) in [(">", "max"), (">=", "max"), ("<", "min"), ("<=", "min")] {
            let condition = arguments[1] + [.operation(symbol)] + arguments[2]
            if arguments[0] == condition { return (name, [arguments[1], arguments[2]]) }
        }
        return nil
    }

    // MARK: Reading

    private struct Reader {
        let characters: [Character]
        var position = 0

        var isAtEnd: Bool { position == characters.count }

        /// Up to a closing mark, a comma or the end.
        mutating func sequence() -> [MathPart]? {
            var parts: [MathPart] = []
            while true {
                skipSpaces()
                guard position < characters.count, !")],".contains(characters[position]) else {
                    return parts.isEmpty ? nil : parts
                }
                guard let part = part() else { return nil }
                parts.append(part)
            }
        }

        private mutating func part() -> MathPart? {
            let character = characters[position]
            if character == "(" {
                position += 1
                guard let inner = sequence(), take(")") else { return nil }
                return .group(inner)
            }
            if character == "[" {
                position += 1
                return list(until: "]").map { .list($0) }
            }
            if character.isWordStart { return word() }
            if character.isASCII, character.isNumber || character == "." { return number() }
            for symbol in Self.symbols where characters[position...].starts(with: symbol) {
                position += symbol.count
                return .operation(symbol)
            }
            return nil
        }

        private static let symbols = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "^"]

        private mutating func word() -> MathPart? {
            let start = position
            while position < characters.count, characters[position].continuesWord { position += 1 }
            let word = String(characters[start..<position])
            if ["AND", "OR", "and", "or"].contains(word) { return .operation(word) }
            skipSpaces()
            guard position < characters.count, characters[position] == "(" else { return .word(word) }
            position += 1
            return list(until: ")").map { .call(word, $0) }
        }

        private mutating func number() -> MathPart? {
            let start = position
            while position < characters.count, characters[position].continuesWord || characters[position] == "." {
                position += 1
                let isExponent = position < characters.count && "eE".contains(characters[position - 1])
                if isExponent, "+-".contains(characters[position]) { position += 1 }
            }
            let text = String(characters[start..<position])
            return Double(text) == nil ? nil : .number(text)
        }

        private mutating func list(until end: Character) -> [[MathPart]]? {
            var items: [[MathPart]] = []
            while true {
                guard let item = sequence() else { return nil }
                items.append(item)
                if take(end) { return items }
                guard take(",") else { return nil }
            }
        }

        private mutating func take(_ character: Character) -> Bool {
            skipSpaces()
            guard position < characters.count, characters[position] == character else { return false }
            position += 1
            return true
        }

        private mutating func skipSpaces() {
            while position < characters.count, characters[position].isWhitespace { position += 1 }
        }
    }
}

extension Character {
    fileprivate var isWordStart: Bool { isASCII && (isLetter || self == "_") }
    fileprivate var continuesWord: Bool { isWordStart || isASCII && isNumber }
}
