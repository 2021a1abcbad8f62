/// A metric alarm, as PutMetricAlarm would take it.
public struct AlarmDefinition: Sendable, Equatable, Codable {
    /// Unique in its group. 1…255 characters.
    public var name: String
    public var metric: MetricID
    public var statistic: Statistic
    /// How long one datapoint covers. Range: 1, 5, 10, 20, 30 s or a multiple of 60 s.
    public var period: Duration
    /// N: how many of the most recent periods are judged. Range: 1… with N × period within a limit.
    public var evaluationPeriods: Int
    /// M: how many of them must breach before the alarm is raised. Range: 1…N. Default: N.
    public var datapointsToAlarm: Int
    public var comparison: Comparison
    public var threshold: Double
    /// Default: `missing`.
    public var missingData: MissingDataTreatment
    /// For a percentile with too few samples. Default: `evaluate`. Source: PutMetricAlarm,
    /// EvaluateLowSampleCountPercentile.
    public var lowSamples: LowSampleTreatment = .evaluate
    /// How often it is judged. Default: on each measurement.
    public var cadence: EvaluationCadence = .eachMeasurement
    /// How many datapoints are in view; nil: N + `Limits.datapointsBeyondEvaluationPeriods`. Unit: datapoints. Range: 1….
    public var evaluationRange: Int?
    /// The metric's namespace on AWS, for alarms that come from there; missing data of `AWS/DynamoDB` is always ignored.
    public var namespace: String?
    /// Default: none.
    public var actions = AlarmActions()

    public init(
        name: String, metric: MetricID, statistic: Statistic, period: Duration, evaluationPeriods: Int = 1,
        datapointsToAlarm: Int? = nil, comparison: Comparison, threshold: Double,
        missingData: MissingDataTreatment = .missing
    ) {
        self.name = name
        self.metric = metric
        self.statistic = statistic
        self.period = period
        self.evaluationPeriods = evaluationPeriods
        self.datapointsToAlarm = datapointsToAlarm ?? evaluationPeriods
        self.comparison = comparison
        self.threshold = threshold
        self.missingData = missingData
    }
}

/// The datapoint stands on the left, the threshold on the right. Raw values are CloudWatch's names.
public enum Comparison: String, Sendable, Codable, CaseIterable {
    case greaterThan = "GreaterThanThreshold"
    case greaterThanOrEqual = "GreaterThanOrEqualToThreshold"
    case lessThan = "LessThanThreshold"
    case lessThanOrEqual = "LessThanOrEqualToThreshold"

    /// The short way to write it: `>`, `>=`, `<` or `<=`.
    public var symbol: String {
        switch self {
        case .greaterThan: ">"
        case .greaterThanOrEqual: ">="
        case .lessThan: "<"
        case .lessThanOrEqual: "<="
        }
    }
}

/// What fills the place of a datapoint that is not there. Source: CloudWatch user guide, "Configuring how alarms treat
/// missing data".
public enum MissingDataTreatment: String, Sendable, Codable, CaseIterable {
    case missing
    case ignore
    case breaching
    case notBreaching
}

/// How often an alarm is judged. Raw values are the words of the policy file.
public enum EvaluationCadence: String, Sendable, Codable, CaseIterable {
    /// On every measurement of the source, whose interval the policy sets.
    case eachMeasurement = "each_measurement"
    /// As CloudWatch does: once a minute, and every 10 s when the period is shorter than a minute.
    case cloudWatch = "cloudwatch"
}

extension AlarmDefinition {
    /// How far two evaluations lie apart at least; nil when each measurement is one.
    public var evaluationInterval: Duration? {
        switch cadence {
        case .eachMeasurement: nil
        case .cloudWatch: period < .seconds(60) ? Limits.shortEvaluationInterval : Limits.evaluationInterval
        }
    }

    /// What missing datapoints are treated as. Source: CloudWatch user guide, "Configuring how alarms treat missing data".
    var treatmentInForce: MissingDataTreatment {
        namespace == "AWS/DynamoDB" ? .ignore : missingData
    }
}

/// OK, ALARM or INSUFFICIENT_DATA.
public enum AlarmState: String, Sendable, Codable, CaseIterable {
    case ok = "OK"
    case alarm = "ALARM"
    case insufficientData = "INSUFFICIENT_DATA"
}
