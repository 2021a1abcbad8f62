import WeirCore
import WeirPolicy

/// An alarm on its way to CloudWatch.
struct CloudAlarm {
    /// What it watches, and how.
    var metric: [CloudValue.Property]
    /// Thresholds and step bounds are multiplied by it.
    var scale: Double
    /// N and M, of periods as CloudWatch has them.
    var evaluationPeriods: Int
    var datapointsToAlarm: Int
    /// MetricAggregationType of a step policy that it invokes.
    var aggregation: String
}

extension CloudWriter {
    mutating func cloudAlarm(_ alarm: AlarmDefinition) throws(NotCarried) -> CloudAlarm {
        let path = "alarms.\(alarm.name)"
        // CloudWatch has a sample of these metrics each minute.
        let period = max(alarm.period.wholeSeconds, Self.shortestPeriod)
        let periods = Self.minutes(alarm.evaluationPeriods, of: alarm.period)
        let datapoints = min(Self.minutes(alarm.datapointsToAlarm, of: alarm.period), periods)
        if alarm.period < .seconds(Self.shortestPeriod) {
            var why = "CloudWatch has a sample of these metrics each minute: the period is 60 s"
            if periods != alarm.evaluationPeriods {
                why +=
                    ", and \(datapoints) out of \(periods) stands for \(alarm.datapointsToAlarm) out of "
                    + "\(alarm.evaluationPeriods)"
            }
            changed("\(path).period", why)
        }
        var statistic = alarm.statistic
        var scale = 1.0
        switch alarm.statistic {
        case .sum:
            statistic = .average
            scale = group.pollInterval.inSeconds / alarm.period.inSeconds
            changed(
                "\(path).statistic",
                "CloudWatch has a sample each minute, weir one of each measurement: it is the average, and the threshold "
                    + "is multiplied by \(PlainNumber.text(scale))")
        case .sampleCount, .trimmedCount, .trimmedSum:
            throw NotCarried("CloudWatch has another number of samples than weir")
        case .average, .minimum, .maximum, .percentile, .trimmedMean, .winsorizedMean, .percentileRank: break
        }
        var math = MathWriter(writer: self, statistic: statistic, period: period)
        let metric: [CloudValue.Property]
        if case .builtIn(let builtIn) = alarm.metric, let gauge = try math.gauge(builtIn) {
            let key = statistic.isExtended ? "ExtendedStatistic" : "Statistic"
            metric = gauge + [.init(key, .text(statistic.cloudWatchName)), .init("Period", .integer(period))]
        } else {
            _ = try math.operand(alarm.metric.word)
            metric = [.init("Metrics", .list(math.queries))]
        }
        take(math, path: path)
        if alarm.cadence == .eachMeasurement {
            changed("\(path).evaluate", "CloudWatch judges once a minute, not on each measurement")
        }
        if alarm.evaluationRange != nil { lost("\(path).evaluation_range", "CloudWatch chooses it itself") }
        let actions = alarm.actions.ok + alarm.actions.alarm + alarm.actions.insufficientData
        if !actions.isEmpty {
            lost(path, "CloudWatch runs no command and calls no address: its actions name topics and functions")
        }
        let aggregations: [Statistic: String] = [.minimum: "Minimum", .maximum: "Maximum"]
        return CloudAlarm(
            metric: metric, scale: scale, evaluationPeriods: periods, datapointsToAlarm: datapoints,
            aggregation: aggregations[statistic] ?? "Average")
    }

    /// Unit: seconds.
    private static let shortestPeriod = 60

    /// So many periods of a minute as cover the same time; longer periods stay as many as they are.
    private static func minutes(_ count: Int, of period: Duration) -> Int {
        let seconds = min(period.wholeSeconds, shortestPeriod)
        return (count * seconds + shortestPeriod - 1) / shortestPeriod
    }

    mutating func write(_ alarm: AlarmDefinition, _ written: CloudAlarm, _ invoked: [(id: String, state: AlarmState)]) {
        var properties: [CloudValue.Property] = [.init("AlarmName", .text(alarm.name))]
        properties += written.metric
        properties += [
            .init("EvaluationPeriods", .integer(written.evaluationPeriods)),
            .init("DatapointsToAlarm", .integer(written.datapointsToAlarm)),
            .init("Threshold", .number(alarm.threshold * written.scale)),
            .init("ComparisonOperator", .text(alarm.comparison.rawValue)),
            .init("TreatMissingData", .text(alarm.missingData.rawValue)),
        ]
        if case .percentile = alarm.statistic {
            properties.append(.init("EvaluateLowSampleCountPercentile", .text(alarm.lowSamples.rawValue)))
        }
        if !alarm.actions.enabled { properties.append(.init("ActionsEnabled", .boolean(false))) }
        for list in AlarmFields.actionLists {
            let arns = invoked.filter { $0.state == list.state }.map { CloudValue.arn(of: $0.id) }
            if !arns.isEmpty { properties.append(.init(list.key, .list(arns))) }
        }
        plan.add(.alarm, plan.id("Alarm", alarm.name), name: alarm.name, properties)
    }

    /// What the metrics of an alarm or a policy told on the way.
    mutating func take(_ math: MathWriter, path: String) {
        for metric in math.groupMetrics where !groupMetrics.contains(metric) { groupMetrics.append(metric) }
        for change in math.changes { changed(path, change) }
    }
}
