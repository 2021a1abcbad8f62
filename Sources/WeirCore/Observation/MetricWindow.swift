/// The evaluation range of one alarm: its recent datapoints, one for each period, newest first.
///
/// Periods slide: datapoint 0 covers the period that ends now, datapoint 1 the one before it. A reading at the very end
/// of a period belongs to it, one at its very start to the period before: `(now - (i + 1) × period, now - i × period]`.
struct MetricWindow {
    var now: Instant
    var period: Duration
    /// How many datapoints are in view.
    var count: Int

    /// Calls `each` with the index and the samples of every datapoint that is not missing, newest first.
    func forEachDatapoint(in samples: [Sample], _ each: (_ index: Int, _ datapoint: Datapoint) -> Void) {
        forEachPeriod(in: samples) { index, joined, places in
            each(index, Datapoint(joined: joined, samples: samples[places]))
            return true
        }
    }

    /// The same with what the samples of each datapoint add up to and with their places, for as long as it answers that it
    /// wants another.
    @inline(__always)
    func forEachPeriod(
        in samples: [Sample], _ each: (_ index: Int, _ joined: Sample, _ places: Range<Int>) -> Bool
    ) {
        let periodMilliseconds = max(period.wholeMilliseconds, 1)
        var place = samples.count - 1
        // From the future: cannot be known yet.
        while place >= 0, samples[place].at > now { place -= 1 }
        var index: Int64 = 0
        var begin = now.milliseconds - periodMilliseconds
        while place >= 0 {
            let at = samples[place].at.milliseconds
            if at <= begin {
                // Mostly the next period; to divide is dear.
                if at > begin - periodMilliseconds {
                    index += 1
                    begin -= periodMilliseconds
                } else {
                    index = (now.milliseconds - at) / periodMilliseconds
                    begin = now.milliseconds - (index + 1) * periodMilliseconds
                }
                guard index < count else { return }
            }
            let end = place + 1
            var joined = samples[place]
            place -= 1
            while place >= 0, samples[place].at.milliseconds > begin {
                joined.join(samples[place])
                place -= 1
            }
            if !each(Int(index), joined, place + 1..<end) { return }
        }
    }
}

extension AlarmDefinition {
    /// How many datapoints are looked at; of these, the newest that are not missing are judged.
    @inline(__always)
    public var datapointsInView: Int {
        evaluationRange ?? evaluationPeriods + Limits.datapointsBeyondEvaluationPeriods
    }

    /// How far back that reaches.
    var memory: Duration { .milliseconds(period.wholeMilliseconds * Int64(datapointsInView)) }
}
