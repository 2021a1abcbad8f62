/// Reads the text of a composite alarm's rule into its tree.
struct RuleParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) {
        characters = Array(text)
    }

    mutating func parse() throws(ExpressionError) -> RuleNode {
        guard characters.count <= Limits.longestAlarmRule else {
            throw ExpressionError(
                offset: Limits.longestAlarmRule, message: "the rule is too long",
                expected: "at most \(Limits.longestAlarmRule) characters")
        }
        let node = try alternatives()
        guard let token = nextToken() else { return node }
        throw ExpressionError(
            offset: token.start, message: "'\(token.text)' does not belong here", expected: "and, or, or the end")
    }

    // MARK: Grammar

    private mutating func alternatives() throws(ExpressionError) -> RuleNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Limits.expressionDepth else {
            throw ExpressionError(
                offset: position, message: "the rule is nested too deeply",
                expected: "at most \(Limits.expressionDepth) levels")
        }
        var node = try conjunction()
        while take("or") { node = .or(node, try conjunction()) }
        return node
    }

    private mutating func conjunction() throws(ExpressionError) -> RuleNode {
        var node = try operand()
        while take("and") { node = .and(node, try operand()) }
        return node
    }

    private mutating func operand() throws(ExpressionError) -> RuleNode {
        var negations = 0
        while take("not") { negations += 1 }
        let node = try atom()
        return negations % 2 == 1 ? .not(node) : node
    }

    private mutating func atom() throws(ExpressionError) -> RuleNode {
        guard let token = nextToken() else {
            throw ExpressionError(
                offset: characters.count, message: "the rule ends too early", expected: Self.anOperand)
        }
        if token.isQuoted { return .isIn(.alarm, alarm: token.text) }
        switch token.text {
        case "(":
            let inner = try alternatives()
            try close()
            return inner
        case ")":
            throw ExpressionError(
                offset: token.start, message: "')' does not belong here", expected: Self.anOperand)
        default: break
        }
        switch token.text.lowercased() {
        case "true": return .constant(true)
        case "false": return .constant(false)
        case "and", "or":
            throw ExpressionError(
                offset: token.start, message: "'\(token.text)' does not belong here", expected: Self.anOperand)
        default: break
        }
        guard peekToken()?.isParenthesis("(") ?? false else { return .isIn(.alarm, alarm: token.text) }
        guard let state = AlarmState(rawValue: token.text.uppercased()) else {
            throw ExpressionError(
                offset: token.start, message: "there is no state '\(token.text)'",
                expected: AlarmState.allCases.map { "\($0.rawValue)(…)" }.joined(separator: ", "))
        }
        _ = nextToken()
        let name = try alarmName()
        try close()
        return .isIn(state, alarm: name)
    }

    private mutating func alarmName() throws(ExpressionError) -> String {
        guard let token = nextToken(), !token.isParenthesis else {
            throw ExpressionError(offset: position, message: "an alarm's name is missing", expected: "a name")
        }
        return token.text
    }

    private mutating func close() throws(ExpressionError) {
        guard let token = peekToken(), token.isParenthesis(")") else {
            throw ExpressionError(
                offset: peekToken()?.start ?? characters.count, message: "a parenthesis is not closed",
                expected: "')'; a name that holds spaces stands in double quotes")
        }
        _ = nextToken()
    }

    private static let anOperand = "the name of an alarm, ALARM(…), OK(…), INSUFFICIENT_DATA(…), not or '('"

    // MARK: Tokens

    private struct Token {
        var text: String
        var start: Int
        var isQuoted = false

        var isParenthesis: Bool { !isQuoted && (text == "(" || text == ")") }
        func isParenthesis(_ which: String) -> Bool { isParenthesis && text == which }
    }

    private mutating func take(_ word: String) -> Bool {
        guard let token = peekToken(), !token.isQuoted, token.text.lowercased() == word else { return false }
        _ = nextToken()
        return true
    }

    private func peekToken() -> Token? {
        var ahead = self
        return ahead.nextToken()
    }

    /// A parenthesis, a name in double quotes, or everything up to the next of these or a space.
    private mutating func nextToken() -> Token? {
        while position < characters.count, characters[position].isWhitespace { position += 1 }
        guard position < characters.count else { return nil }
        let start = position
        let first = characters[start]
        position += 1
        if first == "(" || first == ")" { return Token(text: String(first), start: start) }
        if first == "\"", let end = characters[position...].firstIndex(of: "\"") {
            position = end + 1
            return Token(text: String(characters[(start + 1)..<end]), start: start, isQuoted: true)
        }
        while position < characters.count, !characters[position].endsName { position += 1 }
        return Token(text: String(characters[start..<position]), start: start)
    }
}

extension Character {
    fileprivate var endsName: Bool { isWhitespace || self == "(" || self == ")" || self == "\"" }
}
