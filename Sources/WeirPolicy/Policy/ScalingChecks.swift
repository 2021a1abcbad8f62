import WeirCore

/// What scaling policies have to keep to.
extension CrossChecks {
    mutating func checkScalingPolicies() {
        for item in root.named("scaling_policies") {
            guard let section = item.section else { continue }
            checkAlarm(of: section)
            checkAdjustments(section)
            if section.isSound { StepChecks(section: section).run(&findings) }
        }
    }

    /// One of the alarms, or a rule over them.
    private mutating func checkAlarm(of section: SectionValues) {
        guard let alarm = section.options.text("alarm") else { return }
        if case .mistaken? = root["alarms"]?.content { return }
        let known = root.named("alarms").map(\.name)
        if known.contains(alarm) { return }
        if AlarmBinding.isRule(alarm) { return checkRule(section["alarm"], named: "alarm") }
        findings.error(
            "there is no alarm '\(alarm)'", at: section.place(of: "alarm"), hint: alarmHint(alarm, among: known))
    }

    // MARK: Adjustments

    private mutating func checkAdjustments(_ section: SectionValues) {
        let type = section.options.text("adjustment_type").flatMap(AdjustmentType.init(rawValue:))
        guard let type else { return }
        for part in [section] + section.sequence("steps") { check(part, type) }
        if type != .percentChangeInCapacity, section.isWritten("min_adjustment_magnitude") {
            findings.error(
                "'min_adjustment_magnitude' has no meaning with \(type.rawValue)",
                at: section["min_adjustment_magnitude"]?.keySpan ?? section.span,
                hint: "expected it with \(AdjustmentType.percentChangeInCapacity.rawValue) only")
        }
    }

    /// Source: "Step and simple scaling policies", adjustment types.
    private mutating func check(_ part: SectionValues, _ type: AdjustmentType) {
        guard let adjustment = part.options.integer("adjustment") else { return }
        let range =
            switch type {
            case .changeInCapacity: -Limits.largestGroup...Limits.largestGroup
            case .exactCapacity: 0...Limits.largestGroup
            case .percentChangeInCapacity: Limits.lowestPercent...Limits.largestAdjustment
            }
        guard !range.contains(adjustment) else { return }
        findings.error(
            "'adjustment' is \(adjustment), with \(type.rawValue)", at: part.place(of: "adjustment"),
            hint: "expected \(range.lowerBound) to \(range.upperBound)")
    }
}

/// Source: "Step and simple scaling policies", the rules for step adjustments.
struct StepChecks {
    let section: SectionValues
    private let steps: [Step]

    init(section: SectionValues) {
        self.section = section
        self.steps = section.sequence("steps").compactMap { values in
            ScalingSection.stepAdjustment(values).map { Step(values: values, adjustment: $0) }
        }
    }

    private struct Step {
        let values: SectionValues
        let adjustment: StepAdjustment
        /// As complaints name it: `'steps[0]'`.
        var title: String { values.title ?? "a step" }
        var lower: Double { adjustment.lower ?? -.infinity }
        var upper: Double { adjustment.upper ?? .infinity }
    }

    func run(_ findings: inout Findings) {
        guard !steps.isEmpty else { return }
        let before = findings.errors
        for step in steps { checkAlone(step, &findings) }
        checkUnbounded(\.lower, "lower", &findings)
        checkUnbounded(\.upper, "upper", &findings)
        guard findings.errors == before else { return }
        checkNeighbours(&findings)
        checkEnds(&findings)
    }

    private func checkAlone(_ step: Step, _ findings: inout Findings) {
        if step.adjustment.lower == nil, step.adjustment.upper == nil {
            findings.error(
                "\(step.title) has neither 'lower' nor 'upper'", at: step.values.span,
                hint: "expected 'lower: 0' above the threshold, or 'upper: 0' below it")
        } else if step.upper <= step.lower {
            findings.error(
                "'upper' is \(text(step.upper)), not above 'lower'", at: step.values.place(of: "upper"),
                hint: "expected more than \(text(step.lower))")
        }
    }

    private func checkUnbounded(
        _ bound: KeyPath<StepAdjustment, Double?>, _ name: String, _ findings: inout Findings
    ) {
        let unbounded = steps.filter {
            $0.adjustment[keyPath: bound] == nil && ($0.adjustment.lower != nil || $0.adjustment.upper != nil)
        }
        for step in unbounded.dropFirst() {
            findings.error(
                "\(step.title) is another step without '\(name)'", at: step.values.span, hint: "expected only one")
        }
    }

    private func checkNeighbours(_ findings: inout Findings) {
        let sorted = steps.sorted { $0.lower < $1.lower }
        for (left, right) in zip(sorted, sorted.dropFirst()) where left.upper != right.lower {
            let place = right.values.place(of: "lower")
            if left.upper < right.lower {
                findings.error(
                    "no step covers \(text(left.upper)) to \(text(right.lower))", at: place,
                    hint: "expected 'lower: \(text(left.upper))'")
            } else {
                let end = min(left.upper, right.upper)
                findings.error(
                    "\(right.title) overlaps \(left.title)" + (end.isFinite ? " up to \(text(end))" : ""), at: place,
                    hint: left.upper.isFinite ? "expected 'lower: \(text(left.upper))'" : "expected no overlap")
            }
        }
    }

    private func checkEnds(_ findings: inout Findings) {
        if let lowest = steps.min(by: { $0.lower < $1.lower }), lowest.lower.isFinite, lowest.lower < 0 {
            findings.error(
                "no step covers what is below \(text(lowest.lower))", at: lowest.values.place(of: "lower"),
                hint: "expected one step without 'lower'")
        }
        if let highest = steps.max(by: { $0.upper < $1.upper }), highest.upper.isFinite, highest.upper > 0 {
            findings.error(
                "no step covers what is above \(text(highest.upper))", at: highest.values.place(of: "upper"),
                hint: "expected one step without 'upper'")
        }
    }

    private func text(_ bound: Double) -> String { Field.Kind.text(bound) }
}
