/// The facts by which an alarm was judged.
public struct AlarmJudgement: Sendable, Equatable, Codable {
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

    public init(
        metric: MetricID, statistic: Statistic, newest: Double?, newestAge: Int = 0, comparison: Comparison,
        threshold: Double, breaching: Int, datapointsToAlarm: Int, evaluationPeriods: Int, period: Duration,
        missing: Int = 0, rule: EvaluationRule = .datapoints
    ) {
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
        }
    }
}
