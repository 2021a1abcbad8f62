import WeirCore

/// What scaling policies have to keep to.
extension CrossChecks {
    mutating func checkScalingPolicies() {
        for item in root.named("scaling_policies") {
            guard let section = item.section else { continue }
            checkAlarm(of: section)
            checkMetricBehind(section, named: item.name)
            checkAdjustments(section)
            checkStatistic(section)
            checkTracking(section, named: item.name)
            checkBacklog(section)
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

    /// A step is chosen by a metric, and a rule has none of its own: it is that of the first metric alarm that it names.
    private mutating func checkMetricBehind(_ section: SectionValues, named name: String) {
        guard section.isWritten("steps"), let alarm = section.options.text("alarm"),
            restsOnNothing(alarm)
        else { return }
        findings.error(
            "the alarm of '\(name)' names no metric alarm, so there is no metric to choose a step by",
            at: section.place(of: "alarm"),
            hint: "expected a rule over a metric alarm, or 'type: simple_scaling', which needs no metric")
    }

    /// An alarm, or a rule in place, that can be read and rests on no metric alarm, directly or through others.
    private func restsOnNothing(_ alarm: String) -> Bool {
        var ahead = [alarm]
        var seen: [String] = []
        while let next = ahead.popLast() {
            guard !seen.contains(next) else { continue }
            seen.append(next)
            let item = root.named("alarms").first { $0.name == next }
            // What is not right, or not there, has been told.
            guard let text = item.map({ $0.section?.options.text("rule") }) ?? (AlarmBinding.isRule(next) ? next : nil),
                let rule = try? AlarmRule.parse(text)
            else { return false }
            ahead += rule.alarms
        }
        return true
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

/// Points at the steps that the rules for step adjustments find fault with.
struct StepChecks {
    private let steps: [(values: SectionValues, adjustment: StepAdjustment)]

    init(section: SectionValues) {
        steps = section.sequence("steps").compactMap { values in
            ScalingSection.stepAdjustment(values).map { (values, $0) }
        }
    }

    func run(_ findings: inout Findings) {
        guard !steps.isEmpty else { return }
        let mistakes = StepScaling.mistakes(in: steps.map(\.adjustment))
        // How steps lie beside each other means little while one of them is wrong by itself.
        let first = mistakes.filter(\.comesFirst)
        for mistake in first.isEmpty ? mistakes : first { tell(mistake, &findings) }
    }

    private func tell(_ mistake: StepMistake, _ findings: inout Findings) {
        switch mistake {
        case .noStep, .tooMany: break  // told where the list is read
        case .bothBoundsNull(let index):
            findings.error(
                "\(title(index)) has neither 'lower' nor 'upper'", at: steps[index].values.span,
                hint: "expected 'lower: 0' above the threshold, or 'upper: 0' below it")
        case .upperNotAboveLower(let index):
            findings.error(
                "'upper' is \(upper(index)), not above 'lower'", at: steps[index].values.place(of: "upper"),
                hint: "expected more than \(lower(index))")
        case .moreThanOneNullLower(let index): tellAnother(index, without: "lower", &findings)
        case .moreThanOneNullUpper(let index): tellAnother(index, without: "upper", &findings)
        case .gap(let below, let above):
            findings.error(
                "no step covers \(upper(below)) to \(lower(above))", at: steps[above].values.place(of: "lower"),
                hint: "expected 'lower: \(upper(below))'")
        case .overlap(let below, let above):
            let end = [below, above].compactMap { steps[$0].adjustment.upper }.min()
            findings.error(
                "\(title(above)) overlaps \(title(below))" + (end.map { " up to \(Field.Kind.text($0))" } ?? ""),
                at: steps[above].values.place(of: "lower"),
                hint: steps[below].adjustment.upper == nil ? "expected no overlap" : "expected 'lower: \(upper(below))'"
            )
        case .negativeLowerNeedsNullLower(let index):
            findings.error(
                "no step covers what is below \(lower(index))", at: steps[index].values.place(of: "lower"),
                hint: "expected one step without 'lower'")
        case .positiveUpperNeedsNullUpper(let index):
            findings.error(
                "no step covers what is above \(upper(index))", at: steps[index].values.place(of: "upper"),
                hint: "expected one step without 'upper'")
        }
    }

    private func tellAnother(_ index: Int, without name: String, _ findings: inout Findings) {
        findings.error(
            "\(title(index)) is another step without '\(name)'", at: steps[index].values.span, hint: "expected only one"
        )
    }

    /// As complaints name it: `'steps[0]'`.
    private func title(_ index: Int) -> String { steps[index].values.title ?? "a step" }
    private func lower(_ index: Int) -> String { Field.Kind.text(steps[index].adjustment.lower ?? -.infinity) }
    private func upper(_ index: Int) -> String { Field.Kind.text(steps[index].adjustment.upper ?? .infinity) }
}
