/// The last judgement of an alarm over a metric, in two parts: the first one under its present definition, which is kept in one
/// place, and what was found since, which is written over each time. A tick that judges moves a few words so, and no whole
/// judgement.
struct LastOfMetric: Sendable {
    private let first: First
    var finding: AlarmFinding

    private final class First: Sendable {
        let judgement: MetricJudgement

        init(_ judgement: MetricJudgement) {
            self.judgement = judgement
        }
    }

    init(_ judgement: MetricJudgement) {
        first = First(judgement)
        finding = AlarmFinding(
            rule: judgement.rule, newest: judgement.newest, newestAge: judgement.newestAge,
            breaching: judgement.breaching, missing: judgement.missing, filledIn: judgement.filledIn)
    }

    init(_ metric: MetricID, _ criteria: AlarmCriteria, _ finding: AlarmFinding) {
        self.init(
            MetricJudgement(
                metric: metric, statistic: criteria.statistic, newest: finding.newest, newestAge: finding.newestAge,
                comparison: criteria.comparison, threshold: criteria.threshold, breaching: finding.breaching,
                datapointsToAlarm: criteria.datapointsToAlarm, evaluationPeriods: criteria.evaluationPeriods,
                period: criteria.period, missing: finding.missing, rule: finding.rule, filledIn: finding.filledIn))
    }

    /// M of the alarm's definition. Unit: datapoints.
    var datapointsToAlarm: Int { first.judgement.datapointsToAlarm }

    var judgement: MetricJudgement {
        var judgement = first.judgement
        judgement.rule = finding.rule
        judgement.newest = finding.newest
        judgement.newestAge = finding.newestAge
        judgement.breaching = finding.breaching
        judgement.missing = finding.missing
        judgement.filledIn = finding.filledIn
        return judgement
    }

    /// Whether an alarm over this metric still goes by what this one went by.
    @inline(__always)
    func went(by now: AlarmCriteria, over metric: MetricID) -> Bool {
        first.judgement.threshold == now.threshold && first.judgement.evaluationPeriods == now.evaluationPeriods
            && first.judgement.datapointsToAlarm == now.datapointsToAlarm
            && first.judgement.comparison == now.comparison && first.judgement.period == now.period
            && first.judgement.statistic == now.statistic && first.judgement.metric == metric
    }
}

extension LastOfMetric: Equatable {
    static func == (left: LastOfMetric, right: LastOfMetric) -> Bool {
        left.first === right.first ? left.finding == right.finding : left.judgement == right.judgement
    }
}

/// What an evaluation found: the part of a judgement that differs from one to the next.
struct AlarmFinding: Sendable, Equatable {
    let rule: EvaluationRule
    let newest: Double?
    let newestAge: Int
    let breaching: Int
    let missing: Int
    let filledIn: Int?
}
