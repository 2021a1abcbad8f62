/// What an alarm has to keep to: CloudWatch's own rules, or weir's, which allow all that CloudWatch does and more.
public struct AlarmLimits: Sendable, Equatable {
    /// Periods below a minute.
    public let shortPeriods: [Duration]
    /// Longer periods are multiples of this.
    public let periodUnit: Duration
    /// N × period when the period is below `longPeriod`.
    public let longestEvaluationOfShortPeriods: Duration
    /// N × period otherwise.
    public let longestEvaluation: Duration
    public let longPeriod: Duration
    /// Unit: characters.
    public let nameLength: ClosedRange<Int>
    /// Unit: characters.
    public let longestDescription: Int
    /// Of each state.
    public let mostActions: Int
    public let mostDimensions: Int
    /// Entries of a metric-math alarm, and how many of them may be metrics, how many expressions.
    public let mostQueries: Int
    public let mostQueriesOfAKind: Int

    /// As PutMetricAlarm has them.
    public static let cloudWatch = AlarmLimits(shortPeriods: [.seconds(10), .seconds(20), .seconds(30)])
    /// With periods of 1 s and 5 s beside.
    public static let weir = AlarmLimits(shortPeriods: Limits.shortPeriods)

    private init(shortPeriods: [Duration]) {
        self.shortPeriods = shortPeriods
        periodUnit = .seconds(60)
        longestEvaluationOfShortPeriods = Limits.longestEvaluationOfShortPeriods
        longestEvaluation = Limits.longestEvaluation
        longPeriod = Limits.longPeriod
        nameLength = 1...Limits.longestAlarmName
        longestDescription = 1024
        mostActions = Limits.mostAlarmActions
        mostDimensions = 30
        mostQueries = 20
        mostQueriesOfAKind = 10
    }

    public func allows(period: Duration) -> Bool {
        if shortPeriods.contains(period) { return true }
        return period > .zero && period.wholeMilliseconds % periodUnit.wholeMilliseconds == 0
    }

    /// How long N periods may be together.
    public func longestEvaluation(ofPeriod period: Duration) -> Duration {
        period < longPeriod ? longestEvaluationOfShortPeriods : longestEvaluation
    }

    /// How many periods of this length may be judged.
    public func mostEvaluationPeriods(ofPeriod period: Duration) -> Int {
        Int(longestEvaluation(ofPeriod: period).wholeMilliseconds / max(period.wholeMilliseconds, 1))
    }
}

/// An alarm as it is asked for, before it is known to be right: what PutMetricAlarm takes. Nil is "not set", and what is not
/// set is not complained of, unless something that is set needs it.
public struct AlarmRequest: Sendable, Equatable {
    public var name: String?
    public var description: String?
    public var metricName: String?
    public var namespace: String?
    public var statistic: String?
    public var extendedStatistic: String?
    public var dimensions: Int?
    public var period: Duration?
    public var unit: String?
    public var evaluationPeriods: Int?
    public var datapointsToAlarm: Int?
    public var threshold: Double?
    /// The band of an anomaly-detection alarm, which takes the threshold's place.
    public var thresholdMetricID: String?
    public var comparison: String?
    public var missingData: String?
    public var lowSamples: String?
    /// How many of each.
    public var okActions: Int?
    public var alarmActions: Int?
    public var insufficientDataActions: Int?
    /// The entries of an alarm on metric math; nil for one on a metric.
    public var queries: [Query]?

    /// One entry of Metrics.
    public struct Query: Sendable, Equatable {
        public var id: String
        /// An expression, and otherwise a metric.
        public var isExpression: Bool
        public var returnsData: Bool

        public init(id: String, isExpression: Bool, returnsData: Bool) {
            self.id = id
            self.isExpression = isExpression
            self.returnsData = returnsData
        }
    }

    public init() {}

    /// A weir alarm as CloudWatch would be asked for it.
    public init(_ alarm: AlarmDefinition) {
        name = alarm.name
        metricName = alarm.metric.word
        namespace = alarm.namespace
        if alarm.statistic.isExtended {
            extendedStatistic = alarm.statistic.cloudWatchName
        } else {
            statistic = alarm.statistic.cloudWatchName
        }
        period = alarm.period
        evaluationPeriods = alarm.evaluationPeriods
        datapointsToAlarm = alarm.datapointsToAlarm
        threshold = alarm.threshold
        comparison = alarm.comparison.rawValue
        missingData = alarm.missingData.rawValue
        lowSamples = alarm.lowSamples.rawValue
        okActions = alarm.actions.ok.count
        alarmActions = alarm.actions.alarm.count
        insufficientDataActions = alarm.actions.insufficientData.count
    }
}

/// One thing that is wrong with an alarm.
public struct AlarmProblem: Sendable, Equatable {
    public var field: Field
    /// What would be right: `10s, 20s, 30s or a multiple of 60s`.
    public var expected: String

    public init(_ field: Field, expected: String) {
        self.field = field
        self.expected = expected
    }

    /// Raw values are PutMetricAlarm's names.
    public enum Field: String, Sendable, CaseIterable {
        case name = "AlarmName"
        case description = "AlarmDescription"
        case metricName = "MetricName"
        case statistic = "Statistic"
        case extendedStatistic = "ExtendedStatistic"
        case dimensions = "Dimensions"
        case period = "Period"
        case evaluationPeriods = "EvaluationPeriods"
        case datapointsToAlarm = "DatapointsToAlarm"
        case threshold = "Threshold"
        case comparison = "ComparisonOperator"
        case missingData = "TreatMissingData"
        case lowSamples = "EvaluateLowSampleCountPercentile"
        case okActions = "OKActions"
        case alarmActions = "AlarmActions"
        case insufficientDataActions = "InsufficientDataActions"
        case queries = "Metrics"
    }
}
