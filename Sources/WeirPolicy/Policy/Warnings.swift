import WeirCore

/// What can be used, but will not do what it seems to do. Told only when there is no error, because an error often is
/// the cause.
extension CrossChecks {
    mutating func warn() {
        warnOfUnusedAlarms()
        warnOfUntoldMetrics()
        warnOfOtherRulesThanCloudWatch()
        warnOfJoinedSamples()
        warnOfTooFewSamples()
        warnOfPercentFromZero()
        warnOfStepsOnTheOtherSide()
        warnOfTrackingWhatDoesNotFall()
        warnOfIdleScaleIn()
        warnOfIdleBacklogScaleIn()
        warnOfLives()
        warnOfSchedules()
        warnOfIdleFallback()
        warnOfLongJobs()
    }

    /// How long a message stays hidden, and how long a worker may go on after SIGTERM, say how long a job may take. Who has
    /// chosen `no_progress_after` knows of it.
    private mutating func warnOfLongJobs() {
        guard let workers = root.child("workers"), !workers.isSet("no_progress_after"),
            let patience = workers.options.duration("no_progress_after")
        else { return }
        let hints = [(root.child("queue")?.chosen?.section, "visibility_timeout"), (workers, "stop_timeout")]
        for (section, name) in hints {
            guard let section, let span = section.options.duration(name), span > patience else { continue }
            return findings.warning(
                "with '\(name)' \(Quantity.text(span)) a job may take longer than 'no_progress_after', "
                    + "\(Quantity.text(patience)), when scale-out is held",
                at: section.place(of: name),
                hint: "expected 'no_progress_after: \(Quantity.text(span * 2))' under 'workers', or none")
        }
    }

    private mutating func warnOfUnusedAlarms() {
        let bound = root.named("scaling_policies").compactMap { $0.section?.options.text("alarm") }
        let ruled = AlarmSection.compositeAlarms(of: root).flatMap(\.rule.alarms)
        for item in root.named("alarms") where !bound.contains(item.name) && !ruled.contains(item.name) {
            if let section = item.section, AlarmSection.actions(section).isSomething { continue }
            findings.warning(
                "no scaling policy uses alarm '\(item.name)'", at: item.nameSpan,
                hint: "expected 'alarm: \(item.name)' in a scaling policy")
        }
    }

    /// An alarm that is to be judged as CloudWatch judges it is to be one that CloudWatch would take.
    private mutating func warnOfOtherRulesThanCloudWatch() {
        for item in root.named("alarms") {
            guard let alarm = AlarmSection.definition(item), let section = item.section else { continue }
            guard alarm.cadence == .cloudWatch else { continue }
            for problem in AlarmRequest(alarm).problems(under: .cloudWatch) {
                findings.warning(
                    "CloudWatch would refuse '\(problem.field.key)' of '\(item.name)'",
                    at: section.place(of: problem.field.key), hint: "expected \(problem.expected)")
            }
        }
    }

    /// A percentile needs its samples one by one, and only so many are kept that way.
    private mutating func warnOfJoinedSamples() {
        guard let interval = root.child("queue")?.options.duration("poll_interval") else { return }
        for item in root.named("alarms") {
            guard let alarm = AlarmSection.definition(item), let section = item.section, alarm.statistic.isExtended
            else {
                continue
            }
            let samples = Double(alarm.datapointsInView) * (alarm.period / interval)
            let kept = max(WeirCore.Limits.samplesPerMetric, 2 * alarm.datapointsInView)
            guard samples > Double(kept) else { continue }
            findings.warning(
                "'\(item.name)' looks at \(Int(samples.rounded(.up))) samples, and \(alarm.statistic.text) needs each of them",
                at: section.place(of: "statistic"),
                hint: "only \(kept) are kept one by one: expected a longer 'poll_interval', or fewer or shorter periods"
            )
        }
    }

    /// Each measurement is one sample, and only so many of them fit into a period.
    private mutating func warnOfTooFewSamples() {
        guard let interval = root.child("queue")?.options.duration("poll_interval") else { return }
        for item in root.named("alarms") {
            guard let alarm = AlarmSection.definition(item), let section = item.section, alarm.lowSamples == .ignore,
                let needed = alarm.statistic.fewestSamples
            else { continue }
            let samples = Int((alarm.period / interval).rounded(.down))
            guard samples < needed else { continue }
            findings.warning(
                "'\(item.name)' will never be judged: \(alarm.statistic.text) needs \(needed) samples in a period, and "
                    + "\(Quantity.text(alarm.period)) with a measurement every \(Quantity.text(interval)) has \(samples)",
                at: section.place(of: "evaluate_low_sample_count_percentile"),
                hint: "expected evaluate, a longer 'period' or a lower percentile")
        }
    }

    /// Percent of nothing is nothing, so such a group never leaves zero.
    private mutating func warnOfPercentFromZero() {
        guard root.options.integer("min_size") == 0 else { return }
        let growing = root.named("scaling_policies").filter { item in
            ScalingSection.policy(item).map(canGrow) ?? false
        }
        let isPercent = { (item: NamedValue) in
            item.section?.options.text("adjustment_type") == AdjustmentType.percentChangeInCapacity.rawValue
                // With one, the change is at least that many, also of nothing.
                && item.section?.isWritten("min_adjustment_magnitude") == false
        }
        let multiplies = { (item: NamedValue) in isPercent(item) || item.section.flatMap(ScalingSection.tracking) != nil
        }
        let scheduled = root.named("scheduled_actions").compactMap(ScheduledSection.action)
        guard let first = growing.first, let section = first.section, growing.allSatisfy(multiplies),
            !scheduled.contains(where: { max($0.minSize ?? 0, $0.desiredCapacity ?? 0) > 0 })
        else { return }
        findings.warning(
            isPercent(first)
                ? "percent of 0 is 0: with 'min_size' 0, '\(first.name)' cannot leave zero"
                : "with 'min_size' 0, '\(first.name)' cannot leave zero: without an instance there is nothing to count from",
            at: section.place(of: isPercent(first) ? "adjustment_type" : "metric"),
            hint: "expected 'min_size: 1', or a policy that adds instances")
    }

    private func canGrow(_ policy: ScalingPolicy) -> Bool {
        switch policy.kind {
        case .step(let scaling): scaling.steps.contains { $0.adjustment > 0 }
        case .simple(let scaling): scaling.adjustment > 0
        case .targetTracking, .backlogTracking, .waitTarget: true
        }
    }

    /// A target is for what each instance has before it: twice the instances, half the metric. Of what every group has,
    /// only the age is near to that.
    private mutating func warnOfTrackingWhatDoesNotFall() {
        for item in root.named("scaling_policies") {
            guard let section = item.section, let tracking = ScalingSection.tracking(section),
                case .builtIn(let metric) = tracking.metric, metric != .oldestAge
            else { continue }
            findings.warning(
                "'\(metric.rawValue)' does not fall in proportion to the instances, so '\(item.name)' has no hold on it",
                at: section.place(of: "metric"),
                hint: "expected a metric for each instance, such as 'visible / max(in_service, 1)' under 'metrics'")
        }
    }

    /// Steps count from the threshold, and while the alarm is in ALARM the metric is on one side of it.
    private mutating func warnOfStepsOnTheOtherSide() {
        let alarms = root.named("alarms").compactMap(AlarmSection.definition)
        for item in root.named("scaling_policies") {
            guard let policy = ScalingSection.policy(item)?.bound(by: item), case .step(let scaling) = policy.kind,
                policy.alarmState == .alarm,
                let alarm = alarms.first(where: { policy.alarms.contains($0.name) })
            else { continue }
            let above = alarm.comparison.isAbove
            let reaches = scaling.steps.contains { step in
                above ? step.upper.map { $0 > 0 } ?? true : step.lower.map { $0 < 0 } ?? true
            }
            guard !reaches else {
                warnOfUncoveredSteps(scaling, of: item, alarm)
                continue
            }
            let side = above ? "above" : "below"
            findings.warning(
                "no step of '\(item.name)' lies \(side) the threshold, where '\(alarm.name)' is in ALARM",
                at: item.section?.place(of: "steps") ?? item.nameSpan,
                hint: above ? "expected a step from 'lower: 0'" : "expected a step up to 'upper: 0'")
        }
    }

    /// The alarm is up from the threshold on, but the first step begins further away: often its bounds were meant as values
    /// of the metric.
    private mutating func warnOfUncoveredSteps(_ scaling: StepScaling, of item: NamedValue, _ alarm: AlarmDefinition) {
        let bounds = scaling.steps.map { alarm.comparison.isAbove ? $0.lower ?? -.infinity : $0.upper ?? .infinity }
        let far = alarm.comparison.isAbove ? bounds.min() ?? 0 : -(bounds.max() ?? 0)
        guard far > 0, let nearest = alarm.comparison.isAbove ? bounds.min() : bounds.max() else { return }
        let range = [alarm.threshold, alarm.threshold + nearest].sorted().map { Field.Kind.text($0) }
        let key = alarm.comparison.isAbove ? "lower" : "upper"
        let step = item.section?.sequence("steps").first { $0.options.number(key) == nearest }
        findings.warning(
            "no step of '\(item.name)' covers \(range[0]) to \(range[1]), where '\(alarm.name)' is in ALARM",
            at: step?.place(of: key) ?? item.nameSpan,
            hint: "bounds count from the threshold: expected '\(key): 0'")
    }
}

extension Comparison {
    /// Breaching values lie above the threshold.
    var isAbove: Bool {
        switch self {
        case .greaterThan, .greaterThanOrEqual: true
        case .lessThan, .lessThanOrEqual: false
        }
    }
}

extension AlarmActions {
    /// There is an action for one of the states.
    fileprivate var isSomething: Bool { AlarmState.allCases.contains { !self[$0].isEmpty } }
}

extension AlarmProblem.Field {
    /// The key of a policy file.
    fileprivate var key: String {
        switch self {
        case .name, .description: "alarms"
        case .metricName, .queries, .dimensions: "metric"
        case .statistic, .extendedStatistic: "statistic"
        case .period: "period"
        case .evaluationPeriods: "evaluation_periods"
        case .datapointsToAlarm: "datapoints_to_alarm"
        case .threshold: "threshold"
        case .comparison: "comparison"
        case .missingData: "treat_missing_data"
        case .lowSamples: "evaluate_low_sample_count_percentile"
        case .okActions: "ok_actions"
        case .alarmActions: "alarm_actions"
        case .insufficientDataActions: "insufficient_data_actions"
        }
    }
}
