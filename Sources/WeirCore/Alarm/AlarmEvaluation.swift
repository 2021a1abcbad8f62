/// What the evaluation range of an alarm holds, counted as its datapoints are shown one by one, newest first.
///
/// This is the rule of "Configuring how alarms treat missing data", written so that it gives every published example:
/// the newest N datapoints that are *not* missing decide, however old they are within the range; only when there are
/// fewer than N does the treatment of missing data fill the places.
struct EvaluationRange {
    /// N.
    let evaluationPeriods: Int
    /// M.
    let datapointsToAlarm: Int
    /// Datapoints that are not missing.
    private(set) var present = 0
    /// Of these, how many breach.
    private(set) var breaching = 0
    /// How many of the newest N present ones breach.
    private(set) var breachingOfNewest = 0
    /// Age of the oldest breaching one, in periods; the newest datapoint has age 1.
    private(set) var oldestBreachingAge = 0

    init(evaluationPeriods: Int, datapointsToAlarm: Int) {
        self.evaluationPeriods = evaluationPeriods
        self.datapointsToAlarm = datapointsToAlarm
    }

    /// A datapoint that is not missing; `index` 0 is the newest period.
    @inline(__always)
    mutating func add(index: Int, breaching breaches: Bool) {
        present += 1
        guard breaches else { return }
        breaching += 1
        if present <= evaluationPeriods { breachingOfNewest += 1 }
        oldestBreachingAge = index + 1
    }

    /// Places among the N that no datapoint fills.
    var missing: Int { max(evaluationPeriods - present, 0) }

    /// What comes now is older than the newest N.
    @inline(__always)
    var isFull: Bool { present >= evaluationPeriods }

    func state(treating missingData: MissingDataTreatment, from former: AlarmState) -> (AlarmState, EvaluationRule) {
        if isFull { return (breachingOfNewest >= datapointsToAlarm ? .alarm : .ok, .datapoints) }
        switch missingData {
        case .breaching: return (breaching + missing >= datapointsToAlarm ? .alarm : .ok, .filled(.breaching))
        case .notBreaching: return (breaching >= datapointsToAlarm ? .alarm : .ok, .filled(.notBreaching))
        case .missing, .ignore: return unfilled(missingData, from: former)
        }
    }

    /// Too few datapoints, and nothing to fill their places with.
    private func unfilled(_ missingData: MissingDataTreatment, from former: AlarmState) -> (AlarmState, EvaluationRule)
    {
        let ignores = missingData == .ignore
        if present == 0 { return ignores ? (former, .kept) : (.insufficientData, .noDatapoint) }
        if breaching >= datapointsToAlarm { return (.alarm, .datapoints) }
        // A datapoint that does not breach shows that things may be well; one is enough.
        if breaching < present { return (.ok, .datapoints) }
        if ignores { return (former, .kept) }
        // Only breaching ones, but fewer than M. An alarm must not be raised too early, as the next datapoint may be fine;
        // but when the oldest breach is M periods ago and nothing better came since, it is.
        if oldestBreachingAge >= datapointsToAlarm { return (.alarm, .lastingBreach) }
        // Which other state results is not published. We keep the former one, unless it is ALARM, which these datapoints
        // do not show any more: then we do not know.
        return (former == .alarm ? .insufficientData : former, .tooEarly)
    }
}

/// Which rule led to an alarm's state.
public enum EvaluationRule: Sendable, Equatable, Codable {
    /// Enough datapoints: they decided.
    case datapoints
    /// The places of missing ones were filled by this treatment.
    case filled(MissingDataTreatment)
    /// Too few datapoints; missing ones are ignored, so the state was kept.
    case kept
    /// No datapoint in the whole range.
    case noDatapoint
    /// Fewer than M breaching ones, but the oldest is M periods old and nothing better came since.
    case lastingBreach
    /// Fewer than M breaching ones so far, and the next datapoint may be fine.
    case tooEarly
    /// Too few samples for the percentile; they are ignored, so the state was kept.
    case fewSamples
}

/// What an alarm goes by: its definition without names and actions, which costs next to nothing to take out.
struct AlarmCriteria {
    let statistic: Statistic
    let period: Duration
    let datapointsInView: Int
    let evaluationPeriods: Int
    let datapointsToAlarm: Int
    let comparison: Comparison
    let threshold: Double
    let treatment: MissingDataTreatment
    /// The fewest samples in a period that let the state change.
    let fewestSamples: Int

    @inline(__always)
    init(_ alarms: [AlarmDefinition], _ index: Int) {
        statistic = alarms[index].statistic
        period = alarms[index].period
        evaluationPeriods = alarms[index].evaluationPeriods
        datapointsInView = alarms[index].datapointsInView
        datapointsToAlarm = alarms[index].datapointsToAlarm
        comparison = alarms[index].comparison
        threshold = alarms[index].threshold
        treatment = alarms[index].treatmentInForce
        switch alarms[index].lowSamples {
        case .evaluate: fewestSamples = 0
        case .ignore: fewestSamples = statistic.fewestSamples ?? 0
        }
    }

    /// - Parameter mayBeFilledIn: the metric is an expression, which can put a value in the place of one that is missing.
    @inline(__always)
    func judge(
        _ samples: [Sample], mayBeFilledIn: Bool, from former: AlarmState, at now: Instant
    ) -> (AlarmState, AlarmFinding) {
        var range = EvaluationRange(evaluationPeriods: evaluationPeriods, datapointsToAlarm: datapointsToAlarm)
        var newest = 0.0
        var newestIndex = 0
        var filledIn = 0
        var hasTooFewSamples = false
        // Beyond the newest N, only what was filled in is told.
        let looksAtAll = mayBeFilledIn && samples.contains { $0.isFilledIn }
        let window = MetricWindow(now: now, period: period, count: datapointsInView)
        window.forEachPeriod(in: samples) { index, joined, places in
            guard let value = joined.value(statistic, of: samples[places]) else { return true }
            if range.present == 0 { (newest, newestIndex) = (value, index) }
            if joined.isFilledIn { filledIn += 1 }
            // Only the newest N count; an alarm that ignores few samples keeps its state as soon as one of them has too few.
            if joined.count < fewestSamples, !range.isFull { hasTooFewSamples = true }
            range.add(index: index, breaching: comparison.isBreached(by: value, threshold: threshold))
            return looksAtAll || !range.isFull
        }
        let (state, rule) =
            hasTooFewSamples ? (former, .fewSamples) : range.state(treating: treatment, from: former)
        let finding = AlarmFinding(
            rule: rule, newest: range.present > 0 ? newest : nil, newestAge: newestIndex,
            breaching: range.isFull ? range.breachingOfNewest : range.breaching, missing: range.missing,
            filledIn: filledIn > 0 ? filledIn : nil)
        return (state, finding)
    }
}
