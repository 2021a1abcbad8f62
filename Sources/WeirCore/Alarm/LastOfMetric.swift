/// The last judgement of an alarm over a metric, in two parts: what it went by, which is kept in one place for as long as the
/// definition stays, and what was found, which is written over each time. A tick that judges moves a few words so, and no
/// whole judgement.
struct LastOfMetric: Sendable {
    private let criteria: Criteria
    var finding: AlarmFinding

    private final class Criteria: Sendable {
        let metric: MetricID
        let statistic: Statistic
        let period: Duration
        let evaluationPeriods: Int
        let datapointsToAlarm: Int
        let comparison: Comparison
        let threshold: Double

        init(_ judgement: MetricJudgement) {
            metric = judgement.metric
            statistic = judgement.statistic
            period = judgement.period
            evaluationPeriods = judgement.evaluationPeriods
            datapointsToAlarm = judgement.datapointsToAlarm
            comparison = judgement.comparison
            threshold = judgement.threshold
        }

        init(_ metric: MetricID, _ criteria: AlarmCriteria) {
            self.metric = metric
            statistic = criteria.statistic
            period = criteria.period
            evaluationPeriods = criteria.evaluationPeriods
            datapointsToAlarm = criteria.datapointsToAlarm
            comparison = criteria.comparison
            threshold = criteria.threshold
        }
    }

    init(_ judgement: MetricJudgement) {
        criteria = Criteria(judgement)
        finding = AlarmFinding(
            rule: judgement.rule, newest: judgement.newest, newestAge: judgement.newestAge,
            breaching: judgement.breaching, missing: judgement.missing, filledIn: judgement.filledIn)
    }

    init(_ metric: MetricID, _ criteria: AlarmCriteria, _ finding: AlarmFinding) {
        self.criteria = Criteria(metric, criteria)
        self.finding = finding
    }

    var datapointsToAlarm: Int { criteria.datapointsToAlarm }

    var judgement: MetricJudgement {
        MetricJudgement(
            metric: criteria.metric, statistic: criteria.statistic, newest: finding.newest,
            newestAge: finding.newestAge, comparison: criteria.comparison, threshold: criteria.threshold,
            breaching: finding.breaching, datapointsToAlarm: criteria.datapointsToAlarm,
            evaluationPeriods: criteria.evaluationPeriods, period: criteria.period, missing: finding.missing,
            rule: finding.rule, filledIn: finding.filledIn)
    }

    /// Whether an alarm over this metric still goes by what this one went by.
    @inline(__always)
    func went(by now: AlarmCriteria, over metric: MetricID) -> Bool {
        criteria.threshold == now.threshold && criteria.evaluationPeriods == now.evaluationPeriods
            && criteria.datapointsToAlarm == now.datapointsToAlarm && criteria.comparison == now.comparison
            && criteria.period == now.period && criteria.statistic == now.statistic && criteria.metric == metric
    }
}

extension LastOfMetric: Equatable {
    static func == (left: LastOfMetric, right: LastOfMetric) -> Bool {
        left.criteria === right.criteria ? left.finding == right.finding : left.judgement == right.judgement
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
