import WeirCore
import WeirPolicy

/// Scaling policies, each with what invokes it; step and simple scaling.
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
        var lost: [AWSResource] = []
        for policy in own(.scalingPolicy) {
            let known = expressions
            do throws(NotCarried) {
                switch policy.item["PolicyType"]?.plain {
                case "TargetTrackingScaling": try readTracking(policy)
                case "StepScaling": try readInvoked(policy, isStep: true)
                case nil, "SimpleScaling": try readInvoked(policy, isStep: false)
                case let type?: throw NotCarried("weir has no policies of type \(type)")
                }
                settleFields(of: policy)
            } catch {
                expressions = known
                policy.item.lostWhole(error.why)
                lost.append(policy)
            }
        }
        for index in writtenAlarms.keys.sorted() { settleActions(of: stock[.alarm][index], without: lost) }
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
        // What is wrong with the policy itself comes first: an alarm is there because it invokes something.
        let simple = isStep ? [] : try simpleEntries(policy)
        let steps = isStep ? try readSteps(policy) : nil
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
            var entries = steps.map { stepEntries(policy, $0, invoker.alarm) } ?? simple
            entries.insert(.init("alarm", text: invoker.alarm.name), at: 1)
            if invoker.state != .alarm { entries.insert(.init("alarm_state", invoker.state.rawValue), at: 2) }
            if let enabled = enabled(policy) { entries.insert(enabled, at: 1) }
            draft.scalingPolicies.append(.init(name, section: entries))
        }
        if read.count > 1 {
            policy.item["PolicyName"]?.changed("several alarms invoke it: it stands here once for each of them")
        }
    }

    func enabled(_ policy: AWSResource) -> PolicyDraft.Entry? {
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

    /// Steps as AWS has them: the alarm says in which unit their bounds are.
    private struct ReadSteps {
        struct Step {
            var bounds: [(word: String, value: Double)] = []
            var adjustment: Int
        }

        var list: Item
        var steps: [Step] = []
        var adjustmentType: PolicyDraft.Entry
    }

    private func readSteps(_ policy: AWSResource) throws(NotCarried) -> ReadSteps {
        guard let list = policy.item["StepAdjustments"] else { throw NotCarried("it has no steps") }
        var read = ReadSteps(list: list, adjustmentType: try adjustmentType(policy))
        for item in list.items {
            guard let adjustment = item["ScalingAdjustment"]?.integer(as: "adjustment") else {
                throw NotCarried("a step's ScalingAdjustment is not a number that can be told")
            }
            var step = ReadSteps.Step(adjustment: adjustment)
            for (key, word) in [("MetricIntervalLowerBound", "lower"), ("MetricIntervalUpperBound", "upper")] {
                guard let bound = item[key] else { continue }
                guard let value = bound.number(as: word) else { throw NotCarried("a step's bound is not a number") }
                step.bounds.append((word, value))
            }
            read.steps.append(step)
        }
        return read
    }

    private func stepEntries(_ policy: AWSResource, _ read: ReadSteps, _ alarm: ReadAlarm) -> [PolicyDraft.Entry] {
        let steps = read.steps.map { step in
            let bounds = step.bounds.map { "\($0.word): \(PlainNumber.text($0.value * alarm.scale))" }
            return "{ \((bounds + ["adjustment: \(step.adjustment)"]).joined(separator: ", ")) }"
        }
        var entries = [PolicyDraft.Entry("type", "step_scaling"), read.adjustmentType]
        entries.append(
            .init(key: "steps", value: .list(steps), remark: "\(read.list.origin); counted from the threshold"))
        entries += magnitude(policy)
        if let item = policy.item["EstimatedInstanceWarmup"], let seconds = item.integer(as: "warmup") {
            entries.append(.init("warmup", time: .seconds(seconds), from: item))
        }
        for key in Self.ofOtherKinds + ["Cooldown", "ScalingAdjustment"] {
            policy.item[key]?.settle(.notNeeded("step scaling has none"))
        }
        tellAggregation(policy, read.list, alarm)
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
}
