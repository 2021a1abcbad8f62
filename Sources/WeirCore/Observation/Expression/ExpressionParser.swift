/// Reads the text of a metric expression into its tree, by precedence climbing.
struct ExpressionParser {
    private let characters: [Character]
    private let knows: (String) -> Bool
    private var position = 0
    private var depth = 0

    init(_ text: String, knows: @escaping (String) -> Bool) {
        characters = Array(text)
        self.knows = knows
    }

    mutating func parse() throws(ExpressionError) -> ExpressionNode {
        guard characters.count <= Limits.longestExpression else {
            throw ExpressionError(
                offset: Limits.longestExpression, message: "the expression is too long",
                expected: "at most \(Limits.longestExpression) characters")
        }
        let node = try expression(tighterThan: 0)
        skipSpaces()
        guard position == characters.count else {
            throw mistake("'\(characters[position])' does not belong here", expected: "an operator or the end")
        }
        return node
    }

    // MARK: Grammar

    private mutating func expression(tighterThan floor: Int) throws(ExpressionError) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.expressionDepth else {
            throw mistake("the expression is nested too deeply", expected: "at most \(Limits.expressionDepth) levels")
        }
        var left = try operand()
        while let operation = peekOperator(), operation.precedence > floor {
            position += operation.rawValue.count
            // A power binds from the right: its right side may hold another power.
            let right = try expression(
                tighterThan: operation == .power ? operation.precedence - 1 : operation.precedence)
            left = .binary(operation, left, right)
        }
        return left
    }

    private mutating func operand() throws(ExpressionError) -> ExpressionNode {
        skipSpaces()
        guard let next = peek() else { throw mistake("the expression ends too early", expected: Self.anOperand) }
        switch next {
        case "-":
            position += 1
            return .negated(try expression(tighterThan: 4))
        case "(":
            position += 1
            let inner = try expression(tighterThan: 0)
            try close()
            return inner
        case _ where next.isDigit || next == ".":
            return try number()
        case _ where next.startsWord:
            return try word()
        default:
            throw mistake("'\(next)' does not belong here", expected: Self.anOperand)
        }
    }

    private mutating func number() throws(ExpressionError) -> ExpressionNode {
        let start = position
        while let next = peek(), next.isDigit || next == "." || next.continuesWord || isExponentSign { position += 1 }
        let text = String(characters[start..<position])
        guard let number = Double(text), number.isFinite, text.first != ".", text.last != ".", !text.contains("x")
        else {
            throw ExpressionError(offset: start, message: "'\(text)' is not a number", expected: "a number such as 0.5")
        }
        return .number(number)
    }

    private mutating func word() throws(ExpressionError) -> ExpressionNode {
        let start = position
        while let next = peek(), next.continuesWord { position += 1 }
        let word = String(characters[start..<position])
        skipSpaces()
        if peek() == "(" { return try call(word, at: start) }
        if knows(word) { return .metric(BuiltInMetric(rawValue: word).map(MetricID.builtIn) ?? .named(word)) }
        if let metric = BuiltInMetric(rawValue: word) { return .metric(.builtIn(metric)) }
        if let function = ExpressionFunction(rawValue: word) {
            throw mistake("'\(word)' is a function", expected: function.usage)
        }
        throw ExpressionError(
            offset: start, message: "there is no metric '\(word)'",
            expected: "a metric, or a name under 'metrics' that stands above this one")
    }

    private mutating func call(_ word: String, at start: Int) throws(ExpressionError) -> ExpressionNode {
        guard let function = ExpressionFunction(rawValue: word) else {
            let functions = ExpressionFunction.allCases.map(\.rawValue).joined(separator: ", ")
            throw ExpressionError(
                offset: start, message: "there is no function '\(word)'", expected: "one of \(functions)")
        }
        position += 1
        var arguments = [try expression(tighterThan: 0)]
        skipSpaces()
        while peek() == "," {
            position += 1
            arguments.append(try expression(tighterThan: 0))
            skipSpaces()
        }
        try close()
        guard function.argumentCount.contains(arguments.count) else {
            throw ExpressionError(
                offset: start, message: "'\(word)' does not take \(counted(arguments.count, "argument"))",
                expected: function.usage)
        }
        return .call(function, arguments)
    }

    // MARK: Characters

    private static let anOperand = "a number, a metric, a function or '('"

    private func peek() -> Character? { position < characters.count ? characters[position] : nil }

    /// The sign in `1e-3`.
    private var isExponentSign: Bool {
        guard let next = peek(), next == "-" || next == "+", position > 0 else { return false }
        let digitFollows = position + 1 < characters.count && characters[position + 1].isDigit
        return digitFollows && (characters[position - 1] == "e" || characters[position - 1] == "E")
    }

    private mutating func peekOperator() -> BinaryOperator? {
        skipSpaces()
        // Two characters before one: `<=` is not `<`.
        let longestFirst = BinaryOperator.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
        return longestFirst.first { characters[position...].starts(with: $0.rawValue) }
    }

    private mutating func skipSpaces() {
        while let next = peek(), next.isWhitespace { position += 1 }
    }

    private mutating func close() throws(ExpressionError) {
        skipSpaces()
        guard peek() == ")" else { throw mistake("a parenthesis is not closed", expected: "')'") }
        position += 1
    }

    private func mistake(_ message: String, expected: String) -> ExpressionError {
        ExpressionError(offset: position, message: message, expected: expected)
    }
}

extension Character {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var startsWord: Bool { isASCII && (isLetter || self == "_") }
    fileprivate var continuesWord: Bool { startsWord || isDigit }
}
