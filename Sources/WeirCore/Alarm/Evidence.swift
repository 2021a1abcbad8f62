// Whether an alarm's state may end instances: not knowing is not the same as empty.

extension Tick {
    /// The source answered for every metric that the alarm's state rests on, and datapoints brought each of them there. Of a
    /// composite alarm every metric alarm counts that its rule names, whichever of them made it hold.
    func isEvident(alarm index: Int) -> Bool {
        if index < policy.alarms.count { return !isBlind(policy.alarms[index].metric) && hasEvidence(index) }
        let alarms = metricAlarms(behind: index)
        return !alarms.isEmpty && alarms.allSatisfy { !isBlind(policy.alarms[$0].metric) && hasEvidence($0) }
    }

    /// The source failed to tell what this metric needs, or the backlog; or it has not answered for too long.
    func isBlind(_ metric: MetricID) -> Bool {
        guard isMeasured, let lastMeasured = state.lastMeasured else { return true }
        if measurement.failure != nil || measurement.failed(for: metric, definitions: policy.metrics) { return true }
        return now - lastMeasured > patience
    }

    /// Of a group that is looked at each poll interval nothing is known after so long a silence.
    var patience: Duration { max(policy.pollInterval * Limits.blindPollIntervals, Limits.blindSpell) }

    /// Datapoints, and not the treatment of missing ones nor values that were filled in for a source that failed, put the
    /// metric alarm into its state.
    private func hasEvidence(_ alarm: Int) -> Bool {
        guard let last = state.alarms[alarm].lastOfMetric, last.finding.newest != nil, last.finding.filledIn == nil
        else { return false }
        switch last.finding.rule {
        case .datapoints, .lastingBreach: return true
        case .filled:
            switch state.alarms[alarm].state {
            case .alarm: return last.finding.breaching >= last.datapointsToAlarm
            case .ok: return last.finding.breaching + last.finding.missing < last.datapointsToAlarm
            case .insufficientData: return false
            }
        case .kept, .noDatapoint, .tooEarly, .fewSamples: return false
        }
    }
}
