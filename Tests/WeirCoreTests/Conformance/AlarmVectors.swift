import Testing

@testable import WeirCore

@Suite("Conformance: alarms")
struct AlarmVectors {
    @Test(arguments: VectorFile.vectors("alarm-evaluation"))
    func evaluation(_ vector: Vector) throws {
        try vector.expectsOnly(["state", "stateNot"])
        let range = try vector.text("range")
        var alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: try vector.int("evaluationPeriods"),
            datapointsToAlarm: vector.int(optional: "datapointsToAlarm"), comparison: .greaterThanOrEqual, threshold: 1,
            missingData: vector.word("treatMissingData") ?? .missing)
        alarm.namespace = vector.text(optional: "namespace")
        alarm.evaluationRange = range.count
        let former: AlarmState = try #require(vector.word("currentState"))
        let (state, _) = alarm.judged(try samples(range), from: former, at: noon)
        if let expected = vector.expected["state"]?.text { #expect(state.rawValue == expected) }
        if let other = vector.expected["stateNot"]?.text { #expect(state.rawValue != other) }
    }

    /// One sample in the middle of each period that is not missing.
    private func samples(_ range: String) throws -> [Sample] {
        try range.enumerated().compactMap { index, mark in
            try #require("0X-".contains(mark), "a range is written with 0, X and -")
            guard mark != "-" else { return nil }
            let age = Double(range.count - 1 - index) * 60 + 30
            return Sample(at: .at(-age), mark == "X" ? 1 : 0)
        }
    }

    @Test(arguments: VectorFile.vectors("alarm-threshold"))
    func threshold(_ vector: Vector) throws {
        try vector.expectsOnly(["breaching"])
        let comparison: Comparison = try #require(vector.word("comparisonOperator"))
        let breaching = comparison.isBreached(
            by: try vector.number("value"), threshold: try vector.number("threshold"))
        #expect(breaching == vector.expected["breaching"]?.bool)
    }

    @Test(arguments: VectorFile.vectors("alarm-window"))
    func window(_ vector: Vector) throws {
        try vector.expectsOnly(["firstMinute", "lastMinute", "evaluationIntervalMinutes", "evaluationIntervalSeconds"])
        var alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(try vector.int("period")),
            evaluationPeriods: vector.int(optional: "evaluationPeriods") ?? 1,
            datapointsToAlarm: vector.int(optional: "datapointsToAlarm"), comparison: .greaterThan, threshold: 0)
        let wholeRange = Int(alarm.memory / .seconds(60)) + 1
        let window = minutesRead(by: alarm, atEndOf: vector.int(optional: "evaluatedAtEndOfMinute") ?? wholeRange)
        if let expected = vector.expected["firstMinute"] { #expect(window.min().map { .number($0) } == expected) }
        if let expected = vector.expected["lastMinute"] { #expect(window.max().map { .number($0) } == expected) }
        if let expected = vector.expected["evaluationIntervalMinutes"] {
            #expect(.number(Double(window.count)) == expected)
        }
        if let expected = vector.expected["evaluationIntervalSeconds"] {
            alarm.cadence = .cloudWatch
            #expect(secondsBetweenEvaluations(of: alarm).map { .number($0) } == expected)
        }
    }

    /// Minute m lasts from (m - 1) × 60 to m × 60 seconds; its sample is taken in the middle and has the value m.
    private func minutesRead(by alarm: AlarmDefinition, atEndOf end: Int) -> [Double] {
        let samples = (1...end + 5).map { Sample(at: .at(Double($0) * 60 - 30), Double($0)) }
        var minutes: [Double] = []
        let window = MetricWindow(
            now: .at(Double(end) * 60), period: alarm.period, count: alarm.datapointsInView)
        window.forEachDatapoint(in: samples) { index, datapoint in
            guard index < alarm.evaluationPeriods else { return }
            minutes += stride(from: datapoint.minimum, through: datapoint.maximum, by: 1)
        }
        return minutes
    }

    /// Measured each second for ten minutes; nil unless all evaluations lie equally far apart.
    private func secondsBetweenEvaluations(of alarm: AlarmDefinition) -> Double? {
        var alarm = alarm
        alarm.threshold = -1
        var world = MiniWorld(
            GroupPolicy(name: "g", minSize: 0, maxSize: 0, pollInterval: .seconds(1), alarms: [alarm]))
        var evaluations: [Double] = []
        for second in stride(from: 0.0, through: 600, by: 1) {
            // The newest value is the second itself, so the judgement shows when it was made.
            world.see(visible: second)
            world.tick(at: second)
            let seen = world.state.alarms[0].lastOfMetric?.finding.newest
            if let seen, seen != evaluations.last { evaluations.append(seen) }
        }
        let intervals = zip(evaluations.dropFirst(), evaluations).map { $0 - $1 }
        return intervals.allSatisfy { $0 == intervals.first } ? intervals.first : nil
    }

    @Test(arguments: VectorFile.vectors("alarm-actions"))
    func actions(_ vector: Vector) throws {
        try vector.expectsOnly(["invokedAt"])
        var alarm = AlarmDefinition.up()
        // One datapoint in view: a minute without one is INSUFFICIENT_DATA at once.
        alarm.evaluationRange = 1
        let bound: AlarmState = try #require(vector.word("actionsOn"))
        alarm.actions.enabled = vector.input["actionsEnabled"]?.bool ?? true
        var policies: [ScalingPolicy] = []
        switch try vector.text("actionType") {
        case "autoScaling":
            var scaling = ScalingPolicy.always("out", on: "up", .changeInCapacity, 1)
            scaling.alarmState = bound
            policies = [scaling]
        case "notification":
            let action = AlarmAction.command(["notify"])
            switch bound {
            case .ok: alarm.actions.ok = [action]
            case .alarm: alarm.actions.alarm = [action]
            case .insufficientData: alarm.actions.insufficientData = [action]
            }
        default: Issue.record("\(vector.id): another kind of action")
        }
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 100, pollInterval: .seconds(60), alarms: [alarm], scalingPolicies: policies)
        var state = GroupState(desired: 0)
        state.alarms = [
            AlarmStatus(name: "up", state: try #require(vector.word("before")), since: .at(-60))
        ]
        var invokedAt: [JSON] = []
        for (index, after) in try vector.list("states").enumerated() {
            let after = try #require(after.text.flatMap(AlarmState.init(rawValue:)))
            let now = Instant.at(Double(index) * 60)
            let evaluation = evaluate(policy, state, Observation(measurement: .leading(to: after)), at: now)
            state = evaluation.state
            try #require(state.alarms[0].state == after)
            let isInvoked = state.alarms[0].lastInvoked == now || !evaluation.notifications.isEmpty
            if isInvoked { invokedAt.append(.number(Double(index))) }
        }
        #expect(vector.expected["invokedAt"] == .list(invokedAt))
    }

    @Test(arguments: VectorFile.vectors("alarm-low-sample"))
    func lowSample(_ vector: Vector) throws {
        try vector.expectsOnly(["minSamples"])
        let percent = try #require(Percent(try vector.number("percentile")))
        #expect(Statistic.percentile(percent).fewestSamples == vector.expected["minSamples"]?.int)
    }
}

extension Vector {
    /// A word of one of our closed lists; nil when it is absent or null.
    fileprivate func word<Word: RawRepresentable>(_ name: String) -> Word? where Word.RawValue == String {
        guard let text = text(optional: name) else { return nil }
        guard let word = Word(rawValue: text) else {
            Issue.record("\(id): \(name) is \(text)")
            return nil
        }
        return word
    }
}

extension Measurement {
    /// What puts an alarm at a threshold of 1 into this state.
    fileprivate static func leading(to state: AlarmState) -> Measurement {
        switch state {
        case .ok: .messages(visible: 0)
        case .alarm: .messages(visible: 1)
        case .insufficientData: .missing(.notTold)
        }
    }
}
