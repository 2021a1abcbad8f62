// A datapoint covers a whole period, and so tells also of the time before an instance was there. What it tells of that time
// is no need for one more.

extension Tick {
    /// The warmup with which a policy that adds counts its instances. Those that came into service within the alarm's newest
    /// period count only if the readings since then still breach: one message and a slow start need one worker, also when
    /// the policy's warmup is zero.
    func warmup(_ warmup: Duration, afterArrivalsUnder alarm: Int) -> Duration {
        arrivalNotYetSeen(byAlarm: alarm) == nil ? warmup : max(warmup, reach(ofAlarm: alarm))
    }

    /// How far back the newest datapoint reaches on which an alarm's state may rest: a period before its last evaluation.
    private func reach(ofAlarm alarm: Int) -> Duration {
        policy.alarms[alarm].period + max(policy.pollInterval, policy.alarms[alarm].evaluationInterval ?? .zero)
    }

    /// The instance that came into service last, when the metric has not been seen to breach since. While the source is
    /// silent, what it said last is all that there is to go by.
    func arrivalNotYetSeen(byAlarm alarm: Int) -> InstanceID? {
        guard !state.$silence.isThere, policy.alarms.indices.contains(alarm), state.alarms[alarm].state == .alarm,
            let last = lastArrival, let arrival = state.fleet[last].inServiceAt
        else { return nil }
        guard now - arrival < reach(ofAlarm: alarm),
            let index = state.history.index(of: policy.alarms[alarm].metric)
        else { return nil }
        let samples = state.history.series[index].samples
        guard let newest = newestDatapoint(of: samples, policy.alarms[alarm].period, since: arrival),
            let value = newest.joined.value(policy.alarms[alarm].statistic, of: samples[newest.places]),
            policy.alarms[alarm].comparison.isBreached(by: value, threshold: policy.alarms[alarm].threshold)
        else { return state.fleet[last].id }
        return nil
    }

    /// What was measured after a moment, and within the period that ends now.
    private func newestDatapoint(
        of samples: [Sample], _ period: Duration, since moment: Instant
    ) -> (joined: Sample, places: Range<Int>)? {
        let begin = max(moment, now - period)
        guard var joined = samples.last, joined.at > begin else { return nil }
        var first = samples.count - 1
        while first > 0, samples[first - 1].at > begin {
            first -= 1
            joined.join(samples[first])
        }
        return (joined, first..<samples.count)
    }

    /// The position of the one in service that came last.
    private var lastArrival: Int? {
        var (last, lastAt): (Int?, Instant) = (nil, now)
        for position in state.fleet.indices where state.fleet[position].lifecycleState == .inService {
            guard let arrival = state.fleet[position].inServiceAt, last == nil || arrival > lastAt else { continue }
            (last, lastAt) = (position, arrival)
        }
        return last
    }
}
