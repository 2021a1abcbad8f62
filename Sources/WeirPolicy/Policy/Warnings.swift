import WeirCore

/// What can be used, but will not do what it seems to do. Told only when there is no error, because an error often is
/// the cause.
extension CrossChecks {
    mutating func warn() {
        warnOfUnusedAlarms()
        warnOfPercentFromZero()
        warnOfStepsOnTheOtherSide()
        warnOfLives()
    }

    private mutating func warnOfUnusedAlarms() {
        let used = root.named("scaling_policies").compactMap { $0.section?.options.text("alarm") }
        for item in root.named("alarms") where !used.contains(item.name) {
            findings.warning(
                "no scaling policy uses alarm '\(item.name)'", at: item.nameSpan,
                hint: "expected 'alarm: \(item.name)' in a scaling policy")
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
        }
        guard let first = growing.first, let section = first.section, growing.allSatisfy(isPercent) else { return }
        findings.warning(
            "percent of 0 is 0: with 'min_size' 0, '\(first.name)' cannot leave zero",
            at: section.place(of: "adjustment_type"), hint: "expected 'min_size: 1', or a policy that adds instances")
    }

    private func canGrow(_ policy: ScalingPolicy) -> Bool {
        switch policy.kind {
        case .step(let scaling): scaling.steps.contains { $0.adjustment > 0 }
        case .simple(let scaling): scaling.adjustment > 0
        }
    }

    /// Steps count from the threshold, and while the alarm is in ALARM the metric is on one side of it.
    private mutating func warnOfStepsOnTheOtherSide() {
        let alarms = root.named("alarms").compactMap(AlarmSection.definition)
        for item in root.named("scaling_policies") {
            guard let policy = ScalingSection.policy(item), case .step(let scaling) = policy.kind,
                let alarm = alarms.first(where: { $0.name == policy.alarm })
            else { continue }
            let above = alarm.comparison.isAbove
            let reaches = scaling.steps.contains { step in
                above ? step.upper.map { $0 > 0 } ?? true : step.lower.map { $0 < 0 } ?? true
            }
            guard !reaches else { continue }
            let side = above ? "above" : "below"
            findings.warning(
                "no step of '\(item.name)' lies \(side) the threshold, where '\(alarm.name)' is in ALARM",
                at: item.section?.place(of: "steps") ?? item.nameSpan,
                hint: above ? "expected a step from 'lower: 0'" : "expected a step up to 'upper: 0'")
        }
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
