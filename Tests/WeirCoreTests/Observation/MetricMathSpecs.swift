import Testing

@testable import WeirCore

@Suite("Metric math: missing and unknown")
struct MetricMathSpecs {
    struct Row: CustomTestStringConvertible {
        var text: String
        var values: [Double?]
        var testDescription: String { text }

        init(_ text: String, _ values: Double?...) {
            self.text = text
            self.values = values
        }
    }

    /// `a` and `b` are there together, alone and not at all.
    private static let series: [String: [Double?]] = ["a": [6, 6, nil, nil], "b": [3, nil, 3, nil]]

    @Test(
        "beside another series a missing value is 0, beside a number it stays missing",
        arguments: [
            Row("a + b", 9, 6, 3, nil), Row("a - b", 3, 6, -3, nil), Row("a * b", 18, 0, 0, nil),
            Row("a / b", 2, nil, 0, nil), Row("a ^ b", 216, 1, 0, nil), Row("a + 1", 7, 7, nil, nil),
            Row("1 - a", -5, -5, nil, nil), Row("a > b", 1, 1, 0, nil), Row("a <= b", 0, 0, 1, nil),
            Row("b == 3", 1, nil, 1, nil), Row("a and b", 1, 0, 0, nil), Row("a || b", 1, 1, 1, nil),
            Row("a AND 1", 1, 1, nil, nil), Row("a or 0", 1, 1, nil, nil), Row("-a", -6, -6, nil, nil),
            Row("max(a, b, 4)", 6, 6, 4, nil), Row("MIN(a, b)", 3, 6, 3, nil), Row("ABS(-b)", 3, nil, 3, nil),
            Row("IF(a > 5, b, 9)", 3, 0, nil, nil), Row("IF(a, 1)", 1, 1, nil, nil),
            Row("IF(b - 3, 1)", nil, nil, nil, nil),
            Row("a && b || 1", 1, 1, 1, nil), Row("FILL(a, 7) + b", 9, 6, 10, 7), Row("fill(b, a)", 3, 6, 3, nil),
            Row("FILL(a, REPEAT)", 6, 6, 6, 6), Row("fill(b, repeat)", 3, 3, 3, 3),
            Row("a > 5 and b > 2 or a < 0", 1, 0, 0, nil),
        ])
    func table(_ row: Row) throws {
        let expression = try MetricExpression.parse(row.text, names: ["a", "b"])
        #expect(expression.values(of: Self.series) == row.values)
    }

    @Test("LINEAR draws a line over a gap; at the newest end nothing follows, at the oldest nothing comes before")
    func linear() throws {
        let expression = try MetricExpression.parse("FILL(a, LINEAR)", names: ["a"])
        #expect(expression.values(of: ["a": [nil, 2, nil, nil, 8, nil]]) == [nil, 2, 4, 6, 8, 8])
        let steps = try MetricExpression.parse("FILL(a, REPEAT)", names: ["a"])
        #expect(steps.values(of: ["a": [nil, 2, nil, nil, 8, nil]]) == [nil, 2, 2, 2, 8, 8])
    }

    @Test(
        "what is computed from a figure whose source failed is unknown, whatever stands beside it",
        arguments: [
            ("visible + in_flight", Operand.unknown), ("visible * 0", .unknown), ("max(visible, in_flight)", .unknown),
            ("visible == in_flight", .unknown), ("if(visible, 1, 2)", .unknown), ("if(1, visible, 2)", .unknown),
            ("if(in_flight, 1, visible)", .number(1)), ("outstanding", .unknown), ("delayed / 0", .missing),
            ("in_flight + oldest_age", .number(4)), ("oldest_age + 1", .missing), ("fill(visible, 8)", .number(8)),
            ("fill(visible + in_flight, 0)", .number(0)), ("fill(visible, REPEAT)", .missing),
            ("visible > 5 or in_flight > 1", .unknown),
        ])
    func unknown(_ text: String, _ expected: Operand) throws {
        let measurement = Measurement(
            visible: .missing(.sourceFailed("denied")), inFlight: .value(4), delayed: .value(1),
            oldestAge: .missing(.notTold))
        let values = MetricValues(
            measurement, fleet: FleetCount([]), desiredCapacity: 0,
            definitions: [NamedMetric(name: "it", expression: try .parse(text))])
        #expect(values[.named("it")] == expected)
    }

    private func world(_ text: String, missingData: MissingDataTreatment = .missing) throws -> MiniWorld {
        var down = AlarmDefinition.down(metric: .named("load"))
        down.missingData = missingData
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 9, metrics: [NamedMetric(name: "load", expression: try .parse(text))],
            alarms: [down], scalingPolicies: [.always("in", on: "down", .exactCapacity, 0)])
        policy.pollInterval = .seconds(60)
        return MiniWorld(policy, desired: 3, fleet: fleet(3))
    }

    @Test("REPEAT goes on with what was known last, also after a restart, and forgets what is filled no more")
    func repeating() throws {
        var world = try world("fill(oldest_age, REPEAT) + 0 * visible")
        world.measurement = Measurement(
            visible: .value(1), inFlight: .value(0), delayed: .value(0), oldestAge: .value(30))
        world.tick(at: 0)
        world.measurement.oldestAge = .missing(.notTold)
        world.kill()
        world.tick(at: 60)
        world.tick(at: 120)
        #expect(world.state.alarms[0].lastOfMetric?.finding.newest == 30)
        #expect(world.state.alarms[0].lastOfMetric?.finding.newestAge == 0)
        world.policy.metrics = [NamedMetric(name: "load", expression: try .parse("visible"))]
        world.tick(at: 180)
        #expect(world.state.history.lastKnown == nil)
    }

    @Test("filling in for a source that fails scales nothing in, neither then nor while what was filled in is in view")
    func filledIn() throws {
        var world = try world("fill(visible, 0)")
        world.policy.alarms[0].evaluationPeriods = 3
        world.policy.alarms[0].datapointsToAlarm = 2
        world.see(visible: 15)
        world.tick(at: 0)
        world.measurement = .unreachable
        for minute in 1...3 {
            let evaluation = world.tick(at: Double(minute) * 60)
            #expect(evaluation.decision.desired == 3)
        }
        #expect(world.state.alarms[0].state == .alarm)
        // The source is back and says that there is much to do; two of three datapoints were filled in.
        world.see(visible: 15)
        let back = world.tick(at: 240)
        #expect(world.state.alarms[0].state == .alarm)
        #expect(back.codes == ["fallback_ended", "held_by_missing_data"])
        #expect(back.decision.desired == 3)
        // What was measured, and was zero, is evidence as ever.
        world.see(visible: 0)
        for minute in 5...9 { world.tick(at: Double(minute) * 60) }
        #expect(world.state.desiredCapacity == 0)
    }

    @Test("a figure that its source never has is no obstacle: the expression says what to do without it")
    func notTold() throws {
        var world = try world("fill(arrival_rate, 0) + visible")
        world.see(visible: 0)
        #expect(world.tick(at: 0).decision.desired == 0)
    }

    @Test(
        "functions of metric math that are not here say what to use",
        arguments: [
            ("RATE(visible)", "arrival_rate or completion_rate"), ("PERIOD(visible)", "the period itself, in seconds"),
            ("AVG(visible)", "the 'statistic' and the 'period' of the alarm"),
            ("FILL(visible)", "fill(a, value), fill(a, REPEAT) or fill(a, LINEAR)"),
            ("1 + fill", "fill(a, value), fill(a, REPEAT) or fill(a, LINEAR)"),
            ("If(1, 2)", "one of max, min, abs, ceil, floor, if, fill"),
        ])
    func refused(_ text: String, _ expected: String) {
        #expect { try MetricExpression.parse(text) } throws: { ($0 as? ExpressionError)?.expected == expected }
    }
}
