import WeirCore

/// One alarm: its keys, and from them the definition.
enum AlarmSection {
    static let declaration = Section(
        "A metric alarm: what is watched, how samples become datapoints, and which of them are breaching.",
        keys: [
            Key(
                "metric", .value(.text(), default: nil), required: true,
                "What is watched: \(metricWords), or a name under metrics.",
                source: "PutMetricAlarm, MetricName", elsewhere: ["metric_name"]),
            Key(
                "statistic", .value(.oneOf(Statistic.allCases.map(\.rawValue)), default: Statistic.average.rawValue),
                "How the samples of a period become its datapoint.", source: "PutMetricAlarm, Statistic",
                elsewhere: ["stat"]),
            Key(
                "period", .value(.duration(Limits.period), default: nil), required: true,
                "How long one datapoint covers: \(shortPeriods) or a multiple of \(Quantity.text(Limits.periodUnit)).",
                source: "PutMetricAlarm, Period"),
            Key(
                "evaluation_periods", .value(.integer(1...Limits.mostEvaluationPeriods), default: "1"),
                "N: how many of the newest periods are judged.", source: "PutMetricAlarm, EvaluationPeriods"),
            Key(
                "datapoints_to_alarm", .value(.integer(1...Limits.mostEvaluationPeriods), default: nil),
                "M: how many of them must be breaching before the alarm is raised.",
                source: "PutMetricAlarm, DatapointsToAlarm",
                fallback: .init(text: "evaluation_periods", sibling: "evaluation_periods")),
            Key(
                "comparison", .value(.oneOf(Comparison.allCases.map(\.symbol)), default: nil), required: true,
                "The datapoint stands on its left, the threshold on its right; CloudWatch's long names are taken too.",
                source: "PutMetricAlarm, ComparisonOperator", elsewhere: ["comparison_operator", "operator"],
                synonyms: Comparison.allCases.map { .init(written: $0.rawValue, means: $0.symbol) }),
            Key(
                "threshold", .value(.number(-Limits.largestThreshold...Limits.largestThreshold), default: nil),
                required: true,
                "The line, in the unit of the metric.", source: "PutMetricAlarm, Threshold"),
            Key(
                "treat_missing_data",
                .value(
                    .oneOf(MissingDataTreatment.allCases.map(\.rawValue)),
                    default: MissingDataTreatment.missing.rawValue),
                "What fills the place of a datapoint that is not there.", source: "PutMetricAlarm, TreatMissingData",
                elsewhere: ["missing_data"]),
        ])

    /// Nil while something that it needs is mistaken.
    static func definition(_ item: NamedValue) -> AlarmDefinition? {
        guard let section = item.section, section.isSound else { return nil }
        let options = section.options
        guard let metric = options.text("metric"), let period = options.duration("period"),
            let statistic = options.text("statistic").flatMap(Statistic.init(rawValue:)),
            let comparison = options.text("comparison").flatMap(comparison),
            let threshold = options.number("threshold"), let evaluationPeriods = options.integer("evaluation_periods"),
            let missingData = options.text("treat_missing_data").flatMap(MissingDataTreatment.init(rawValue:))
        else { return nil }
        return AlarmDefinition(
            name: item.name, metric: MetricID(word: metric), statistic: statistic, period: period,
            evaluationPeriods: evaluationPeriods, datapointsToAlarm: options.integer("datapoints_to_alarm"),
            comparison: comparison, threshold: threshold, missingData: missingData)
    }

    private static let metricWords = BuiltInMetric.allCases.map(\.rawValue).joined(separator: ", ")
    static let shortPeriods = Limits.shortPeriods.map { Quantity.text($0) }.joined(separator: ", ")

    private static func comparison(_ symbol: String) -> Comparison? {
        Comparison.allCases.first { $0.symbol == symbol }
    }
}

extension MetricID {
    init(word: String) {
        self = BuiltInMetric(rawValue: word).map { .builtIn($0) } ?? .named(word)
    }
}
