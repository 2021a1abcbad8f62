import WeirCore
import WeirPolicy

/// Target tracking.
extension AWSImport {
    mutating func readTracking(_ policy: AWSResource) throws(NotCarried) {
        guard let configuration = policy.item["TargetTrackingConfiguration"] else {
            throw NotCarried("it has no TargetTrackingConfiguration")
        }
        if let predefined = configuration["PredefinedMetricSpecification"] {
            let word = predefined["PredefinedMetricType"]?.plain ?? "a predefined metric"
            throw NotCarried("weir does not measure \(word)")
        }
        guard let metric = configuration["CustomizedMetricSpecification"] else {
            throw NotCarried("it does not say which metric it tracks")
        }
        guard let target = configuration["TargetValue"], let value = target.number(as: "target") else {
            throw NotCarried("its TargetValue is not a number that can be told")
        }
        let read: ReadMetric
        if let math = metric["Metrics"] {
            read = try readMath(math, owner: policy.name)
        } else {
            read = try readMetric(of: metric, statistic: metric["Statistic"], period: metric["Period"])
        }
        if let change = read.change { target.changed(change) }
        var entries: [PolicyDraft.Entry] = [
            .init("type", "target_tracking"), .init("metric", text: read.word, from: metric),
            .init("target", number: value * read.scale, from: target),
        ]
        if let enabled = enabled(policy) { entries.insert(enabled, at: 1) }
        if read.statistic != .average { entries.append(.init("statistic", text: read.statistic.text)) }
        if read.period != AlarmShape.scaleOut.period { entries.append(.init("period", time: read.period)) }
        if let item = configuration["DisableScaleIn"], item.boolean(as: "disable_scale_in") == true {
            entries.append(.init("disable_scale_in", true, from: item))
        }
        if let item = policy.item["EstimatedInstanceWarmup"], let seconds = item.integer(as: "warmup") {
            entries.append(.init("warmup", time: .seconds(seconds), from: item))
        }
        let others = ["Cooldown", "MetricAggregationType", "AdjustmentType", "StepAdjustments", "ScalingAdjustment"]
        for key in others + ["MinAdjustmentMagnitude"] {
            policy.item[key]?.settle(.notNeeded("target tracking has none"))
        }
        entries += shapes(of: policy, target: value)
        draft.scalingPolicies.append(.init(unused(policy.name, under: "scaling_policies"), section: entries))
    }

    /// How long the metric has to be on the wrong side: the alarms that AWS made for the policy say it, where they were read.
    private mutating func shapes(of policy: AWSResource, target: Double) -> [PolicyDraft.Entry] {
        var entries: [PolicyDraft.Entry] = []
        let owned = (policy.item["Alarms"]?.items ?? []).flatMap { alarm in
            [alarm["AlarmARN"]?.plain, alarm["AlarmName"]?.plain].compactMap(\.self)
        }
        for (index, alarm) in stock[.alarm].enumerated() where owned.contains(where: { alarm.isCalled($0) }) {
            let isLow = alarm.item["ComparisonOperator"]?.plain?.hasPrefix("LessThan") ?? false
            let prefix = isLow ? "scale_in_" : ""
            let usual = isLow ? AlarmShape.scaleIn : AlarmShape.scaleOut
            let periods = alarm.item["EvaluationPeriods"]?.plain.flatMap { Int($0) } ?? usual.evaluationPeriods
            let datapoints = alarm.item["DatapointsToAlarm"]?.plain.flatMap { Int($0) } ?? periods
            if periods != usual.evaluationPeriods {
                entries.append(.init("\(prefix)evaluation_periods", periods, from: alarm.item["EvaluationPeriods"]))
            }
            if datapoints != periods {
                entries.append(.init("\(prefix)datapoints_to_alarm", datapoints, from: alarm.item["DatapointsToAlarm"]))
            }
            if isLow, target > 0, let threshold = alarm.item["Threshold"]?.plain.flatMap({ Double($0) }) {
                let share = (threshold / target * 1000).rounded() / 1000
                if share != TargetTracking.defaultScaleInShare {
                    entries.append(.init("scale_in_below", number: share, from: alarm.item["Threshold"]))
                }
            }
            alarm.item.notNeededWhole("target tracking makes its own alarms, of the same shape")
            readAlarms[index] = .failure(NotCarried("target tracking makes its own alarms"))
        }
        return entries
    }
}
