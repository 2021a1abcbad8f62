import WeirCore

/// What one alarm has to keep to, and which alarms there are.
extension CrossChecks {
    mutating func checkAlarms(metrics: [String]) {
        for item in root.named("alarms") {
            guard let section = item.section else { continue }
            checkMetric(section, known: metrics)
            checkPeriod(section)
            checkDatapoints(section)
        }
    }

    private mutating func checkMetric(_ section: SectionValues, known: [String]) {
        guard let metric = section.options.text("metric"), !known.contains(metric) else { return }
        if case .mistaken? = root["metrics"]?.content { return }
        let hint = NearestWord.to(metric, among: known).map { "did you mean '\($0)'?" }
        findings.error(
            "there is no metric '\(metric)'", at: section.place(of: "metric"),
            hint: hint ?? "expected \(Field.Kind.alternatives(known))")
    }

    /// Source: PutMetricAlarm, Period and EvaluationPeriods.
    private mutating func checkPeriod(_ section: SectionValues) {
        let options = section.options
        guard let period = options.duration("period") else { return }
        let text = Quantity.text(period)
        guard Limits.shortPeriods.contains(period) || period.isMultiple(of: Limits.periodUnit) else {
            findings.error(
                "'period' is \(text)", at: section.place(of: "period"),
                hint: "expected \(AlarmSection.shortPeriods) or a multiple of \(Quantity.text(Limits.periodUnit))")
            return
        }
        guard let count = options.integer("evaluation_periods") else { return }
        let longest = period < Limits.longPeriod ? Limits.longestEvaluationOfShortPeriods : Limits.longestEvaluation
        let most = Int(longest / period)
        if count > most {
            findings.error(
                "\(count) evaluation periods of \(text) are more than \(Quantity.text(longest))",
                at: section.place(of: section.isWritten("evaluation_periods") ? "evaluation_periods" : "period"),
                hint: "expected at most \(most)")
        }
    }

    private mutating func checkDatapoints(_ section: SectionValues) {
        let options = section.options
        guard let count = options.integer("evaluation_periods"),
            let datapoints = options.integer("datapoints_to_alarm"),
            datapoints > count
        else { return }
        let periods = count == 1 ? "1 evaluation period is" : "\(count) evaluation periods are"
        findings.error(
            "'datapoints_to_alarm' is \(datapoints), but only \(periods) looked at",
            at: section.place(of: "datapoints_to_alarm"), hint: count == 1 ? "expected 1" : "expected 1 to \(count)")
    }
}

extension Duration {
    /// In whole milliseconds, which is as fine as a policy file can be.
    func isMultiple(of unit: Duration) -> Bool {
        wholeMilliseconds % unit.wholeMilliseconds == 0
    }
}
