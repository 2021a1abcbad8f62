/// The evaluation range of one alarm: its recent datapoints, one for each period, newest first.
///
/// Periods slide: datapoint 0 covers the period that ends now, datapoint 1 the one before it. A reading at the very end
/// of a period belongs to it, one at its very start to the period before: `(now - (i + 1) × period, now - i × period]`.
struct MetricWindow {
    var now: Instant
    var period: Duration
    /// How many datapoints are in view.
    var count: Int

    /// The datapoints in view of an alarm.
    init(of alarm: AlarmDefinition, at now: Instant) {
        self.now = now
        period = alarm.period
        count = alarm.datapointsInView
    }

    /// Calls `each` with the index and the joined samples of every datapoint that is not missing, newest first.
    func forEachDatapoint(in samples: [Sample], _ each: (_ index: Int, _ datapoint: Sample) -> Void) {
        let periodMilliseconds = max(period.wholeMilliseconds, 1)
        var index = -1
        var datapoint: Sample?
        for sample in samples.reversed() {
            let age = now.milliseconds - sample.at.milliseconds
            guard age >= 0 else { continue }  // from the future: cannot be known yet
            let itsIndex = Int(age / periodMilliseconds)
            guard itsIndex < count else { break }
            if itsIndex == index {
                datapoint?.join(sample)
                continue
            }
            if let datapoint { each(index, datapoint) }
            index = itsIndex
            datapoint = sample
        }
        if let datapoint { each(index, datapoint) }
    }
}

extension AlarmDefinition {
    /// How many datapoints are looked at; of these, the newest that are not missing are judged.
    public var datapointsInView: Int { evaluationPeriods + Limits.datapointsBeyondEvaluationPeriods }

    /// The whole evaluation range.
    var evaluationRange: Duration { .milliseconds(period.wholeMilliseconds * Int64(datapointsInView)) }
}
