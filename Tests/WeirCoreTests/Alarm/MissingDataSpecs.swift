import Testing

@testable import WeirCore

/// Marks are CloudWatch's: `0` fine, `X` breaching, `-` missing, newest on the right. The first tables are its own.
@Suite("Alarms and missing data")
struct MissingDataSpecs {
    struct Row: CustomTestStringConvertible {
        var range: String
        /// The states under missing, ignore, breaching and notBreaching; nil: the former state is kept.
        var states: [AlarmState?]

        init(
            _ range: String, _ missing: AlarmState?, _ ignore: AlarmState?, _ breaching: AlarmState?,
            _ notBreaching: AlarmState?
        ) {
            self.range = range
            states = [missing, ignore, breaching, notBreaching]
        }

        var testDescription: String { range }
    }

    private static let treatments: [MissingDataTreatment] = [.missing, .ignore, .breaching, .notBreaching]

    @Test(
        "three out of three, five in view",
        arguments: [
            Row("0 - X - X", .ok, .ok, .ok, .ok),
            Row("0 - - - -", .ok, .ok, .ok, .ok),
            Row("- - - - -", .insufficientData, nil, .alarm, .ok),
            Row("0 X X - X", .alarm, .alarm, .alarm, .alarm),
            Row("- - X - -", .alarm, nil, .alarm, .ok),
        ])
    func threeOfThree(_ row: Row) { judge(row, datapointsToAlarm: 3) }

    @Test(
        "two out of three, five in view",
        arguments: [
            Row("0 - X - X", .alarm, .alarm, .alarm, .alarm),
            Row("0 0 X 0 X", .alarm, .alarm, .alarm, .alarm),
            Row("0 - X - -", .ok, .ok, .alarm, .ok),
            Row("- - - - 0", .ok, .ok, .alarm, .ok),
            Row("- - - X -", .alarm, nil, .alarm, .ok),
        ])
    func twoOfThree(_ row: Row) { judge(row, datapointsToAlarm: 2) }

    private func judge(_ row: Row, datapointsToAlarm: Int) {
        for (treatment, expected) in zip(Self.treatments, row.states) {
            // From ALARM nothing is premature any more, so the published cells are asked from the other two.
            for former in [AlarmState.ok, .insufficientData] {
                let state = self.state(row.range, datapointsToAlarm, treatment, from: former)
                #expect(state == expected ?? former, "\(row.range) \(treatment) from \(former)")
            }
        }
    }

    struct Early: CustomTestStringConvertible {
        var range: String
        var from: AlarmState
        var becomes: AlarmState
        var note: String
        var testDescription: String { note }
    }

    @Test(
        "a breach that may be gone with the next datapoint raises no alarm yet",
        arguments: [
            Early(range: "- - - - X", from: .ok, becomes: .ok, note: "the state stays OK"),
            Early(range: "- - - X X", from: .insufficientData, becomes: .insufficientData, note: "or unknown"),
            Early(
                range: "- - - - X", from: .alarm, becomes: .insufficientData, note: "these do not show an ALARM either"),
            Early(range: "- - X X -", from: .ok, becomes: .alarm, note: "three periods of nothing better are enough"),
            Early(range: "X - - - -", from: .ok, becomes: .alarm, note: "also when it is old"),
            Early(range: "X - 0 - -", from: .alarm, becomes: .ok, note: "one good datapoint ends the suspicion"),
        ])
    func premature(_ early: Early) {
        #expect(state(early.range, 3, .missing, from: early.from) == early.becomes)
    }

    private func state(
        _ range: String, _ datapointsToAlarm: Int, _ treatment: MissingDataTreatment, from former: AlarmState
    ) -> AlarmState {
        let alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60), evaluationPeriods: 3,
            datapointsToAlarm: datapointsToAlarm, comparison: .greaterThanOrEqual, threshold: 1,
            missingData: treatment)
        let marks = range.filter { $0 != " " }
        let samples = marks.enumerated().compactMap { index, mark in
            mark == "-" ? nil : Sample(at: .at(Double(index - 4) * 60), mark == "X" ? 1 : 0)
        }
        return alarm.judged(samples, from: former, at: noon).0
    }

    @Test("missing data of DynamoDB is ignored, whatever the alarm says")
    func dynamoDB() {
        var alarm = AlarmDefinition.up()
        alarm.missingData = .breaching
        #expect(alarm.judged([], from: .ok, at: noon).0 == .alarm)
        alarm.namespace = "AWS/DynamoDB"
        #expect(alarm.judged([], from: .ok, at: noon).0 == .ok)
    }

    @Test("the evaluation range may be longer or shorter than usual")
    func ownRange() {
        var alarm = AlarmDefinition.up()
        let old = [Sample(at: .at(-270), 1)]
        #expect(alarm.judged(old, from: .ok, at: noon).0 == .insufficientData)
        alarm.evaluationRange = 5
        #expect(alarm.judged(old, from: .ok, at: noon).0 == .alarm)
        alarm.evaluationRange = 4
        #expect(alarm.judged(old, from: .ok, at: noon).0 == .insufficientData)
    }

    @Test("alarms are judged on each measurement, also a failed one, and not without")
    func whenJudged() {
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 9, alarms: [.up()])
        var world = MiniWorld(policy)
        world.see(visible: 5)
        #expect(world.tick(at: 0).alarmTransitions.map(\.change) == ["up  INSUFFICIENT_DATA → ALARM"])
        world.measurement = .unreachable
        #expect(world.tick(at: 179, measured: true).alarmTransitions == [])
        #expect(world.tick(at: 400, measured: false).alarmTransitions == [])
        let lapsed = world.tick(at: 401)
        #expect(lapsed.alarmTransitions.map(\.change) == ["up  ALARM → INSUFFICIENT_DATA"])
        #expect(lapsed.alarmTransitions[0].judgement.sentence == "visible maximum: no datapoint in 1 periods of 60s")
        #expect(world.state.alarms[0].since == .at(401))
    }

    struct Sentence: CustomTestStringConvertible {
        var range: String
        var treatment = MissingDataTreatment.missing
        var expected: String
        var testDescription: String { expected }
    }

    @Test(arguments: [
        Sentence(range: "0 0 240 240 240", expected: "visible maximum 240 ≥ 100 for 3 of 3 periods of 60s"),
        Sentence(range: "0 0 240 240 12.5", expected: "visible maximum 12.5 < 100; 2 of 3 periods of 60s breach"),
        Sentence(range: "- - - - 7", expected: "visible maximum 7 < 100; 0 of 3 periods of 60s breach, 2 missing"),
        Sentence(
            range: "- - - - 240", treatment: .breaching,
            expected: "visible maximum 240 ≥ 100 for 1 of 3 periods of 60s, 2 missing taken as breaching"),
        Sentence(
            range: "- - - - 240",
            expected: "visible maximum 240 ≥ 100 for 1 of 3 periods of 60s, 2 missing: too early to tell"),
        Sentence(range: "- - - - -", expected: "visible maximum: no datapoint in 3 periods of 60s"),
    ])
    func sentences(_ sentence: Sentence) {
        let alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60), evaluationPeriods: 3,
            comparison: .greaterThanOrEqual, threshold: 100, missingData: sentence.treatment)
        let samples = sentence.range.split(separator: " ").enumerated().compactMap { index, mark in
            Double(mark).map { Sample(at: .at(Double(index - 4) * 60), $0) }
        }
        #expect(alarm.judged(samples, from: .ok, at: noon).1.sentence == sentence.expected)
    }
}
