/// What a number is expected to be: `4`, `'> 4'`, `'>= 4'`, `'< 4'`, `'<= 4'`, `'!= 4'` or `'2..4'`, both ends included.
public struct StoryComparison: Sendable, Equatable {
    private enum Relation: Sendable, Equatable {
        case equal(Double)
        case different(Double)
        case above(Double)
        case atLeast(Double)
        case below(Double)
        case atMost(Double)
        case between(Double, Double)
    }

    private let relation: Relation
    /// As it was written.
    public let text: String

    /// Nil when it is none.
    public init?(_ text: String) {
        self.text = text
        let range = text.split(separator: "..", maxSplits: 1).map(Self.number)
        if range.count == 2 {
            guard let lower = range[0], let upper = range[1], lower <= upper else { return nil }
            relation = .between(lower, upper)
            return
        }
        let sign = text.prefix { "<>=!".contains($0) }
        guard let number = Self.number(text.dropFirst(sign.count)) else { return nil }
        switch sign {
        case "", "=", "==": relation = .equal(number)
        case "!=": relation = .different(number)
        case ">": relation = .above(number)
        case ">=": relation = .atLeast(number)
        case "<": relation = .below(number)
        case "<=": relation = .atMost(number)
        default: return nil
        }
    }

    public func holds(for number: Double) -> Bool {
        switch relation {
        case .equal(let value): number == value
        case .different(let value): number != value
        case .above(let value): number > value
        case .atLeast(let value): number >= value
        case .below(let value): number < value
        case .atMost(let value): number <= value
        case .between(let lower, let upper): (lower...upper).contains(number)
        }
    }

    /// Of what is counted nothing is below zero, and instances are whole.
    func isPossible(for figure: StoryFigure) -> Bool {
        numbers.allSatisfy { $0 >= 0 && (!figure.isWhole || $0 == $0.rounded()) }
    }

    private var numbers: [Double] {
        switch relation {
        case .equal(let value), .different(let value), .above(let value), .atLeast(let value), .below(let value),
            .atMost(let value):
            [value]
        case .between(let lower, let upper): [lower, upper]
        }
    }

    private static func number(_ text: Substring) -> Double? {
        let digits = text.drop { $0 == " " }
        let trimmed = digits.prefix { $0 != " " }
        guard trimmed.count == digits.count || digits.dropFirst(trimmed.count).allSatisfy({ $0 == " " }),
            trimmed.allSatisfy({ ("0"..."9").contains($0) || $0 == "." || $0 == "-" }), let number = Double(trimmed)
        else { return nil }
        return number
    }
}
