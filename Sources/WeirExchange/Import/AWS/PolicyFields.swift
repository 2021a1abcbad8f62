import WeirCore
import WeirPolicy

/// Scaling policies, each with what invokes it.
extension AWSImport {
    static let policyFieldsNotNeeded = [
        "PolicyARN": "an address on AWS",
        "Alarms": "the alarms themselves say whom they invoke, and target tracking makes its own",
    ]
    static let policyFieldsLost = [
        "PredictiveScalingConfiguration": "weir has no predictive scaling",
        "MinAdjustmentStep": "AWS itself takes MinAdjustmentMagnitude in its place",
    ]

    private static let ofOtherKinds = ["TargetTrackingConfiguration"]

    /// One way in which an alarm invokes a policy.
    private struct Invoker {
        var alarm: Int
        var state: AlarmState
    }

    mutating func readScalingPolicies() {
        for policy in own(.scalingPolicy) {
            do throws(NotCarried) {
                switch policy.item["PolicyType"]?.plain {
                case "TargetTrackingScaling": try readTracking(policy)
                case "StepScaling": try readInvoked(policy, isStep: true)
                case nil, "SimpleScaling": try readInvoked(policy, isStep: false)
                case let type?: throw NotCarried("weir has no policies of type \(type)")
                }
                settleFields(of: policy)
            } catch {
                policy.item.lostWhole(error.why)
            }
        }
    }

    private func settleFields(of policy: AWSResource) {
        policy.item["PolicyName"]?.settle(.carried("scaling_policies"))
        policy.item["PolicyType"]?.carried("type")
        policy.item["AutoScalingGroupName"]?.notNeeded("a policy stands in the file of its group")
        policy.item.settle(notNeeded: Self.policyFieldsNotNeeded, lost: Self.policyFieldsLost)
    }

    // MARK: Step and simple scaling

    private func invokers(of policy: AWSResource) -> [Invoker] {
        stock[.alarm].enumerated().flatMap { index, alarm in
            AlarmFields.actionLists.compactMap { list in
                let named = alarm.item[list.key]?.items.contains { policy.isCalled($0.plain) } ?? false
                return named ? Invoker(alarm: index, state: list.state) : nil
            }
        }
    }

    private mutating func readInvoked(_ policy: AWSResource, isStep: Bool) throws(NotCarried) {
        let invokers = invokers(of: policy)
        guard !invokers.isEmpty else {
            throw NotCarried("no alarm that was read invokes it: add describe-alarms, or it is invoked by hand")
        }
        var read: [(alarm: ReadAlarm, state: AlarmState)] = []
        var reasons: [String] = []
        for invoker in invokers {
            do {
                read.append((try readAlarm(at: invoker.alarm), invoker.state))
            } catch {
                reasons.append("its alarm '\(stock[.alarm][invoker.alarm].name)' is not carried over: \(error.why)")
            }
        }
        guard !read.isEmpty else { throw NotCarried(reasons.joined(separator: "; ")) }
        for (number, invoker) in read.enumerated() {
            let name = unused(
                number == 0 ? policy.name : "\(policy.name)-\(invoker.alarm.name)", under: "scaling_policies")
            var entries = try isStep ? stepEntries(policy, invoker.alarm) : simpleEntries(policy)
            entries.insert(.init("alarm", text: invoker.alarm.name), at: 1)
            if invoker.state != .alarm { entries.insert(.init("alarm_state", invoker.state.rawValue), at: 2) }
            if let enabled = enabled(policy) { entries.insert(enabled, at: 1) }
            draft.scalingPolicies.append(.init(name, section: entries))
        }
        if read.count > 1 {
            policy.item["PolicyName"]?.changed("several alarms invoke it: it stands here once for each of them")
        }
    }

    private func enabled(_ policy: AWSResource) -> PolicyDraft.Entry? {
        guard let item = policy.item["Enabled"], item.boolean(as: "enabled") == false else { return nil }
        return .init("enabled", false, from: item)
    }

    private func adjustmentType(_ policy: AWSResource) throws(NotCarried) -> PolicyDraft.Entry {
        let words = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"]
        guard let item = policy.item["AdjustmentType"], let text = item.text(as: "adjustment_type"),
            let index = words.firstIndex(of: text)
        else { throw NotCarried("its AdjustmentType is none that weir has") }
        return .init("adjustment_type", AdjustmentType.allCases[index].rawValue, from: item)
    }

    private func magnitude(_ policy: AWSResource) -> [PolicyDraft.Entry] {
        guard let item = policy.item["MinAdjustmentMagnitude"] else { return [] }
        guard policy.item["AdjustmentType"]?.plain == "PercentChangeInCapacity" else {
            item.notNeeded("it has a meaning with PercentChangeInCapacity only")
            return []
        }
        return item.integer(as: "min_adjustment_magnitude").map {
            [.init("min_adjustment_magnitude", $0, from: item)]
        } ?? []
    }

    private func simpleEntries(_ policy: AWSResource) throws(NotCarried) -> [PolicyDraft.Entry] {
        guard let item = policy.item["ScalingAdjustment"], let adjustment = item.integer(as: "adjustment") else {
            throw NotCarried("its ScalingAdjustment is not a number that can be told")
        }
        var entries = [PolicyDraft.Entry("type", "simple_scaling"), try adjustmentType(policy)]
        entries.append(.init("adjustment", adjustment, from: item))
        entries += magnitude(policy)
        if let item = policy.item["Cooldown"], let seconds = item.integer(as: "cooldown") {
            entries.append(.init("cooldown", time: .seconds(seconds), from: item))
        }
        for key in Self.ofOtherKinds + ["EstimatedInstanceWarmup", "MetricAggregationType", "StepAdjustments"] {
            policy.item[key]?.settle(.notNeeded("simple scaling has none"))
        }
        return entries
    }

    private func stepEntries(_ policy: AWSResource, _ alarm: ReadAlarm) throws(NotCarried) -> [PolicyDraft.Entry] {
        guard let list = policy.item["StepAdjustments"] else { throw NotCarried("it has no steps") }
        var steps: [String] = []
        for item in list.items {
            guard let adjustment = item["ScalingAdjustment"]?.integer(as: "adjustment") else {
                throw NotCarried("a step's ScalingAdjustment is not a number that can be told")
            }
            var parts: [String] = []
            for (key, word) in [("MetricIntervalLowerBound", "lower"), ("MetricIntervalUpperBound", "upper")] {
                guard let bound = item[key] else { continue }
                guard let value = bound.number(as: word) else { throw NotCarried("a step's bound is not a number") }
                parts.append("\(word): \(PlainNumber.text(value * alarm.scale))")
            }
            steps.append("{ \((parts + ["adjustment: \(adjustment)"]).joined(separator: ", ")) }")
        }
        var entries = [PolicyDraft.Entry("type", "step_scaling"), try adjustmentType(policy)]
        entries.append(.init(key: "steps", value: .list(steps), remark: "\(list.origin); counted from the threshold"))
        entries += magnitude(policy)
        if let item = policy.item["EstimatedInstanceWarmup"], let seconds = item.integer(as: "warmup") {
            entries.append(.init("warmup", time: .seconds(seconds), from: item))
        }
        for key in Self.ofOtherKinds + ["Cooldown", "ScalingAdjustment"] {
            policy.item[key]?.settle(.notNeeded("step scaling has none"))
        }
        tellAggregation(policy, list, alarm)
        return entries
    }

    /// Without a word AWS takes the average. Source: PutScalingPolicy, MetricAggregationType.
    private func tellAggregation(_ policy: AWSResource, _ steps: Item, _ alarm: ReadAlarm) {
        let item = policy.item["MetricAggregationType"]
        if Statistic(item?.plain ?? "Average") == alarm.statistic {
            item?.settle(.notNeeded("the statistic of the alarm says it"))
        } else if let item {
            item.changed("weir picks the step by the alarm's own statistic, \(alarm.statistic.text)")
        } else {
            steps.changed(
                "AWS picks the step by the average, as no MetricAggregationType is written; weir picks it by the alarm's own "
                    + "statistic, \(alarm.statistic.text)")
        }
    }

    // MARK: Target tracking

    private mutating func readTracking(_ policy: AWSResource) throws(NotCarried) {
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
