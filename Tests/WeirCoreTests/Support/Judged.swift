@testable import WeirCore

extension AlarmDefinition {
    /// The alarm alone, judged as in a tick, with the facts that led to its state.
    func judged(_ samples: [Sample], from former: AlarmState, at now: Instant) -> (AlarmState, MetricJudgement) {
        let criteria = AlarmCriteria([self], 0)
        let (state, finding) = criteria.judge(samples, mayBeFilledIn: true, from: former, at: now)
        return (state, LastOfMetric(metric, criteria, finding).judgement)
    }
}
