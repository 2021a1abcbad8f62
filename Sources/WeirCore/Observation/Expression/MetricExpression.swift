/// Arithmetic over metrics: `visible / max(in_service, 1)`.
///
/// - Operators, loosest first: `||` (or `OR`), `&&` (or `AND`), `== != < <= > >=` (1 when true, else 0), `+ -`, `* /`, unary
///   `-`, `^` (from the right).
/// - Functions: `max(a, b…)`, `min(a, b…)`, `abs(a)`, `ceil(a)`, `floor(a)`, `if(condition, then, else)`, `fill(a, value)`,
///   `fill(a, REPEAT)`, `fill(a, LINEAR)`; also in capitals. A condition is false only at 0.
/// - Between two metrics one that is *missing* counts as 0 when the other has a value; a division by zero and a result that is
///   not finite are missing. `if` gives 0 when the branch for a true condition is missing, and is missing when the other is,
///   or the condition. Source: CloudWatch user guide, "Use metric math".
/// - A metric whose source failed is *unknown*, and so is all that is computed from it; `if` looks only at the branch it
///   takes, and `fill` puts its value there too.
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
        root.visit { node in
            if case .metric(let metric) = node, !found.contains(metric) { found.append(metric) }
        }
        return found
    }

    /// The value at one moment, and what is known of operands that `FILL` may have to repeat later.
    func evaluate(_ source: some OperandSource, remembering lastKnown: inout LastKnownValues) -> Operand {
        root.visit { node in
            guard case .fill(let operand, let text, let filler) = node else { return }
            switch filler {
            case .value: break
            case .repeat, .linear:
                if let value = operand.evaluate(source, at: 0).number { lastKnown.remember(text, value) }
            }
        }
        return root.evaluate(source, at: 0)
    }

    /// The operands of `FILL` that are remembered.
    var repeatedOperands: [String] {
        var found: [String] = []
        root.visit { node in
            guard case .fill(_, let text, let filler) = node else { return }
            switch filler {
            case .value: break
            case .repeat, .linear: found.append(text)
            }
        }
        return found
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
