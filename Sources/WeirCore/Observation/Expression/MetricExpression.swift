/// Arithmetic over metrics: `visible / max(in_service, 1)`.
///
/// - Operators, loosest first: `== != < <= > >=` (1 when true, else 0), `+ -`, `* /`, unary `-`, `^` (from the right).
/// - Functions: `max(a, b…)`, `min(a, b…)`, `abs(a)`, `ceil(a)`, `floor(a)`, `if(condition, then, else)`; a condition is
///   false only at 0.
/// - An operand that is missing, a division by zero, or a result that is not finite makes the whole expression missing,
///   never 0; `if` looks only at the branch it takes.
///
/// It travels as its text.
public struct MetricExpression: Sendable, Equatable {
    public let text: String
    let root: ExpressionNode

    /// Reads an expression.
    /// - Parameter names: the named metrics that it may refer to, beside those that every group has.
    /// - Throws: what is wrong first, with its place in the text.
    public static func parse(_ text: String, names: [String] = []) throws(ExpressionError) -> MetricExpression {
        var parser = ExpressionParser(text) { names.contains($0) }
        return MetricExpression(text: text, root: try parser.parse())
    }

    /// The metrics that it refers to, in the order of the text, each once.
    public var metrics: [MetricID] {
        var found: [MetricID] = []
        root.visitMetrics { if !found.contains($0) { found.append($0) } }
        return found
    }

    /// The value, or nil when it is missing. `value` answers for each metric.
    func evaluate(_ value: (MetricID) -> Double?) -> Double? {
        root.evaluate(value)
    }

    public static func == (left: MetricExpression, right: MetricExpression) -> Bool { left.text == right.text }
}

extension MetricExpression: Codable {
    /// Names were checked when the policy was read; here any name is taken.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            var parser = ExpressionParser(text) { _ in true }
            self.init(text: text, root: try parser.parse())
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// What is wrong with an expression, and where.
public struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where it starts, in characters from the start of the text, from 0.
    public var offset: Int
    public var message: String
    /// What would be right there.
    public var expected: String

    public init(offset: Int, message: String, expected: String) {
        self.offset = offset
        self.message = message
        self.expected = expected
    }

    public var description: String { "character \(offset + 1): \(message), expected \(expected)" }
}
