import WeirCore

/// What target tracking has to keep to.
extension CrossChecks {
    mutating func checkTracking(_ section: SectionValues, named name: String) {
        guard let tracking = ScalingSection.tracking(section) else { return }
        checkTrackedMetric(section)
        checkPeriod(tracking, section)
        checkShape(tracking.scaleOutAlarm, section, prefix: "")
        checkShape(tracking.scaleInAlarm, section, prefix: "scale_in_")
        checkInterval(tracking, section, name)
    }

    /// Without scale-in there is no alarm below the target. A warning, as who switches it off for a day leaves the rest.
    mutating func warnOfIdleScaleIn() {
        for item in root.named("scaling_policies") {
            guard let section = item.section, ScalingSection.tracking(section)?.disableScaleIn == true else { continue }
            let keys = ["scale_in_evaluation_periods", "scale_in_datapoints_to_alarm", "scale_in_below"]
            for key in keys where section.isSet(key) {
                findings.warning(
                    "'\(key)' has no effect with 'disable_scale_in'", at: section[key]?.keySpan ?? section.span,
                    hint: "expected it with 'disable_scale_in: false'")
            }
        }
    }

    private mutating func checkTrackedMetric(_ section: SectionValues) {
        if case .mistaken? = root["metrics"]?.content { return }
        let known = BuiltInMetric.allCases.map(\.rawValue) + root.named("metrics").map(\.name)
        guard let metric = section.options.text("metric"), !known.contains(metric) else { return }
        reportUnknownMetric(metric, in: section, known: known)
    }

    private mutating func checkPeriod(_ tracking: TargetTracking, _ section: SectionValues) {
        let period = tracking.scaleOutAlarm.period
        guard !Limits.shortPeriods.contains(period), !period.isMultiple(of: Limits.periodUnit) else { return }
        findings.error(
            "'period' is \(Quantity.text(period))", at: section.place(of: "period"),
            hint: "expected \(AlarmSection.shortPeriods) or a multiple of \(Quantity.text(Limits.periodUnit))")
    }

    private mutating func checkShape(_ shape: AlarmShape, _ section: SectionValues, prefix: String) {
        let (periods, datapoints) = (prefix + "evaluation_periods", prefix + "datapoints_to_alarm")
        let longest =
            shape.period < Limits.longPeriod ? Limits.longestEvaluationOfShortPeriods : Limits.longestEvaluation
        let most = Int(longest / shape.period)
        if shape.evaluationPeriods > most {
            findings.error(
                "\(shape.evaluationPeriods) evaluation periods of \(Quantity.text(shape.period)) are more than "
                    + Quantity.text(longest),
                at: section.place(of: section.isWritten(periods) ? periods : "period"),
                hint: "expected at most \(most)")
        }
        if shape.datapointsToAlarm > shape.evaluationPeriods {
            findings.error(
                "'\(datapoints)' is \(shape.datapointsToAlarm), above '\(periods)', which is \(shape.evaluationPeriods)",
                at: section.place(of: datapoints), hint: "expected at most \(shape.evaluationPeriods)")
        }
    }

    /// A period without a measurement has no datapoint.
    private mutating func checkInterval(_ tracking: TargetTracking, _ section: SectionValues, _ name: String) {
        let period = tracking.scaleOutAlarm.period
        guard let interval = root.child("queue")?.options.duration("poll_interval"), interval > period else { return }
        findings.error(
            "the queue is measured every \(Quantity.text(interval)): the alarms of '\(name)' would have gaps",
            at: section.place(of: "period"), hint: "expected at least \(Quantity.text(interval))")
    }
}
