/// An alarm over the states of other alarms. Source: PutCompositeAlarm.
///
/// It is in ALARM while its rule holds and in OK while it does not; in INSUFFICIENT_DATA only until it is judged first.
public struct CompositeAlarm: Sendable, Equatable, Codable {
    /// Unique among all alarms of its group. One that a scaling policy writes in place has its rule for a name.
    public var name: String
    public var rule: AlarmRule
    /// Default: none.
    public var actions = AlarmActions()

    public init(name: String, rule: AlarmRule, actions: AlarmActions = AlarmActions()) {
        self.name = name
        self.rule = rule
        self.actions = actions
    }
}

/// `ALARM(a) AND NOT OK("the b")`, or short: `a and not b`.
///
/// - A name alone means that this alarm is in ALARM. `ALARM(…)`, `OK(…)`, `INSUFFICIENT_DATA(…)` ask for a state. A name that
///   holds spaces, quotes or parentheses, or is one of these words, stands in double quotes.
/// - Loosest first: OR, AND, NOT, in capitals or small letters; TRUE, FALSE and parentheses.
///
/// It travels as its text.
public struct AlarmRule: Sendable, Equatable {
    public let text: String
    let root: RuleNode

    /// - Throws: what is wrong first, with its place in the text.
    public static func parse(_ text: String) throws(ExpressionError) -> AlarmRule {
        var parser = RuleParser(text)
        return AlarmRule(text: text, root: try parser.parse())
    }

    /// The alarms that it names, in the order of the text, each once.
    public var alarms: [String] {
        var found: [String] = []
        root.visitAlarms { if !found.contains($0) { found.append($0) } }
        return found
    }

    /// Whether it holds. `state` answers for each alarm; one that is not there is in no state.
    public func holds(_ state: (String) -> AlarmState?) -> Bool { root.holds(state) }

    public static func == (left: AlarmRule, right: AlarmRule) -> Bool { left.text == right.text }
}

extension AlarmRule: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self = try AlarmRule.parse(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The tree of a rule.
indirect enum RuleNode: Sendable {
    case constant(Bool)
    case isIn(AlarmState, alarm: String)
    case not(RuleNode)
    case and(RuleNode, RuleNode)
    case or(RuleNode, RuleNode)

    func holds(_ state: (String) -> AlarmState?) -> Bool {
        switch self {
        case .constant(let truth): truth
        case .isIn(let wanted, let alarm): state(alarm) == wanted
        case .not(let node): !node.holds(state)
        case .and(let left, let right): left.holds(state) && right.holds(state)
        case .or(let left, let right): left.holds(state) || right.holds(state)
        }
    }

    func visitAlarms(_ visit: (String) -> Void) {
        switch self {
        case .constant: break
        case .isIn(_, let alarm): visit(alarm)
        case .not(let node): node.visitAlarms(visit)
        case .and(let left, let right), .or(let left, let right):
            left.visitAlarms(visit)
            right.visitAlarms(visit)
        }
    }
}
