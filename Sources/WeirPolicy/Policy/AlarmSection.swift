import WeirCore

/// One alarm: its keys, and from them the definition.
enum AlarmSection {
    static let declaration = Key.Either(key: "rule", special: composite, usual: metric)

    private static let metric = Section(
        "A metric alarm: what is watched, how samples become datapoints, and which of them are breaching.",
        keys: [
            Key(
                "metric", .value(.text(), default: nil), required: true,
                "What is watched: \(metricWords), or a name under metrics.",
                source: "PutMetricAlarm, MetricName", elsewhere: ["metric_name"]),
            Key(
                "statistic", .value(.text(), default: Statistic.average.text),
                "How the samples of a period become its datapoint: \(statisticWords).",
                source: "PutMetricAlarm, Statistic and ExtendedStatistic", elsewhere: ["stat", "extended_statistic"],
                synonyms: Statistic.plain.map { .init(written: $0.text, means: $0.text) }),
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
                synonyms: Comparison.allCases.map { .init(written: $0.rawValue, means: $0.symbol) },
                misnomers: ForeignWords.comparisons),
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
            Key(
                "evaluate_low_sample_count_percentile",
                .value(
                    .oneOf(LowSampleTreatment.allCases.map(\.rawValue)), default: LowSampleTreatment.evaluate.rawValue),
                "While a percentile has too few samples (p99: 1000) the alarm is judged all the same, or keeps its state.",
                source: "PutMetricAlarm, EvaluateLowSampleCountPercentile",
                elsewhere: ["evaluate_low_sample_count_percentiles"]),
            Key(
                "evaluate",
                .value(
                    .oneOf(EvaluationCadence.allCases.map(\.rawValue)),
                    default: EvaluationCadence.eachMeasurement.rawValue),
                "How often the alarm is judged; cloudwatch: once a minute, every 10s when the period is below 60s. It is for "
                    + "step policies moved from AWS as they are: judged on every measurement, an alarm rises on the first "
                    + "datapoint over the line, which may still hold older samples, and takes a smaller step."),
            Key(
                "evaluation_range", .value(.integer(1...Limits.mostEvaluationPeriods), default: nil),
                "How many periods are in view; of these, the newest that have a datapoint are judged.",
                fallback: .init(
                    text: "\(WeirCore.Limits.datapointsBeyondEvaluationPeriods) more than evaluation_periods")),
        ] + actions)

    private static let composite = Section(
        "An alarm over the states of others.",
        keys: [
            Key(
                "rule", .value(.text(), default: nil), required: true,
                "When it is in ALARM: a and not b, or in full: ALARM(a) AND NOT OK(\"the other\").",
                source: "PutCompositeAlarm, AlarmRule", elsewhere: ["alarm_rule"])
        ] + actions)

    // MARK: Actions

    private static let actions: [Key] = [
        Key(
            "actions_enabled", .value(.boolean, default: "true"),
            "Off: the alarm is judged, but no action and no scaling policy follows.",
            source: "PutMetricAlarm, ActionsEnabled"),
        actionKey("ok_actions", .ok, "OKActions"),
        actionKey("alarm_actions", .alarm, "AlarmActions"),
        actionKey("insufficient_data_actions", .insufficientData, "InsufficientDataActions"),
    ]

    private static func actionKey(_ name: String, _ state: AlarmState, _ aws: String) -> Key {
        Key(
            name, .sequence(action, 0...WeirCore.Limits.mostAlarmActions),
            "What is done once when the alarm enters \(state.rawValue).", source: "PutMetricAlarm, \(aws)")
    }

    private static let action = Section(
        "A program to run, or an address to tell.",
        keys: [
            Key(
                "command", .value(.list(of: .text()), default: nil),
                "A program with its arguments, run without a shell; what happened is in its environment.",
                elsewhere: ["program", "exec", "run", "cmd"]),
            Key(
                "post", .value(.text(secrets: true), default: nil),
                "An http or https address, to which what happened is sent as JSON.",
                elsewhere: ["url", "webhook", "http"]),
        ], shorthand: "post", choice: .init(noun: "action", words: ["command", "post"]), check: actionMistakes)

    @Sendable private static func actionMistakes(_ options: Options) -> [OptionMistake] {
        if let address = options.text("post") {
            let starts = ["http://", "https://", "${", "file:"]
            if starts.contains(where: address.hasPrefix) { return [] }
            return [
                OptionMistake(
                    field: "post", message: "'post' is no address",
                    expected: "http://…, https://…, ${NAME} or file:/path")
            ]
        }
        guard options.texts("command").first?.isEmpty ?? true else { return [] }
        return [
            OptionMistake(field: "command", message: "'command' names no program", expected: "[program, argument, …]")
        ]
    }

    static func actions(_ section: SectionValues) -> AlarmActions {
        func list(_ name: String) -> [AlarmAction] {
            section.sequence(name).compactMap { item in
                if let url = item.options.text("post") { return .post(url: url) }
                let command = item.options.texts("command")
                return command.isEmpty ? nil : .command(command)
            }
        }
        return AlarmActions(
            enabled: section.options.boolean("actions_enabled") ?? true, ok: list("ok_actions"),
            alarm: list("alarm_actions"), insufficientData: list("insufficient_data_actions"))
    }

    // MARK: Values

    /// Nil while something that it needs is mistaken.
    static func definition(_ item: NamedValue) -> AlarmDefinition? {
        guard let section = item.section, section.isSound else { return nil }
        let options = section.options
        guard let metric = options.text("metric"), let period = options.duration("period"),
            let statistic = options.text("statistic").flatMap({ Statistic($0) }),
            let comparison = options.text("comparison").flatMap(comparison),
            let threshold = options.number("threshold"), let evaluationPeriods = options.integer("evaluation_periods"),
            let missingData = options.text("treat_missing_data").flatMap(MissingDataTreatment.init(rawValue:))
        else { return nil }
        var alarm = AlarmDefinition(
            name: item.name, metric: MetricID(word: metric), statistic: statistic, period: period,
            evaluationPeriods: evaluationPeriods, datapointsToAlarm: options.integer("datapoints_to_alarm"),
            comparison: comparison, threshold: threshold, missingData: missingData)
        alarm.lowSamples =
            options.text("evaluate_low_sample_count_percentile").flatMap(LowSampleTreatment.init(rawValue:))
            ?? .evaluate
        alarm.cadence = options.text("evaluate").flatMap(EvaluationCadence.init(rawValue:)) ?? .eachMeasurement
        alarm.evaluationRange = options.integer("evaluation_range")
        alarm.actions = actions(section)
        return alarm
    }

    /// Those with a name of their own, then the rules that scaling policies write in place, each once.
    static func compositeAlarms(of root: SectionValues) -> [CompositeAlarm] {
        let alarms = root.named("alarms")
        var composites = alarms.compactMap { item -> CompositeAlarm? in
            guard let section = item.section, let text = section.options.text("rule"),
                let rule = try? AlarmRule.parse(text)
            else { return nil }
            return CompositeAlarm(name: item.name, rule: rule, actions: actions(section))
        }
        for item in root.named("scaling_policies") {
            guard let text = item.section?.options.text("alarm"), !alarms.contains(where: { $0.name == text }),
                !composites.contains(where: { $0.name == text }), let rule = try? AlarmRule.parse(text)
            else { continue }
            composites.append(CompositeAlarm(name: text, rule: rule))
        }
        return composites
    }

    private static let metricWords = BuiltInMetric.allCases.map(\.rawValue).joined(separator: ", ")
    private static let statisticWords =
        Statistic.plain.map(\.text).joined(separator: ", ") + ", or as in CloudWatch p99.9, tm90, TM(10%:90%), IQM"
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
