// From what was measured to the state of each alarm.

extension Tick {
    /// Every alarm is judged on each tick that has a measurement, also one that failed: time has passed, and its missing
    /// datapoints are part of the picture. A tick without one judges nothing, nor does one that comes before an alarm's next
    /// evaluation.
    mutating func judgeAlarms() {
        if observation.restarted { state.restartedAt = now }
        guard isMeasured else { return }
        followSource()
        guard !policy.alarms.isEmpty else {
            state.history = MetricHistory()
            return judgeCompositeAlarms()
        }
        if policy.metrics.isEmpty {
            if state.history.lastKnown != nil { state.history.lastKnown = nil }
            takeSamples(Boxed())
        } else {
            takeSamples(Boxed(wrappedValue: namedValues()))
        }
        for index in policy.alarms.indices { judge(index) }
        judgeCompositeAlarms()
    }

    /// With what expressions make of it.
    private mutating func namedValues() -> MetricValues {
        let values = MetricValues(
            measurement, fleet: fleetCount, desiredCapacity: state.desiredCapacity,
            definitions: policy.metrics, lastKnown: state.history.lastKnown ?? LastKnownValues())
        state.history.lastKnown = values.lastKnown.isEmpty ? nil : values.lastKnown
        return values
    }

    /// - Parameter named: nothing where the policy has no expressions.
    private func value(_ metric: MetricID, _ named: Boxed<MetricValues>) -> Operand {
        if let named = named.wrappedValue { return named[metric] }
        switch metric {
        case .builtIn(let metric):
            return measurement.operand(metric, fleet: fleetCount, desiredCapacity: state.desiredCapacity)
        case .named: return .missing
        }
    }

    private mutating func followSource() {
        guard let failure = measurement.failure else {
            state.lastMeasured = now
            if state.$sourceBackoff.isThere { state.sourceBackoff = nil }
            return endSilence()
        }
        followSilence(failure)
        // One that answers is asked as often as before: the next answer may be one to believe.
        if case .missing(.notBelieved) = measurement.visible {
            state.sourceBackoff = nil
            return
        }
        // Until when is found out when the next measurement is scheduled.
        state.sourceBackoff = Backoff(
            failures: (state.sourceBackoff?.failures ?? 0) + 1, since: now, until: now, lastFailure: failure)
    }

    /// One sample for each metric that an alarm looks at; a metric that is missing gets none.
    private mutating func takeSamples(_ named: Boxed<MetricValues>) {
        var position = 0
        for index in policy.alarms.indices where isFirst(index) {
            let metric = policy.alarms[index].metric
            align(position, with: metric)
            if let value = value(metric, named).number {
                var sample = Sample(at: now, value)
                if metric.isNamed { sample.isFilledIn = measurement.failed(for: metric, definitions: policy.metrics) }
                state.history.series[position].append(sample)
                if state.history.series[position].needsTidying {
                    let (range, capacity) = memory(of: metric)
                    state.history.series[position].tidy(keeping: range, capacity: capacity)
                }
            }
            position += 1
        }
        let surplus = state.history.series.count - position
        if surplus > 0 { state.history.series.removeLast(surplus) }
    }

    /// Whether no alarm before it looks at the same metric.
    private func isFirst(_ index: Int) -> Bool {
        let metric = policy.alarms[index].metric
        for former in 0..<index where policy.alarms[former].metric == metric { return false }
        return true
    }

    /// Puts the series of this metric at this position; it is elsewhere, or new, only after the policy changed.
    private mutating func align(_ position: Int, with metric: MetricID) {
        if position < state.history.series.count, state.history.series[position].metric == metric { return }
        let series = state.history.index(of: metric).map { state.history.series.remove(at: $0) }
        state.history.series.insert(series ?? MetricHistory.Series(metric: metric), at: position)
    }

    /// How far back any alarm looks at this metric, and how many samples are kept for that.
    private func memory(of metric: MetricID) -> (range: Duration, capacity: Int) {
        var range = Duration.zero
        var capacity = Limits.samplesPerMetric
        for index in policy.alarms.indices where policy.alarms[index].metric == metric {
            range = max(range, policy.alarms[index].memory)
            // Two for each period, so that joining samples never empties one.
            capacity = max(capacity, 2 * policy.alarms[index].datapointsInView)
        }
        return (range, capacity)
    }

    private mutating func judge(_ index: Int) {
        guard isDue(index) else { return }
        guard let series = series(of: index) else { return }
        let criteria = AlarmCriteria(policy.alarms, index)
        let former = state.alarms[index].state
        let (judged, finding) = state.history.series[series].judge(by: criteria, from: former, at: now)
        let isLost = judged == .insufficientData && former != .insufficientData
        if isLost, missesOwnDowntime(index) { return }
        state.alarms[index].found(finding, over: policy.alarms[index].metric, criteria)
        enter(judged, alarm: index)
    }

    /// Where the samples of an alarm's metric are. By index in both: nothing is copied, and nothing retained.
    private func series(of alarm: Int) -> Int? {
        for position in state.history.series.indices
        where state.history.series[position].metric == policy.alarms[alarm].metric { return position }
        return nil
    }

    /// Datapoints that are missing because nobody measured are no news of the metric: as long as the time of a restart is in
    /// the alarm's view, it does not lose its state for want of data, and its actions are not told again.
    private func missesOwnDowntime(_ index: Int) -> Bool {
        guard let restartedAt = state.restartedAt else { return false }
        return now - restartedAt < policy.alarms[index].memory
    }

    /// Whether the alarm's next evaluation has come. Evaluations keep to their beat, so that a measurement that is a little
    /// late does not put off all that follow.
    @inline(__always)
    private mutating func isDue(_ index: Int) -> Bool {
        guard let interval = policy.alarms[index].evaluationInterval else {
            if state.alarms[index].nextEvaluation != nil { state.alarms[index].nextEvaluation = nil }
            return true
        }
        let due = state.alarms[index].nextEvaluation ?? now
        // Further away than one interval: the policy has become faster.
        guard due <= now || due > now + interval else { return false }
        let onTheBeat = due + interval
        state.alarms[index].nextEvaluation = due <= now && onTheBeat > now ? onTheBeat : now + interval
        return true
    }
}
