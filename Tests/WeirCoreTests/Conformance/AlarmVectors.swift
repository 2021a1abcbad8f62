import Testing

@testable import WeirCore

@Suite("Conformance: alarms")
struct AlarmVectors {
    @Test(arguments: VectorFile.vectors("alarm-evaluation"))
    func evaluation(_ vector: Vector) throws {
        let treatment = try #require(MissingDataTreatment(rawValue: vector.text("treatMissingData")))
        let alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: try vector.int("evaluationPeriods"),
            datapointsToAlarm: try vector.int("datapointsToAlarm"), comparison: .greaterThanOrEqual, threshold: 1,
            missingData: treatment)
        let range = try vector.text("range")
        // A range of another length would be judged by other rules than the ones under test.
        try #require(range.count == alarm.datapointsInView)
        let former = try #require(AlarmState(rawValue: vector.text("currentState")))
        let (state, _) = alarm.evaluate(samples(range), from: former, at: noon)
        if let expected = vector.expected["state"]?.text { #expect(state.rawValue == expected) }
        if let other = vector.expected["stateNot"]?.text { #expect(state.rawValue != other) }
    }

    /// One sample in the middle of each period that is not missing.
    private func samples(_ range: String) -> [Sample] {
        range.enumerated().compactMap { index, mark in
            guard mark != "-" else { return nil }
            let age = Double(range.count - 1 - index) * 60 + 30
            return Sample(at: .at(-age), mark == "X" ? 1 : 0)
        }
    }

    @Test(arguments: VectorFile.vectors("alarm-threshold"))
    func threshold(_ vector: Vector) throws {
        let comparison = try #require(Comparison(rawValue: vector.text("comparisonOperator")))
        let breaching = comparison.isBreached(
            by: try vector.number("value"), threshold: try vector.number("threshold"))
        #expect(breaching == vector.expected["breaching"]?.bool)
    }

    /// Left out: how often CloudWatch evaluates (`cadence-…`). Weir evaluates on every measurement, whose interval the
    /// policy sets, so the figures have no counterpart.
    @Test(
        arguments: VectorFile.vectors("alarm-window") { $0.expected["evaluationIntervalSeconds"] == nil })
    func window(_ vector: Vector) throws {
        let end = vector.input["evaluatedAtEndOfMinute"]?.int ?? 100
        let alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(try vector.int("period")),
            evaluationPeriods: try vector.int("evaluationPeriods"), comparison: .greaterThan, threshold: 0)
        // Minute m lasts from (m - 1) × 60 to m × 60 seconds; its sample is taken in the middle and has the value m.
        let samples = (1...end + 5).map { Sample(at: .at(Double($0) * 60 - 30), Double($0)) }
        var minutes = 0
        var first = Double.infinity
        var last = -Double.infinity
        MetricWindow(of: alarm, at: .at(Double(end) * 60)).forEachDatapoint(in: samples) { index, datapoint in
            guard index < alarm.evaluationPeriods else { return }
            minutes += datapoint.count
            first = min(first, datapoint.minimum)
            last = max(last, datapoint.maximum)
        }
        if let expected = vector.expected["firstMinute"]?.double { #expect(first == expected) }
        if let expected = vector.expected["lastMinute"]?.double { #expect(last == expected) }
        if let expected = vector.expected["evaluationIntervalMinutes"]?.int { #expect(minutes == expected) }
    }

    /// Left out: notifications, and actions on another state than ALARM; a policy file has neither.
    @Test(
        arguments: VectorFile.vectors("alarm-actions") {
            $0.input["actionType"]?.text == "autoScaling" && $0.input["actionsOn"]?.text == "ALARM"
        })
    func actions(_ vector: Vector) throws {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 100, pollInterval: .seconds(60), alarms: [.up()],
            scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1)])
        var state = GroupState(desired: 0)
        var before = AlarmStatus(name: "up", since: .at(-60))
        before.state = try #require(AlarmState(rawValue: vector.text("before")))
        state.alarms = [before]
        var invokedAt: [Int] = []
        for (index, after) in try vector.list("states").enumerated() {
            let value: Double = after.text == "ALARM" ? 1 : 0
            let evaluation = evaluate(
                policy, state, Observation(measurement: .messages(visible: value)), at: .at(Double(index) * 60))
            state = evaluation.state
            #expect(state.alarms[0].state.rawValue == after.text)
            if evaluation.codes.contains("proposed") { invokedAt.append(index) }
        }
        #expect(invokedAt == vector.expected["invokedAt"]?.list?.compactMap(\.int))
    }
}
