extension AlarmRequest {
    /// What is wrong with the alarm under these limits, in the order of its fields; empty when it would be taken. Source:
    /// PutMetricAlarm.
    public func problems(under limits: AlarmLimits) -> [AlarmProblem] {
        textProblems(limits) + metricProblems(limits) + periodProblems(limits) + judgingProblems()
            + actionProblems(limits)
    }

    private func textProblems(_ limits: AlarmLimits) -> [AlarmProblem] {
        var problems: [AlarmProblem] = []
        if let name {
            let length = limits.nameLength
            if !length.contains(name.unicodeScalars.count) || name.unicodeScalars.contains(where: \.isControl) {
                problems.append(
                    AlarmProblem(
                        .name,
                        expected: "\(length.lowerBound) to \(length.upperBound) characters, no control characters"))
            }
        }
        if let description, description.unicodeScalars.count > limits.longestDescription {
            problems.append(
                AlarmProblem(.description, expected: "at most \(limits.longestDescription) characters"))
        }
        return problems
    }

    // MARK: What is watched

    private func metricProblems(_ limits: AlarmLimits) -> [AlarmProblem] {
        guard let queries else { return singleMetricProblems(limits) }
        var problems: [AlarmProblem] = []
        let isMixed =
            metricName != nil || namespace != nil || statistic != nil || extendedStatistic != nil || dimensions != nil
            || period != nil || unit != nil
        if isMixed {
            problems.append(
                AlarmProblem(
                    .queries,
                    expected: "Metrics without MetricName, Namespace, Dimensions, Period, Unit and statistics"))
        }
        let expressions = queries.count { $0.isExpression }
        let most = limits.mostQueriesOfAKind
        if queries.isEmpty || queries.count > limits.mostQueries || expressions > most
            || queries.count - expressions > most
        {
            problems.append(
                AlarmProblem(
                    .queries,
                    expected: "1 to \(limits.mostQueries) entries, at most \(most) metrics and \(most) expressions"))
        }
        if queries.count(where: { $0.returnsData }) != 1 {
            problems.append(AlarmProblem(.queries, expected: "exactly one entry that returns data"))
        }
        let ids = queries.map(\.id)
        if !ids.allSatisfy(\.isQueryID) || ids.indices.contains(where: { ids[..<$0].contains(ids[$0]) }) {
            problems.append(
                AlarmProblem(
                    .queries,
                    expected: "ids that differ, of letters, digits and '_', starting with a small letter"))
        }
        return problems
    }

    private func singleMetricProblems(_ limits: AlarmLimits) -> [AlarmProblem] {
        var problems: [AlarmProblem] = []
        if let metricName, !(1...255).contains(metricName.unicodeScalars.count) {
            problems.append(AlarmProblem(.metricName, expected: "1 to 255 characters"))
        }
        let names = Statistic.plain.map(\.cloudWatchName)
        if let statistic, !names.contains(statistic) {
            problems.append(AlarmProblem(.statistic, expected: "one of \(names.joined(separator: ", "))"))
        }
        if let extendedStatistic, !(Statistic(extendedStatistic)?.isExtended ?? false) {
            problems.append(AlarmProblem(.extendedStatistic, expected: "p99, tm90, TM(10%:90%) or another of these"))
        }
        if statistic != nil, extendedStatistic != nil {
            problems.append(AlarmProblem(.extendedStatistic, expected: "a Statistic or an ExtendedStatistic, not both"))
        }
        if metricName != nil, statistic == nil, extendedStatistic == nil {
            problems.append(AlarmProblem(.statistic, expected: "a Statistic or an ExtendedStatistic"))
        }
        if let dimensions, dimensions > limits.mostDimensions {
            problems.append(AlarmProblem(.dimensions, expected: "at most \(limits.mostDimensions)"))
        }
        return problems
    }

    // MARK: Periods

    private func periodProblems(_ limits: AlarmLimits) -> [AlarmProblem] {
        var problems: [AlarmProblem] = []
        if let period, !limits.allows(period: period) {
            let short = limits.shortPeriods.map(\.text).joined(separator: ", ")
            problems.append(
                AlarmProblem(.period, expected: "\(short) or a multiple of \(limits.periodUnit.text)"))
        }
        if let evaluationPeriods {
            let most = period.map { limits.mostEvaluationPeriods(ofPeriod: $0) }
            if evaluationPeriods < 1 || evaluationPeriods > most ?? .max {
                problems.append(
                    AlarmProblem(.evaluationPeriods, expected: most.map { "1 to \($0)" } ?? "at least 1"))
            }
        }
        if let datapointsToAlarm {
            let most = evaluationPeriods
            if datapointsToAlarm < 1 || datapointsToAlarm > most ?? .max {
                problems.append(
                    AlarmProblem(.datapointsToAlarm, expected: most.map { "1 to \($0)" } ?? "at least 1"))
            }
        }
        return problems
    }

    // MARK: Judging

    /// The operators of anomaly detection compare with a band, which has no counterpart here; they are known all the same.
    private static let bandOperators = [
        "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold",
    ]

    private func judgingProblems() -> [AlarmProblem] {
        var problems: [AlarmProblem] = []
        let isStatic = comparison.map { Comparison(rawValue: $0) != nil } ?? false
        let lacksThreshold = threshold == nil && isStatic && thresholdMetricID == nil
        if lacksThreshold || !(threshold ?? 0).isFinite {
            problems.append(AlarmProblem(.threshold, expected: "a number"))
        }
        let operators = Comparison.allCases.map(\.rawValue) + AlarmRequest.bandOperators
        if let comparison, !operators.contains(comparison) {
            problems.append(
                AlarmProblem(.comparison, expected: "one of \(operators.joined(separator: ", "))"))
        }
        let treatments = MissingDataTreatment.allCases.map(\.rawValue)
        if let missingData, !treatments.contains(missingData) {
            problems.append(AlarmProblem(.missingData, expected: "one of \(treatments.joined(separator: ", "))"))
        }
        let lowSampleWords = LowSampleTreatment.allCases.map(\.rawValue)
        if let lowSamples, !lowSampleWords.contains(lowSamples) {
            problems.append(AlarmProblem(.lowSamples, expected: "one of \(lowSampleWords.joined(separator: ", "))"))
        }
        return problems
    }

    private func actionProblems(_ limits: AlarmLimits) -> [AlarmProblem] {
        let lists: [(AlarmProblem.Field, Int?)] = [
            (.okActions, okActions), (.alarmActions, alarmActions), (.insufficientDataActions, insufficientDataActions),
        ]
        return lists.filter { $0.1 ?? 0 > limits.mostActions }.map { field, _ in
            AlarmProblem(field, expected: "at most \(limits.mostActions)")
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { value < 0x20 || value == 0x7F }
}

extension String {
    fileprivate var isQueryID: Bool {
        guard let first = utf8.first, (97...122).contains(first), utf8.count <= 255 else { return false }
        return utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 95
        }
    }
}
