/// The tree of a metric expression. Source of its rules: CloudWatch user guide, "Use metric math".
indirect enum ExpressionNode: Sendable {
    case number(Double)
    case metric(MetricID)
    case negated(ExpressionNode)
    case binary(BinaryOperator, ExpressionNode, ExpressionNode)
    case call(ExpressionFunction, [ExpressionNode])
    /// `text` is that of the operand.
    case fill(ExpressionNode, text: String, Filler)

    /// What `FILL` puts in the place of what is missing.
    indirect enum Filler: Sendable {
        case value(ExpressionNode)
        case `repeat`
        case linear
    }

    /// The value at one moment of the source.
    func evaluate(_ source: some OperandSource, at index: Int) -> Operand {
        switch self {
        case .number(let number): return .number(number)
        case .metric(let metric): return source.operand(metric, at: index)
        case .negated(let node): return node.evaluate(source, at: index).map { -$0 }
        case .binary(let operation, let left, let right):
            let (first, second) = ExpressionNode.paired(
                (left, left.evaluate(source, at: index)), (right, right.evaluate(source, at: index)))
            return .both(first, second) { finite(operation.apply($0, $1)) }
        case .call(.if, let arguments): return choose(arguments, source, at: index)
        case .call(let function, let arguments):
            return function.apply(arguments.map { ($0.isScalar, $0.evaluate(source, at: index)) })
        case .fill(let node, let text, let filler):
            let operand = node.evaluate(source, at: index)
            return operand.number == nil ? fill(node, text, with: filler, source, at: index) : operand
        }
    }

    /// Between two time series, one that is missing counts as 0 as long as the other has a datapoint; beside a plain number,
    /// or when both are missing, there is no datapoint.
    private static func paired(
        _ left: (node: ExpressionNode, operand: Operand), _ right: (node: ExpressionNode, operand: Operand)
    ) -> (Operand, Operand) {
        switch (left.operand, right.operand) {
        case (.missing, .number) where !right.node.isScalar: (.number(0), right.operand)
        case (.number, .missing) where !left.node.isScalar: (left.operand, .number(0))
        case (.number, _), (.missing, _), (.unknown, _): (left.operand, right.operand)
        }
    }

    /// Looks at the condition and at the branch that it leads to, at no other.
    private func choose(_ arguments: [ExpressionNode], _ source: some OperandSource, at index: Int) -> Operand {
        switch arguments[0].evaluate(source, at: index) {
        case .unknown: return .unknown
        case .missing: return .missing
        case .number(0): return arguments.count > 2 ? arguments[2].evaluate(source, at: index) : .missing
        case .number:
            let chosen = arguments[1].evaluate(source, at: index)
            return chosen == .missing ? .number(0) : chosen
        }
    }

    private func fill(
        _ node: ExpressionNode, _ text: String, with filler: Filler, _ source: some OperandSource, at index: Int
    ) -> Operand {
        func known(_ indices: some Sequence<Int>) -> (index: Int, value: Double)? {
            for index in indices {
                if let value = node.evaluate(source, at: index).number { return (index, value) }
            }
            return nil
        }
        switch filler {
        case .value(let node): return node.evaluate(source, at: index)
        case .repeat, .linear: break
        }
        guard let before = known((0..<index).reversed()) else { return Operand(source.lastKnown(text)) }
        guard case .linear = filler, let after = known(index + 1..<source.count) else { return .number(before.value) }
        let share = Double(index - before.index) / Double(after.index - before.index)
        return .number(before.value + (after.value - before.value) * share)
    }

    /// A plain number: no metric is in it.
    var isScalar: Bool {
        var isScalar = true
        visit { node in
            if case .metric = node { isScalar = false }
        }
        return isScalar
    }

    /// Calls `each` for this node and for all within, in the order of the text.
    func visit(_ each: (ExpressionNode) -> Void) {
        each(self)
        switch self {
        case .number, .metric: break
        case .negated(let node): node.visit(each)
        case .binary(_, let left, let right):
            left.visit(each)
            right.visit(each)
        case .call(_, let arguments):
            for argument in arguments { argument.visit(each) }
        case .fill(let node, _, let filler):
            node.visit(each)
            if case .value(let value) = filler { value.visit(each) }
        }
    }
}

private func quotient(_ left: Double, _ right: Double) -> Double? {
    right == 0 ? nil : left / right
}

private func finite(_ number: Double?) -> Double? {
    number.flatMap { $0.isFinite ? $0 : nil }
}

enum BinaryOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    case equal = "=="
    case notEqual = "!="
    case lessThanOrEqual = "<="
    case lessThan = "<"
    case greaterThanOrEqual = ">="
    case greaterThan = ">"
    case and = "&&"
    case or = "||"

    /// The word that may stand for it, in capitals or small letters.
    var word: String? {
        switch self {
        case .and: "and"
        case .or: "or"
        case .add, .subtract, .multiply, .divide, .power, .equal, .notEqual, .lessThanOrEqual, .lessThan,
            .greaterThanOrEqual, .greaterThan:
            nil
        }
    }

    /// How tightly it binds; higher is tighter.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: 3
        case .add, .subtract: 4
        case .multiply, .divide: 5
        case .power: 7
        }
    }

    /// That of the unary minus: -2 ^ 2 is -4, as in mathematics.
    static let minusPrecedence = 6

    /// Nil when there is no result: a division by zero.
    func apply(_ left: Double, _ right: Double) -> Double? {
        switch self {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: quotient(left, right)
        case .power: raise(left, to: right)
        case .equal: left == right ? 1 : 0
        case .notEqual: left != right ? 1 : 0
        case .lessThan: left < right ? 1 : 0
        case .lessThanOrEqual: left <= right ? 1 : 0
        case .greaterThan: left > right ? 1 : 0
        case .greaterThanOrEqual: left >= right ? 1 : 0
        case .and: left != 0 && right != 0 ? 1 : 0
        case .or: left != 0 || right != 0 ? 1 : 0
        }
    }
}

/// Raw values are the words of the policy file; CloudWatch's capitals mean the same.
enum ExpressionFunction: String, Sendable, CaseIterable {
    case max
    case min
    case abs
    case ceil
    case floor
    case `if`

    var argumentCount: ClosedRange<Int> {
        switch self {
        // Of one series CloudWatch makes one number, which needs all of its datapoints.
        case .max, .min: 2...Limits.longestExpression
        case .abs, .ceil, .floor: 1...1
        case .if: 2...3
        }
    }

    /// How to write its arguments, for messages.
    var usage: String {
        switch self {
        case .max, .min: "\(rawValue)(a, b, …)"
        case .abs, .ceil, .floor: "\(rawValue)(a)"
        case .if: "if(condition, then, else)"
        }
    }

    /// Of values at one moment, each with whether it is a plain number.
    func apply(_ arguments: [(isScalar: Bool, operand: Operand)]) -> Operand {
        switch self {
        case .max: extreme(arguments, Swift.max)
        case .min: extreme(arguments, Swift.min)
        case .abs: arguments[0].operand.map { Swift.abs($0) }
        case .ceil: arguments[0].operand.map { $0.rounded(.up) }
        case .floor: arguments[0].operand.map { $0.rounded(.down) }
        // It does not look at all of its arguments, so the node sees to it.
        case .if: .missing
        }
    }

    /// Series without a datapoint are left out; when all are, there is none.
    private func extreme(
        _ arguments: [(isScalar: Bool, operand: Operand)], _ choose: (Double, Double) -> Double
    ) -> Operand {
        if arguments.contains(where: { $0.operand == .unknown }) { return .unknown }
        let series = arguments.filter { !$0.isScalar }
        if !series.isEmpty, series.allSatisfy({ $0.operand == .missing }) { return .missing }
        if arguments.contains(where: { $0.isScalar && $0.operand == .missing }) { return .missing }
        let numbers = arguments.compactMap(\.operand.number)
        return Operand(numbers.dropFirst().reduce(numbers.first) { best, number in best.map { choose($0, number) } })
    }
}
