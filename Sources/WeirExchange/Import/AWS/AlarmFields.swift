import WeirCore
import WeirPolicy

/// An alarm that was carried over.
struct ReadAlarm {
    /// In the policy file.
    var name: String
    /// Step bounds are multiplied by it.
    var scale: Double
    var statistic: Statistic
}

enum AlarmFields {
    /// Each list of actions, and the state of the alarm in which they are invoked.
    static let actionLists: [(key: String, state: AlarmState)] = [
        ("AlarmActions", .alarm), ("OKActions", .ok), ("InsufficientDataActions", .insufficientData),
    ]

    static let notNeeded = [
        "AlarmArn": "an address on AWS",
        "AlarmConfigurationUpdatedTimestamp": AWSStock.presentState,
        "StateValue": AWSStock.presentState, "StateReason": AWSStock.presentState,
        "StateReasonData": AWSStock.presentState, "StateUpdatedTimestamp": AWSStock.presentState,
        "StateTransitionedTimestamp": AWSStock.presentState, "EvaluationState": AWSStock.presentState,
        "Unit": "a metric of weir has one unit", "ExtendedStatistic": "Statistic is the one that counts",
    ]

    static let lost = [
        "ThresholdMetricId": "weir has no anomaly detection", "EvaluationCriteria": "weir has no such query",
        "EvaluationInterval": "weir judges once a minute, or every 10 s, as 'evaluate: cloudwatch' says",
        "Tags": "alarms have no tags here",
    ]
}

extension AWSImport {
    /// The alarm at an index among the alarms, written into the draft when it is asked for first.
    mutating func readAlarm(at index: Int) throws(NotCarried) -> ReadAlarm {
        if let known = readAlarms[index] {
            do { return try known.get() } catch { throw error }
        }
        let alarm = stock[.alarm][index]
        let known = expressions
        do {
            let read = try read(alarm, at: index)
            readAlarms[index] = .success(read)
            return read
        } catch {
            expressions = known
            alarm.item.lostWhole(error.why)
            readAlarms[index] = .failure(error)
            throw error
        }
    }

    private mutating func read(_ alarm: AWSResource, at index: Int) throws(NotCarried) -> ReadAlarm {
        let item = alarm.item
        if item["ThresholdMetricId"] != nil { throw NotCarried("weir has no anomaly detection") }
        let metric: ReadMetric
        if let math = item["Metrics"] {
            metric = try readMath(math, owner: alarm.name)
        } else {
            metric = try readMetric(
                of: item, statistic: alarm.field("Statistic", "ExtendedStatistic"), period: item["Period"])
        }
        guard let comparison = item["ComparisonOperator"], let word = comparison.text(as: "comparison"),
            let operation = Comparison(rawValue: word)
        else { throw NotCarried("its comparison is none that weir has") }
        guard let threshold = item["Threshold"], let value = threshold.number(as: "threshold") else {
            throw NotCarried("its threshold is not a number that can be told")
        }
        let name = unused(alarm.name, under: "alarms")
        var entries: [PolicyDraft.Entry] = [
            .init("metric", text: metric.word, from: item["MetricName"] ?? item["Metrics"]),
            .init("statistic", text: metric.statistic.text, from: alarm.field("Statistic", "ExtendedStatistic")),
            .init("period", time: metric.period, from: item["Period"]),
        ]
        if let periods = item["EvaluationPeriods"], let count = periods.integer(as: "evaluation_periods") {
            entries.append(.init("evaluation_periods", count, from: periods))
        }
        if let datapoints = item["DatapointsToAlarm"], let count = datapoints.integer(as: "datapoints_to_alarm") {
            entries.append(.init("datapoints_to_alarm", count, from: datapoints))
        }
        entries += [
            .init(key: "comparison", value: .plain("\"\(operation.symbol)\""), remark: comparison.origin),
            .init("threshold", number: value * metric.scale, from: threshold),
        ]
        if let missing = item["TreatMissingData"], let word = missing.text(as: "treat_missing_data") {
            entries.append(.init("treat_missing_data", text: word, from: missing))
        }
        let key = "EvaluateLowSampleCountPercentile"
        if let low = item[key], let word = low.text(as: "evaluate_low_sample_count_percentile") {
            entries.append(.init("evaluate_low_sample_count_percentile", text: word, from: low))
        }
        entries.append(.init("evaluate", "cloudwatch", remark: "once a minute, as CloudWatch does"))
        if let enabled = item["ActionsEnabled"], enabled.boolean(as: "actions_enabled") == false {
            entries.append(.init("actions_enabled", false, from: enabled))
        }
        if let change = metric.change { threshold.changed(change) }
        settleFields(of: alarm)
        writtenAlarms[index] = .init(
            name, section: entries, above: item["AlarmDescription"]?.plain.map { [$0] } ?? [])
        return ReadAlarm(name: name, scale: metric.scale, statistic: metric.statistic)
    }

    private func settleFields(of alarm: AWSResource) {
        alarm.item["AlarmName"]?.settle(.carried("alarms"))
        alarm.item["AlarmDescription"]?.carried("a comment")
        alarm.item.settle(notNeeded: AlarmFields.notNeeded, lost: AlarmFields.lost)
    }

    /// - Parameter lost: scaling policies of this group that are not carried over.
    func settleActions(of alarm: AWSResource, without lost: [AWSResource]) {
        for list in AlarmFields.actionLists {
            for action in alarm.item[list.key]?.items ?? [] {
                settle(action, in: list.state, without: lost)
            }
        }
    }

    private func settle(_ action: Item, in state: AlarmState, without lost: [AWSResource]) {
        let policies = stock[.scalingPolicy]
        if let policy = lost.first(where: { $0.isCalled(action.plain) }) {
            action.settle(.told(.notCarried, "its scaling policy '\(policy.name)' is not carried over"))
        } else if let policy = policies.first(where: { $0.isCalled(action.plain) }) {
            let isOwn = group.isCalled(policy.field("AutoScalingGroupName")?.plain)
            action.settle(isOwn ? .carried("scaling_policies") : .notNeeded("a scaling policy of another group"))
        } else if action.plain?.contains(":scalingPolicy:") == true {
            action.settle(.told(.notCarried, "this scaling policy is not among what was read: add describe-policies"))
        } else {
            let key =
                switch state {
                case .alarm: "alarm_actions"
                case .ok: "ok_actions"
                case .insufficientData: "insufficient_data_actions"
                }
            action.settle(
                .told(.notCarried, "weir tells a command or an address: write it under '\(key)' of the alarm"))
        }
    }
}
