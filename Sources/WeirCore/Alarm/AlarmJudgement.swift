/// The facts by which an alarm was judged.
public enum AlarmJudgement: Sendable, Equatable {
    case metric(MetricJudgement)
    case rule(RuleJudgement)

    /// For people.
    public var sentence: String {
        switch self {
        case .metric(let judgement): judgement.sentence
        case .rule(let judgement): judgement.sentence
        }
    }
}

/// Both kinds travel as their facts; the rule's own text tells them apart.
extension AlarmJudgement: Codable {
    private enum Key: String, CodingKey {
        case ruleText
    }

    public init(from decoder: any Decoder) throws {
        let isRule = try decoder.container(keyedBy: Key.self).contains(.ruleText)
        self = isRule ? .rule(try RuleJudgement(from: decoder)) : .metric(try MetricJudgement(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .metric(let judgement): try judgement.encode(to: encoder)
        case .rule(let judgement): try judgement.encode(to: encoder)
        }
    }
}

/// The facts by which a composite alarm was judged.
public struct RuleJudgement: Sendable, Equatable, Codable {
    public var ruleText: String
    public var holds: Bool
    /// The alarms that the rule names, in its order, with the states they had.
    public var alarms: [Child]

    public struct Child: Sendable, Equatable, Codable {
        public var alarm: String
        public var state: AlarmState

        public init(alarm: String, state: AlarmState) {
            self.alarm = alarm
            self.state = state
        }
    }

    public init(ruleText: String, holds: Bool, alarms: [Child]) {
        self.ruleText = ruleText
        self.holds = holds
        self.alarms = alarms
    }

    /// `a and not b does not hold: a is ALARM, b is ALARM`
    public var sentence: String {
        let states = alarms.prefix(Limits.alarmsNamed).map { "\($0.alarm) is \($0.state.rawValue)" }
        let others = alarms.count - states.count
        let told = states.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
        return "\(ruleText) \(holds ? "holds" : "does not hold")\(told.isEmpty ? "" : ": \(told)")"
    }
}

/// The facts by which a metric alarm was judged.
public struct MetricJudgement: Sendable, Equatable, Codable {
    public var metric: MetricID
    public var statistic: Statistic
    /// The newest datapoint in view that is not missing; nil when all are.
    public var newest: Double?
    /// How many periods ago that one is: 0 is the period that ends now.
    public var newestAge: Int
    public var comparison: Comparison
    public var threshold: Double
    /// Breaching datapoints among the judged ones.
    public var breaching: Int
    /// M.
    public var datapointsToAlarm: Int
    /// N.
    public var evaluationPeriods: Int
    public var period: Duration
    /// Places among the N that no datapoint filled.
    public var missing: Int
    public var rule: EvaluationRule
    /// Datapoints in view that hold a value which an expression put in the place of one that the source failed to tell;
    /// nil: none.
    public var filledIn: Int?

    public init(
        metric: MetricID, statistic: Statistic, newest: Double?, newestAge: Int = 0, comparison: Comparison,
        threshold: Double, breaching: Int, datapointsToAlarm: Int, evaluationPeriods: Int, period: Duration,
        missing: Int = 0, rule: EvaluationRule = .datapoints, filledIn: Int? = nil
    ) {
        self.filledIn = filledIn
        self.metric = metric
        self.statistic = statistic
        self.newest = newest
        self.newestAge = newestAge
        self.comparison = comparison
        self.threshold = threshold
        self.breaching = breaching
        self.datapointsToAlarm = datapointsToAlarm
        self.evaluationPeriods = evaluationPeriods
        self.period = period
        self.missing = missing
        self.rule = rule
    }

    /// `visible maximum 240 ≥ 100 for 1 of 1 periods of 60s`; what is missing and which rule decided comes after.
    public var sentence: String {
        guard let newest else { return "\(subject): no datapoint in \(periods)\(afterthought)" }
        let breaches = comparison.isBreached(by: newest, threshold: threshold)
        let sign = breaches ? comparison.sign : comparison.oppositeSign
        let fact = "\(subject) \(numberText(newest)) \(sign) \(numberText(threshold))"
        if breaches { return "\(fact) for \(breaching) of \(periods)\(afterthought)" }
        return "\(fact); \(breaching) of \(periods) breach\(afterthought)"
    }

    private var subject: String { "\(metric.word) \(statistic.word)" }

    private var periods: String { "\(evaluationPeriods) periods of \(period.text)" }

    private var afterthought: String {
        switch rule {
        case .datapoints: missing == 0 ? "" : ", \(missing) missing"
        case .filled(.breaching): ", \(missing) missing taken as breaching"
        case .filled(.notBreaching): ", \(missing) missing taken as not breaching"
        case .filled(.missing), .filled(.ignore): ", \(missing) missing"
        case .kept: ", \(missing) missing and ignored: the state stays"
        case .noDatapoint: ""
        case .lastingBreach:
            ", \(missing) missing: breached \(datapointsToAlarm) periods ago and nothing better came since"
        case .tooEarly: ", \(missing) missing: too early to tell"
        case .fewSamples:
            ", \(statistic.word) needs \(statistic.fewestSamples.map { "\($0)" } ?? "more") samples: the state stays"
        }
    }
}
