import WeirCore
import WeirRuntime

/// The scaling policies of a group or of all groups: all, or those asked for by name, ARN or type. Those that do not
/// exist are left out, and so are those of kinds that the API has no word for.
enum DescribePolicies: AutoScalingAction {
    static let name = "DescribePolicies"
    static let isForOperators = false

    /// All that AWS knows; weir has no predictive ones.
    private static let types = ["SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"]

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let names = try input.names("PolicyNames", most: AutoScalingLimits.policyNames)
        let types = try wantedTypes(input)
        let found = try await call.groups(input).flatMap { group in
            group.policyInForce.scalingPolicies.map { PolicyOfGroup(policy: $0, group: group, call: call) }
        }.filter { found in
            guard let type = found.policy.kind.apiName else { return false }
            return (names.isEmpty || names.contains(found.policy.name) || names.contains(found.arn))
                && (types.isEmpty || types.contains(type))
        }
        let page = try input.page(
            of: found, size: AutoScalingLimits.defaultPolicyRecords, largest: AutoScalingLimits.policyRecords)
        return { xml in
            xml.element("ScalingPolicies") { xml in
                for found in page.elements { xml.element("member") { found.write(to: &$0) } }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }

    private static func wantedTypes(_ input: AutoScalingInput) throws(APIError) -> [String] {
        let wanted = input.form.list("PolicyTypes")
        for type in wanted where !types.contains(type) {
            throw ErrorTable.validation("1 validation error detected: '\(type)' is no policy type.")
        }
        return wanted
    }
}

/// A ScalingPolicy of the Auto Scaling API.
private struct PolicyOfGroup {
    let policy: ScalingPolicy
    let group: GroupSnapshot
    let call: AutoScalingCall

    var arn: String { call.arn("scalingPolicy", of: group.policy.name) + ":policyName/\(policy.name)" }

    func write(to xml: inout XMLWriter) {
        xml.element("AutoScalingGroupName", group.policy.name)
        xml.element("PolicyName", policy.name)
        xml.element("PolicyARN", arn)
        if let type = policy.kind.apiName { xml.element("PolicyType", type) }
        // What was left out falls back to the group when it is needed, and is left out here too.
        switch policy.kind {
        case .step(let step): write(step, to: &xml)
        case .simple(let simple): write(simple, to: &xml)
        case .targetTracking(let tracking): write(tracking, to: &xml)
        case .backlogTracking, .waitTarget: break
        }
        xml.element("Alarms") { xml in
            for alarm in policy.alarms {
                xml.element("member") { xml in
                    xml.element("AlarmName", alarm)
                    xml.element("AlarmARN", "arn:aws:cloudwatch:\(call.region):\(call.account):alarm:\(alarm)")
                }
            }
        }
        xml.element("Enabled", policy.enabled)
    }

    private func write(_ step: StepScaling, to xml: inout XMLWriter) {
        xml.element("AdjustmentType", step.adjustmentType.apiName)
        if let magnitude = step.minAdjustmentMagnitude { xml.element("MinAdjustmentMagnitude", magnitude) }
        xml.element("StepAdjustments") { xml in
            for step in step.steps { xml.element("member") { step.write(to: &$0) } }
        }
        if let aggregation { xml.element("MetricAggregationType", aggregation) }
        if let warmup = step.instanceWarmup { xml.element("EstimatedInstanceWarmup", warmup.apiSeconds) }
    }

    /// Which step is taken is told by the alarm's own statistic, of which the API has words for three.
    private var aggregation: String? {
        guard let alarm = group.policy.alarms.first(where: { policy.alarms.contains($0.name) }) else { return nil }
        switch alarm.statistic {
        case .average, .minimum, .maximum: return alarm.statistic.cloudWatchName
        case .sum, .sampleCount, .percentile, .trimmedMean, .winsorizedMean, .trimmedCount, .trimmedSum,
            .percentileRank:
            return nil
        }
    }

    private func write(_ simple: SimpleScaling, to xml: inout XMLWriter) {
        xml.element("AdjustmentType", simple.adjustmentType.apiName)
        if let magnitude = simple.minAdjustmentMagnitude { xml.element("MinAdjustmentMagnitude", magnitude) }
        xml.element("ScalingAdjustment", simple.adjustment)
        if let cooldown = simple.cooldown { xml.element("Cooldown", cooldown.apiSeconds) }
        xml.list("StepAdjustments", [])
    }

    private func write(_ tracking: TargetTracking, to xml: inout XMLWriter) {
        xml.list("StepAdjustments", [])
        if let warmup = tracking.instanceWarmup { xml.element("EstimatedInstanceWarmup", warmup.apiSeconds) }
        xml.element("TargetTrackingConfiguration") { xml in
            xml.element("CustomizedMetricSpecification") { tracking.writeMetric(of: group.policy.name, to: &$0) }
            xml.element("TargetValue", tracking.target)
            xml.element("DisableScaleIn", tracking.disableScaleIn)
        }
    }
}

extension StepAdjustment {
    /// As a StepAdjustment; a side that is unbounded is left out.
    fileprivate func write(to xml: inout XMLWriter) {
        if let lower { xml.element("MetricIntervalLowerBound", lower) }
        if let upper { xml.element("MetricIntervalUpperBound", upper) }
        xml.element("ScalingAdjustment", adjustment)
    }
}

extension TargetTracking {
    /// As a CustomizedMetricSpecification. Its Statistic has words for the plain statistics only; the Stat of a metric
    /// query takes all.
    fileprivate func writeMetric(of group: String, to xml: inout XMLWriter) {
        guard statistic.isExtended else {
            writeName(of: group, to: &xml)
            xml.element("Statistic", statistic.cloudWatchName)
            xml.element("Period", scaleOutAlarm.period.apiSeconds)
            return
        }
        xml.element("Metrics") { xml in
            xml.element("member") { xml in
                xml.element("Id", "m1")
                xml.element("MetricStat") { xml in
                    xml.element("Metric") { writeName(of: group, to: &$0) }
                    xml.element("Stat", statistic.cloudWatchName)
                    xml.element("Period", scaleOutAlarm.period.apiSeconds)
                }
                xml.element("ReturnData", true)
            }
        }
    }

    /// The metrics of a group are weir's, and told apart by its name.
    private func writeName(of group: String, to xml: inout XMLWriter) {
        xml.element("MetricName", metric.word)
        xml.element("Namespace", "weir")
        xml.element("Dimensions") { xml in
            xml.element("member") { xml in
                xml.element("Name", "AutoScalingGroupName")
                xml.element("Value", group)
            }
        }
    }
}
