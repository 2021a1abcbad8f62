extension Comparison {
    /// Whether a datapoint is on the wrong side of the threshold. Source: PutMetricAlarm, ComparisonOperator; the
    /// statistic is the left operand.
    public func isBreached(by value: Double, threshold: Double) -> Bool {
        switch self {
        case .greaterThan: value > threshold
        case .greaterThanOrEqual: value >= threshold
        case .lessThan: value < threshold
        case .lessThanOrEqual: value <= threshold
        }
    }

    /// For people: `≥`.
    public var sign: String {
        switch self {
        case .greaterThan: ">"
        case .greaterThanOrEqual: "≥"
        case .lessThan: "<"
        case .lessThanOrEqual: "≤"
        }
    }

    /// The opposite: what holds when it is not breached.
    var oppositeSign: String {
        switch self {
        case .greaterThan: "≤"
        case .greaterThanOrEqual: "<"
        case .lessThan: "≥"
        case .lessThanOrEqual: ">"
        }
    }
}
