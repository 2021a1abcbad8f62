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
        while let (operation, length) = peekOperator(), operation.precedence > floor {
            position += length
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
            return .negated(try expression(tighterThan: BinaryOperator.minusPrecedence))
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
        if let function = ExpressionFunction(written: word) {
            throw mistake("'\(word)' is a function", expected: function.usage)
        }
        if word == "fill" || word == "FILL" {
            throw mistake("'\(word)' is a function", expected: Self.fillUsage)
        }
        throw ExpressionError(
            offset: start, message: "there is no metric '\(word)'",
            expected: "a metric, or a name under 'metrics' that stands above this one")
    }

    private mutating func call(_ word: String, at start: Int) throws(ExpressionError) -> ExpressionNode {
        if word == "fill" || word == "FILL" { return try fill() }
        guard let function = ExpressionFunction(written: word) else { throw unknownFunction(word, at: start) }
        position += 1
        skipSpaces()
        if peek() == "[" { throw mistake("'[' does not belong here", expected: usageWithoutBrackets(of: function)) }
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

    /// Metric math has lists of metrics, and here the arguments are the list: `min(visible, in_flight)`.
    private func usageWithoutBrackets(of function: ExpressionFunction) -> String {
        let rest = characters[(position + 1)...]
        guard let end = rest.firstIndex(of: "]") else { return function.usage }
        return "\(function.rawValue)(\(String(rest[..<end])))"
    }

    /// `FILL(operand, value)`, `FILL(operand, REPEAT)`, `FILL(operand, LINEAR)`; stands on its opening parenthesis.
    private mutating func fill() throws(ExpressionError) -> ExpressionNode {
        position += 1
        skipSpaces()
        let start = position
        let operand = try expression(tighterThan: 0)
        var end = position
        while end > start, characters[end - 1].isWhitespace { end -= 1 }
        let text = String(characters[start..<end])
        skipSpaces()
        guard peek() == "," else { throw mistake("'fill' lacks what to fill with", expected: Self.fillUsage) }
        position += 1
        let filler: ExpressionNode.Filler
        if take("repeat") {
            filler = .repeat
        } else if take("linear") {
            filler = .linear
        } else {
            filler = .value(try expression(tighterThan: 0))
        }
        try close()
        return .fill(operand, text: text, filler)
    }

    private static let fillUsage = "fill(a, value), fill(a, REPEAT) or fill(a, LINEAR)"

    /// Takes a word in capitals or small letters.
    private mutating func take(_ word: String) -> Bool {
        skipSpaces()
        guard isNext(word) else { return false }
        position += word.count
        return true
    }

    /// The whole word comes next, in capitals or small letters.
    private func isNext(_ word: String) -> Bool {
        let rest = characters[position...]
        guard rest.starts(with: word) || rest.starts(with: word.uppercased()) else { return false }
        let end = position + word.count
        return end == characters.count || !characters[end].continuesWord
    }

    /// Metric math has functions that make no sense of a single moment, or that an alarm has better words for.
    private func unknownFunction(_ word: String, at start: Int) -> ExpressionError {
        let functions = ExpressionFunction.allCases.map(\.rawValue).joined(separator: ", ") + ", fill"
        let instead: String?
        switch word.uppercased() {
        case "RATE", "DIFF", "DIFF_TIME": instead = "arrival_rate or completion_rate"
        case "AVG", "SUM", "STDDEV", "DATAPOINT_COUNT", "RUNNING_SUM":
            instead = "the 'statistic' and the 'period' of the alarm"
        case "PERIOD": instead = "the period itself, in seconds"
        default: instead = nil
        }
        return ExpressionError(
            offset: start, message: "there is no function '\(word)'", expected: instead ?? "one of \(functions)")
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

    private mutating func peekOperator() -> (operation: BinaryOperator, length: Int)? {
        skipSpaces()
        for operation in Self.longestFirst {
            if characters[position...].starts(with: operation.rawValue) {
                return (operation, operation.rawValue.count)
            }
            if let word = operation.word, isNext(word) { return (operation, word.count) }
        }
        return nil
    }

    /// Two characters before one: `<=` is not `<`.
    private static let longestFirst = BinaryOperator.allCases.sorted { $0.rawValue.count > $1.rawValue.count }

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

extension ExpressionFunction {
    /// The word as it stands in an expression: `max` or `MAX`.
    init?(written word: String) {
        guard let function = ExpressionFunction(rawValue: word.lowercased()),
            word == function.rawValue || word == function.rawValue.uppercased()
        else { return nil }
        self = function
    }
}
