import WeirSimulator

/// What is wanted: `min worker_hours subject to wait_s.p95 <= 60`.
public struct Objective: Sendable, Equatable {
    /// As it was written.
    public let text: String
    let aim: Expression.Node
    /// The more the better; otherwise the less.
    let isMost: Bool
    let condition: Expression?

    /// - Throws: `ExpressionMistake`, with its place.
    public init(_ text: String, over names: FieldNames) throws(ExpressionMistake) {
        func mistake(_ problem: String) -> ExpressionMistake {
            ExpressionMistake(text: text, range: 0..<max(text.count, 1), problem: problem)
        }
        self.text = text
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let word = words.first, ["min", "max"].contains(word) else {
            throw mistake("expected such as: min worker_hours subject to wait_s.p95 <= 60")
        }
        isMost = word == "max"
        let parts = Self.split(String(words[1]))
        var parser = try ExpressionParser(parts.aim, names)
        aim = try parser.whole(.number)
        let condition: Expression?
        if let written = parts.condition {
            condition = try Expression.condition(written, over: names)
        } else {
            condition = nil
        }
        self.condition = condition
    }

    private static func split(_ text: String) -> (aim: String, condition: String?) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        for place in words.indices.dropLast() where words[place] == "subject" && words[place + 1] == "to" {
            return (
                words[..<place].joined(separator: " "), words[(place + 2)...].joined(separator: " ")
            )
        }
        return (text, nil)
    }

    // MARK: What it says of figures

    /// The less the better.
    func objective(_ figures: Figures) -> Double {
        let value = Expression.number(aim, figures)
        return isMost ? -value : value
    }

    /// By how much the condition is not kept: 0 when it is.
    func violation(_ figures: Figures) -> Double {
        condition.map { Self.violation($0.root, wanted: true, figures) } ?? 0
    }

    /// Of two conditions both are to be kept, so both count; of alternatives the nearer one. A comparison is missed by the share of its
    /// right side that is lacking.
    private static func violation(_ node: Expression.Node, wanted: Bool, _ figures: Figures) -> Double {
        switch node {
        case .comparison(let relation, let left, let right):
            let relation = wanted ? relation : relation.opposite
            let (left, right) = (Expression.number(left, figures), Expression.number(right, figures))
            if relation.holds(left, right) { return 0 }
            guard left.isFinite, right.isFinite else { return .greatestFiniteMagnitude }
            return max(abs(left - right) / max(abs(right), 1e-9), 1e-9)
        case .both(let left, let right):
            let (first, second) = (violation(left, wanted: wanted, figures), violation(right, wanted: wanted, figures))
            return wanted ? first + second : min(first, second)
        case .either(let left, let right):
            let (first, second) = (violation(left, wanted: wanted, figures), violation(right, wanted: wanted, figures))
            return wanted ? min(first, second) : first + second
        case .no(let node, _): return violation(node, wanted: !wanted, figures)
        case .number, .field, .negative, .arithmetic: return 0
        }
    }

    /// The first comparison that every solution has to keep, if it says that a figure is at most a number.
    var limit: (field: String, most: Double)? { limits.first }

    /// All comparisons that every solution has to keep, and that say that a figure is at most a number.
    var limits: [(field: String, most: Double)] { condition.map { Self.limits($0.root) } ?? [] }

    private static func limits(_ node: Expression.Node) -> [(field: String, most: Double)] {
        switch node {
        case .comparison(.atMost, .field(let field, _), .number(let most, _)),
            .comparison(.less, .field(let field, _), .number(let most, _)):
            field.isOfBase ? [] : [(field.name, most)]
        case .both(let left, let right): limits(left) + limits(right)
        case .number, .field, .negative, .arithmetic, .comparison, .either, .no: []
        }
    }

    /// What is wanted grows with the load.
    var isSum: Bool {
        guard case .field(let field, _) = aim else { return false }
        return ["worker_hours", "cost", "launches", "terminations", "alarm_transitions", "events"].contains(field.name)
    }

    /// The figure that is wanted small, when it is one alone.
    var leastField: String? {
        guard !isMost, case .field(let field, _) = aim else { return nil }
        return field.name
    }

    /// As a person reads it: `worker_hours`.
    public var aimText: String {
        text.split(separator: " ").dropFirst().prefix { $0 != "subject" }.joined(separator: " ")
    }

    /// What is limited: `wait_s.p95`; the wait within which 95 % are, where nothing is.
    public var limitedField: String { limit?.field ?? "wait_s.p95" }
}

extension Objective {
    /// What is wanted, of a report.
    public func value(_ report: SimulationReport) -> Double {
        let value = objective(Figures(report))
        return isMost ? -value : value
    }

    public var wantsLess: Bool { !isMost }

    /// All jobs are done, and what it is subject to holds.
    public func isKept(by report: SimulationReport?) -> Bool {
        report.map { $0.undone == 0 && violation(Figures($0)) == 0 } ?? true
    }
}

extension Objective {
    /// It says that a figure is at most a number.
    public var hasLimit: Bool { limit != nil }
}
