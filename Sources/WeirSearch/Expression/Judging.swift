/// The figures that an expression is about.
public struct Figures: Sendable {
    private let value: @Sendable (FieldName) -> Double?

    public init(_ value: @escaping @Sendable (FieldName) -> Double?) {
        self.value = value
    }

    /// What is not known compares with nothing.
    subscript(field: FieldName) -> Double { value(field) ?? .nan }
}

extension Expression {
    /// Of a condition.
    public func holds(for figures: Figures) -> Bool { Self.holds(root, figures) }

    /// The comparisons that make a condition true, each as a sentence; none when it is not true.
    public func grounds(for figures: Figures) -> [String] {
        holds(for: figures) ? grounds(of: root, wanted: true, figures) : []
    }

    static func holds(_ node: Node, _ figures: Figures) -> Bool {
        switch node {
        case .comparison(let relation, let left, let right):
            relation.holds(number(left, figures), number(right, figures))
        case .both(let left, let right): holds(left, figures) && holds(right, figures)
        case .either(let left, let right): holds(left, figures) || holds(right, figures)
        case .no(let node, _): !holds(node, figures)
        case .number, .field, .negative, .arithmetic: false
        }
    }

    static func number(_ node: Node, _ figures: Figures) -> Double {
        switch node {
        case .number(let number, _): return number
        case .field(let field, _): return figures[field]
        case .negative(let node, _): return -number(node, figures)
        case .arithmetic(let sign, let left, let right):
            let (left, right) = (number(left, figures), number(right, figures))
            switch sign {
            case .plus: return left + right
            case .minus: return left - right
            case .times: return left * right
            case .over: return left / right
            }
        case .comparison, .both, .either, .no: return .nan
        }
    }

    // MARK: Sentences

    private func grounds(of node: Node, wanted: Bool, _ figures: Figures) -> [String] {
        guard Self.holds(node, figures) == wanted else { return [] }
        switch node {
        case .comparison(let relation, let left, let right):
            return [sentence(wanted ? relation : relation.opposite, left, right, figures)]
        case .both(let left, let right), .either(let left, let right):
            return grounds(of: left, wanted: wanted, figures) + grounds(of: right, wanted: wanted, figures)
        case .no(let node, _): return grounds(of: node, wanted: !wanted, figures)
        case .number, .field, .negative, .arithmetic: return []
        }
    }

    /// `wait_s.p95 is 71.2 s, more than 60`.
    private func sentence(_ relation: Relation, _ left: Node, _ right: Node, _ figures: Figures) -> String {
        let value = FigureText.text(Self.number(left, figures), of: unit(left))
        var limit = String(Array(text)[right.range])
        if case .number = right {
        } else {
            limit += ", which is \(FigureText.text(Self.number(right, figures), of: unit(right)))"
        }
        return "\(String(Array(text)[left.range])) is \(value), \(relation.words) \(limit)"
    }

    /// Seconds, when all that is in it is; nil: it is only a number.
    private func unit(_ node: Node) -> String? {
        switch node {
        case .field(let field, _): return ReportField.unit(of: field.name)
        case .negative(let node, _): return unit(node)
        case .arithmetic(.plus, let left, let right), .arithmetic(.minus, let left, let right):
            return unit(left) ?? unit(right)
        case .arithmetic(.times, let left, let right):
            if case .number = left { return unit(right) }
            if case .number = right { return unit(left) }
            return nil
        case .arithmetic(.over, let left, .number): return unit(left)
        case .number, .arithmetic, .comparison, .both, .either, .no: return nil
        }
    }
}

/// Numbers in sentences.
public enum FigureText {
    /// Up to five digits that matter, with the unit where there is one.
    public static func text(_ number: Double, of unit: String? = nil) -> String {
        guard number.isFinite else { return "not known" }
        return digits(number) + (unit.map { " \($0)" } ?? "")
    }

    private static func digits(_ number: Double) -> String {
        let size = abs(number)
        if size >= 1e15 { return "\(number)" }
        let places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let whole = Int64((size * scale).rounded())
        let (units, rest) = (whole / Int64(scale), whole % Int64(scale))
        var decimals = String(rest)
        decimals = String(repeating: "0", count: max(places - decimals.count, 0)) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        let sign = number < 0 && whole > 0 ? "-" : ""
        return sign + "\(units)" + (decimals.isEmpty || places == 0 ? "" : ".\(decimals)")
    }
}
