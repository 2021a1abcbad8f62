import WeirCore
import WeirPolicy

/// Scaling policies and the alarms that invoke them.
extension CloudWriter {
    mutating func writeScalingPolicies() {
        var invoked: [String: [(id: String, state: AlarmState)]] = [:]
        var alarms: [String: CloudAlarm] = [:]
        for policy in group.scalingPolicies {
            let path = "scaling_policies.\(policy.name)"
            do throws(NotCarried) {
                var properties: [CloudValue.Property] = [.init("AutoScalingGroupName", .name(of: groupID))]
                switch policy.kind {
                case .step(let step):
                    let alarm = try alarm(of: policy, &alarms)
                    properties += stepProperties(step, alarm, path: path)
                case .simple(let simple):
                    _ = try alarm(of: policy, &alarms)
                    properties += simpleProperties(simple, path: path)
                case .targetTracking(let tracking):
                    if !policy.enabled, target == .cloudformation {
                        throw NotCarried(
                            "CloudFormation cannot switch a policy off, and one of target tracking needs no alarm to act"
                        )
                    }
                    properties += try trackingProperties(tracking, path: path)
                case .waitTarget:
                    throw NotCarried("AWS has no policy with a target for waiting; target tracking is nearest")
                case .backlogTracking:
                    throw NotCarried("AWS has no policy that follows the backlog itself; target tracking is nearest")
                }
                let id = plan.id("Policy", policy.name)
                let isInvoked = writeSwitch(of: policy, path: path, &properties)
                if isInvoked, let alarm = policy.alarms.first, alarms[alarm] != nil {
                    invoked[alarm, default: []].append((id, policy.alarmState))
                }
                plan.add(.scalingPolicy, id, name: policy.name, properties)
            } catch {
                lost(path, error.why)
            }
        }
        for alarm in group.alarms {
            guard let written = alarms[alarm.name] else {
                tellUnwritten(alarm)
                continue
            }
            write(alarm, written, invoked[alarm.name] ?? [])
        }
        for composite in group.compositeAlarms {
            lost("alarms.\(composite.name)", "a composite alarm cannot invoke a scaling policy on AWS")
        }
    }

    /// - Returns: whether its alarm names it.
    private mutating func writeSwitch(
        of policy: ScalingPolicy, path: String, _ properties: inout [CloudValue.Property]
    ) -> Bool {
        if policy.enabled { return true }
        switch target {
        case .terraform:
            properties.append(.init("Enabled", .boolean(false)))
            return true
        case .cloudformation:
            changed("\(path).enabled", "CloudFormation cannot switch a policy off: its alarm does not invoke it")
            return false
        }
    }

    /// Alarms that no written policy is invoked by; those of target tracking AWS makes itself.
    private mutating func tellUnwritten(_ alarm: AlarmDefinition) {
        let isOwned = group.scalingPolicies.contains { policy in
            if case .targetTracking = policy.kind { policy.alarms.contains(alarm.name) } else { false }
        }
        if !isOwned { lost("alarms.\(alarm.name)", "no scaling policy that is carried over is invoked by it") }
    }

    private mutating func alarm(
        of policy: ScalingPolicy, _ known: inout [String: CloudAlarm]
    ) throws(NotCarried) -> CloudAlarm {
        guard let name = policy.alarms.first, let alarm = group.alarms.first(where: { $0.name == name }) else {
            throw NotCarried("a composite alarm cannot invoke a scaling policy on AWS")
        }
        if let written = known[name] { return written }
        let written = try cloudAlarm(alarm)
        known[name] = written
        return written
    }

    // MARK: Properties

    private mutating func stepProperties(
        _ step: StepScaling, _ alarm: CloudAlarm, path: String
    ) -> [CloudValue.Property] {
        let steps = step.steps.map { adjustment -> CloudValue in
            var properties: [CloudValue.Property] = []
            if let lower = adjustment.lower {
                properties.append(.init("MetricIntervalLowerBound", .number(lower * alarm.scale)))
            }
            if let upper = adjustment.upper {
                properties.append(.init("MetricIntervalUpperBound", .number(upper * alarm.scale)))
            }
            return .object(properties + [.init("ScalingAdjustment", .integer(adjustment.adjustment))])
        }
        var properties: [CloudValue.Property] = [
            .init("PolicyType", .text("StepScaling")), .init("AdjustmentType", .text(step.adjustmentType.apiName)),
            .init("StepAdjustments", .list(steps)),
            .init("MetricAggregationType", .text(alarm.aggregation)),
        ]
        if let magnitude = step.minAdjustmentMagnitude {
            properties.append(.init("MinAdjustmentMagnitude", .integer(magnitude)))
        }
        if let warmup = step.instanceWarmup {
            properties.append(.init("EstimatedInstanceWarmup", seconds(warmup, "\(path).warmup")))
        }
        return properties
    }

    private mutating func simpleProperties(_ simple: SimpleScaling, path: String) -> [CloudValue.Property] {
        var properties: [CloudValue.Property] = [
            .init("PolicyType", .text("SimpleScaling")), .init("AdjustmentType", .text(simple.adjustmentType.apiName)),
            .init("ScalingAdjustment", .integer(simple.adjustment)),
        ]
        if let magnitude = simple.minAdjustmentMagnitude {
            properties.append(.init("MinAdjustmentMagnitude", .integer(magnitude)))
        }
        if let cooldown = simple.cooldown {
            properties.append(.init("Cooldown", seconds(cooldown, "\(path).cooldown")))
        }
        return properties
    }

    private mutating func trackingProperties(
        _ tracking: TargetTracking, path: String
    ) throws(NotCarried) -> [CloudValue.Property] {
        let allowed: [Statistic] = [.average, .minimum, .maximum]
        guard allowed.contains(tracking.statistic) else {
            throw NotCarried(
                "target tracking of AWS takes average, minimum and maximum, not \(tracking.statistic.text)")
        }
        var math = MathWriter(writer: self, statistic: tracking.statistic, period: nil)
        let specification: CloudValue
        if case .builtIn(let metric) = tracking.metric, let gauge = try math.gauge(metric) {
            specification = .object(gauge + [.init("Statistic", .text(tracking.statistic.cloudWatchName))])
        } else {
            _ = try math.operand(tracking.metric.word)
            specification = .object([.init("Metrics", .list(math.queries))])
        }
        take(math, path: path)
        for key in tracking.chosenShape {
            lost("\(path).\(key)", "AWS makes the alarms of target tracking itself, and this cannot be chosen")
        }
        var properties: [CloudValue.Property] = [
            .init("PolicyType", .text("TargetTrackingScaling")),
            .init(
                "TargetTrackingConfiguration",
                .object([
                    .init("CustomizedMetricSpecification", specification),
                    .init("TargetValue", .number(tracking.target)),
                    .init("DisableScaleIn", .boolean(tracking.disableScaleIn)),
                ])),
        ]
        if let warmup = tracking.instanceWarmup {
            properties.append(.init("EstimatedInstanceWarmup", seconds(warmup, "\(path).warmup")))
        }
        return properties
    }
}

extension TargetTracking {
    /// Keys of its alarms that are other than AWS has them.
    fileprivate var chosenShape: [String] {
        let (out, back) = (AlarmShape.scaleOut, AlarmShape.scaleIn)
        let keys = [
            ("period", scaleOutAlarm.period != out.period || scaleInAlarm.period != back.period),
            ("evaluation_periods", scaleOutAlarm.evaluationPeriods != out.evaluationPeriods),
            ("datapoints_to_alarm", scaleOutAlarm.datapointsToAlarm != scaleOutAlarm.evaluationPeriods),
            ("scale_in_evaluation_periods", scaleInAlarm.evaluationPeriods != back.evaluationPeriods),
            ("scale_in_datapoints_to_alarm", scaleInAlarm.datapointsToAlarm != scaleInAlarm.evaluationPeriods),
            ("scale_in_below", scaleInShare != Self.defaultScaleInShare),
        ]
        return keys.filter(\.1).map(\.0)
    }
}

extension AdjustmentType {
    /// Its name in the Auto Scaling API.
    var apiName: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
