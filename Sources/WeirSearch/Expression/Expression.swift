/// A condition or a sum over the figures of a report, as in `wait_s.p95 > 60 or worker_hours > 1.05 * base.worker_hours`.
public struct Expression: Sendable, Equatable {
    /// As it was written.
    public let text: String
    let root: Node

    /// What is true or false.
    /// - Throws: `ExpressionMistake`, with its place.
    public static func condition(_ text: String, over names: FieldNames) throws(ExpressionMistake) -> Expression {
        var parser = try ExpressionParser(text, names)
        return Expression(text: text, root: try parser.whole(.truth))
    }

    indirect enum Node: Sendable, Equatable {
        case number(Double, Range<Int>)
        case field(FieldName, Range<Int>)
        case negative(Node, Range<Int>)
        case arithmetic(Arithmetic, Node, Node)
        case comparison(Relation, Node, Node)
        case both(Node, Node)
        case either(Node, Node)
        case no(Node, Range<Int>)

        /// Where it stands in the text, in characters.
        var range: Range<Int> {
            switch self {
            case .number(_, let range), .field(_, let range), .negative(_, let range), .no(_, let range): range
            case .arithmetic(_, let left, let right), .comparison(_, let left, let right), .both(let left, let right),
                .either(let left, let right):
                left.range.lowerBound..<right.range.upperBound
            }
        }

        var kind: Kind {
            switch self {
            case .number, .field, .negative, .arithmetic: .number
            case .comparison, .both, .either, .no: .truth
            }
        }
    }

    enum Kind: Equatable {
        case number, truth

        var words: String { self == .number ? "a number or a field" : "a comparison, such as wait_s.p95 > 60" }
    }

    enum Arithmetic: String, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
    }
}

/// How two numbers are compared.
enum Relation: String, Sendable, CaseIterable {
    case more = ">"
    case atLeast = ">="
    case less = "<"
    case atMost = "<="
    case equal = "=="
    case unequal = "!="

    func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .more: left > right
        case .atLeast: left >= right
        case .less: left < right
        case .atMost: left <= right
        case .equal: left == right
        case .unequal: left != right
        }
    }

    /// What holds when it does not.
    var opposite: Relation {
        switch self {
        case .more: .atMost
        case .atLeast: .less
        case .less: .atLeast
        case .atMost: .more
        case .equal: .unequal
        case .unequal: .equal
        }
    }

    /// `more than`, after a number.
    var words: String {
        switch self {
        case .more: "more than"
        case .atLeast: "at least"
        case .less: "less than"
        case .atMost: "at most"
        case .equal: "equal to"
        case .unequal: "other than"
        }
    }
}

/// A figure of a report, or of the report that others are compared with.
public struct FieldName: Sendable, Equatable, Hashable {
    public var name: String
    /// Written with `base.` before it.
    public var isOfBase: Bool

    public init(_ name: String, isOfBase: Bool = false) {
        self.name = name
        self.isOfBase = isOfBase
    }

    public var text: String { isOfBase ? "base.\(name)" : name }
}

/// Which figures there are.
public struct FieldNames: Sendable {
    public var names: [String]
    /// They are compared with those of another report.
    public var hasBase: Bool
    /// What has to be done that a figure is there, for those that are not always.
    public var missing: [String: String] = [:]

    public init(_ names: [String], hasBase: Bool) {
        self.names = names
        self.hasBase = hasBase
    }
}

/// What is wrong with an expression, and where.
public struct ExpressionMistake: Error, Equatable, CustomStringConvertible {
    public var text: String
    /// In characters from 0.
    public var range: Range<Int>
    public var problem: String

    /// The sentence, then the text with marks below the place.
    public var description: String {
        let marks = String(repeating: "^", count: max(range.count, 1))
        return "\(problem)\n  \(text)\n  \(String(repeating: " ", count: range.lowerBound))\(marks)"
    }
}
