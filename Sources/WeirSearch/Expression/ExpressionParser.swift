import WeirPolicy

/// `or` binds least, then `and`, `not`, comparisons, sums, products and signs.
struct ExpressionParser {
    private let text: String
    private let names: FieldNames
    private let tokens: [Token]
    private var place = 0
    private var depth = 0

    init(_ text: String, _ names: FieldNames) throws(ExpressionMistake) {
        self.text = text
        self.names = names
        tokens = try Tokens.of(text)
    }

    /// All of the text.
    mutating func whole(_ kind: Expression.Kind) throws(ExpressionMistake) -> Expression.Node {
        let node = try either()
        if place < tokens.count { throw unexpected() }
        return try expect(kind, node)
    }

    // MARK: What is true

    private mutating func either() throws(ExpressionMistake) -> Expression.Node {
        var left = try both()
        while takes(word: "or") {
            let right = try both()
            left = .either(try expect(.truth, left), try expect(.truth, right))
        }
        return left
    }

    private mutating func both() throws(ExpressionMistake) -> Expression.Node {
        var left = try negation()
        while takes(word: "and") {
            let right = try negation()
            left = .both(try expect(.truth, left), try expect(.truth, right))
        }
        return left
    }

    private mutating func negation() throws(ExpressionMistake) -> Expression.Node {
        guard place < tokens.count, tokens[place].content == .word("not") else { return try comparison() }
        let start = tokens[place].range.lowerBound
        place += 1
        try enter()
        defer { depth -= 1 }
        let node = try expect(.truth, try negation())
        return .no(node, start..<node.range.upperBound)
    }

    private mutating func comparison() throws(ExpressionMistake) -> Expression.Node {
        let left = try sum()
        guard case .sign(let sign)? = current?.content, let relation = Relation(rawValue: sign) else { return left }
        place += 1
        let right = try sum()
        if case .sign(let sign)? = current?.content, Relation(rawValue: sign) != nil {
            throw mistake(at: tokens[place].range, "a comparison has two sides: join two of them with 'and'")
        }
        return .comparison(relation, try expect(.number, left), try expect(.number, right))
    }

    // MARK: Numbers

    private mutating func sum() throws(ExpressionMistake) -> Expression.Node {
        var left = try product()
        while let sign = takes(signs: [.plus, .minus]) {
            let right = try product()
            left = .arithmetic(sign, try expect(.number, left), try expect(.number, right))
        }
        return left
    }

    private mutating func product() throws(ExpressionMistake) -> Expression.Node {
        var left = try signed()
        while let sign = takes(signs: [.times, .over]) {
            let right = try signed()
            left = .arithmetic(sign, try expect(.number, left), try expect(.number, right))
        }
        return left
    }

    private mutating func signed() throws(ExpressionMistake) -> Expression.Node {
        guard let token = current, token.content == .sign("-") else { return try single() }
        place += 1
        try enter()
        defer { depth -= 1 }
        let node = try expect(.number, try signed())
        return .negative(node, token.range.lowerBound..<node.range.upperBound)
    }

    private mutating func single() throws(ExpressionMistake) -> Expression.Node {
        guard let token = current else {
            throw mistake(
                at: text.count..<text.count + 1, "something is missing: expected \(Expression.Kind.number.words)")
        }
        switch token.content {
        case .number(let number):
            place += 1
            return .number(number, token.range)
        case .word(let word) where !["and", "or", "not"].contains(word):
            place += 1
            return .field(try field(word, token.range), token.range)
        case .sign("("):
            place += 1
            try enter()
            defer { depth -= 1 }
            let node = try either()
            guard current?.content == .sign(")") else {
                throw mistake(at: token.range, "this parenthesis is not closed")
            }
            place += 1
            return node
        case .word, .sign: throw unexpected()
        }
    }

    private func field(_ word: String, _ range: Range<Int>) throws(ExpressionMistake) -> FieldName {
        let isOfBase = names.hasBase && word.hasPrefix("base.")
        let name = isOfBase ? String(word.dropFirst("base.".count)) : word
        if let hint = names.missing[name] { throw mistake(at: range, hint) }
        guard names.names.contains(name) else {
            let nearest = NearestWord.to(name, among: names.names)
            let hint = nearest.map { "did you mean '\(isOfBase ? "base." : "")\($0)'? " } ?? ""
            let base = names.hasBase ? ", and each with base. before it" : ""
            throw mistake(
                at: range,
                "there is no figure '\(word)'; \(hint)there are: \(names.names.joined(separator: ", "))\(base)")
        }
        return FieldName(name, isOfBase: isOfBase)
    }

    // MARK: Tokens

    private var current: Token? { place < tokens.count ? tokens[place] : nil }

    private mutating func takes(word: String) -> Bool {
        guard current?.content == .word(word) else { return false }
        place += 1
        return true
    }

    private mutating func takes(signs: [Expression.Arithmetic]) -> Expression.Arithmetic? {
        guard case .sign(let text)? = current?.content, let sign = Expression.Arithmetic(rawValue: text),
            signs.contains(sign)
        else { return nil }
        place += 1
        return sign
    }

    private mutating func enter() throws(ExpressionMistake) {
        depth += 1
        if depth > SearchLimits.expressionDepth {
            throw mistake(
                at: 0..<1, "more than \(SearchLimits.expressionDepth) parentheses and signs within each other")
        }
    }

    private func expect(
        _ kind: Expression.Kind, _ node: Expression.Node
    ) throws(ExpressionMistake) -> Expression.Node {
        guard node.kind == kind else { throw mistake(at: node.range, "expected \(kind.words)") }
        return node
    }

    private func unexpected() -> ExpressionMistake {
        guard let token = current else { return mistake(at: text.count..<text.count + 1, "something is missing") }
        let written = String(Array(text)[token.range])
        return mistake(at: token.range, "'\(written)' is not expected here")
    }

    private func mistake(at range: Range<Int>, _ problem: String) -> ExpressionMistake {
        ExpressionMistake(text: text, range: range, problem: problem)
    }
}
