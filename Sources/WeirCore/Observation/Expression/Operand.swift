/// What an expression finds in the place of a metric, or makes of two of them.
public enum Operand: Sendable, Equatable {
    case number(Double)
    /// There is no datapoint: the source has no such figure, or a division by zero dropped it. Metric math goes on without it.
    case missing
    /// The source failed, so there may be one: whatever is computed from it is unknown too.
    case unknown

    init(_ number: Double?) {
        self = number.map(Operand.number) ?? .missing
    }

    @inline(__always)
    init(_ reading: Reading) {
        switch reading {
        case .value(let number), .estimate(let number): self = .number(number)
        case .missing(.sourceFailed), .missing(.notBelieved): self = .unknown
        case .missing(.notTold), .missing(.notComputable): self = .missing
        }
    }

    public var number: Double? {
        switch self {
        case .number(let number): number
        case .missing, .unknown: nil
        }
    }

    /// Both figures, or what keeps them from being there.
    static func both(_ left: Operand, _ right: Operand, _ combine: (Double, Double) -> Double?) -> Operand {
        if left == .unknown || right == .unknown { return .unknown }
        guard let left = left.number, let right = right.number else { return .missing }
        return Operand(combine(left, right))
    }

    func map(_ change: (Double) -> Double?) -> Operand {
        switch self {
        case .number(let number): Operand(change(number))
        case .missing, .unknown: self
        }
    }
}

/// The operands of an expression at one moment, or at each moment of several series.
protocol OperandSource {
    /// At the moment with this index; 0 is the oldest.
    func operand(_ metric: MetricID, at index: Int) -> Operand
    /// The index after the newest moment.
    var count: Int { get }
    /// What this operand of `FILL(…, REPEAT)` was when it was known last, before the oldest moment.
    func lastKnown(_ text: String) -> Double?
}

/// What the first operands of `FILL(…, REPEAT)` and `FILL(…, LINEAR)` were when they were known last, each under its text.
package struct LastKnownValues: Sendable, Equatable, Codable {
    private var values: [Entry] = []

    private struct Entry: Sendable, Equatable, Codable {
        var operand: String
        var value: Double
    }

    var isEmpty: Bool { values.isEmpty }

    subscript(operand: String) -> Double? {
        values.first { $0.operand == operand }?.value
    }

    mutating func remember(_ operand: String, _ value: Double) {
        for index in values.indices where values[index].operand == operand {
            values[index].value = value
            return
        }
        values.append(Entry(operand: operand, value: value))
    }

    /// Only what the policy still fills.
    mutating func keep(_ operands: [String]) {
        values.removeAll { !operands.contains($0.operand) }
    }
}
