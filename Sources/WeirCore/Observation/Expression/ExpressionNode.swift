/// The tree of a metric expression.
indirect enum ExpressionNode: Sendable {
    case number(Double)
    case metric(MetricID)
    case negated(ExpressionNode)
    case binary(BinaryOperator, ExpressionNode, ExpressionNode)
    case call(ExpressionFunction, [ExpressionNode])

    func evaluate(_ value: (MetricID) -> Double?) -> Double? {
        switch self {
        case .number(let number): return number
        case .metric(let metric): return value(metric)
        case .negated(let node): return node.evaluate(value).map { -$0 }
        case .binary(let operation, let left, let right):
            guard let left = left.evaluate(value), let right = right.evaluate(value) else { return nil }
            return finite(operation.apply(left, right))
        case .call(let function, let arguments):
            return function.apply(arguments, value)
        }
    }

    func visitMetrics(_ visit: (MetricID) -> Void) {
        switch self {
        case .number: break
        case .metric(let metric): visit(metric)
        case .negated(let node): node.visitMetrics(visit)
        case .binary(_, let left, let right):
            left.visitMetrics(visit)
            right.visitMetrics(visit)
        case .call(_, let arguments):
            for argument in arguments { argument.visitMetrics(visit) }
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

    /// How tightly it binds; higher is tighter.
    var precedence: Int {
        switch self {
        case .equal, .notEqual, .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: 1
        case .add, .subtract: 2
        case .multiply, .divide: 3
        case .power: 5  // 4 is the unary minus: -2 ^ 2 is -4, as in mathematics
        }
    }

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
        }
    }
}

enum ExpressionFunction: String, Sendable, CaseIterable {
    case max
    case min
    case abs
    case ceil
    case floor
    case `if`

    var argumentCount: ClosedRange<Int> {
        switch self {
        case .max, .min: 1...Limits.longestExpression
        case .abs, .ceil, .floor: 1...1
        case .if: 3...3
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

    func apply(_ arguments: [ExpressionNode], _ value: (MetricID) -> Double?) -> Double? {
        guard let first = arguments.first?.evaluate(value) else { return nil }
        switch self {
        case .max, .min:
            var extreme = first
            for argument in arguments.dropFirst() {
                guard let number = argument.evaluate(value) else { return nil }
                extreme = self == .max ? Swift.max(extreme, number) : Swift.min(extreme, number)
            }
            return extreme
        case .abs: return Swift.abs(first)
        case .ceil: return first.rounded(.up)
        case .floor: return first.rounded(.down)
        case .if:
            return (first == 0 ? arguments[2] : arguments[1]).evaluate(value)
        }
    }
}
