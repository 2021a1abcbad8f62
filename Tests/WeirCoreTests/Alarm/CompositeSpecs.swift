import Foundation
import Testing

@testable import WeirCore

@Suite("Composite alarms")
struct CompositeSpecs {
    private func holds(_ rule: String) throws -> Bool {
        let states: [String: AlarmState] = [
            "up": .alarm, "down": .ok, "new": .insufficientData, "queue-2_b.x": .alarm, "two words": .alarm,
        ]
        return try AlarmRule.parse(rule).holds { states[$0] }
    }

    @Test(arguments: [
        ("up", true), ("down", false), ("not down", true), ("NOT NOT up", true), ("ALARM(up)", true),
        ("OK(down)", true),
        ("OK(\"up\")", false), ("INSUFFICIENT_DATA(new)", true), ("ok( down )", true), ("up and down", false),
        ("up AND NOT down", true), ("up or down and down", true), ("(up or down) and down", false), ("TRUE", true),
        ("false or up", true), ("queue-2_b.x", true), ("\"two words\" and ALARM(\"two words\")", true),
        ("not (up and down)", true), ("gone", false), ("not OK(gone)", true), ("not up or up", true),
    ])
    func rules(_ rule: String, _ expected: Bool) throws {
        #expect(try holds(rule) == expected)
    }

    struct Mistake: CustomTestStringConvertible {
        var rule: String
        var offset: Int
        var message: String
        var testDescription: String { rule }
    }

    @Test(arguments: [
        Mistake(rule: "", offset: 0, message: "the rule ends too early"),
        Mistake(rule: "up and", offset: 6, message: "the rule ends too early"),
        Mistake(rule: "up down", offset: 3, message: "'down' does not belong here"),
        Mistake(rule: "and up", offset: 0, message: "'and' does not belong here"),
        Mistake(rule: "(up", offset: 3, message: "a parenthesis is not closed"),
        Mistake(rule: "up)", offset: 2, message: "')' does not belong here"),
        Mistake(rule: "OK(two words)", offset: 7, message: "a parenthesis is not closed"),
        Mistake(rule: "OK()", offset: 4, message: "an alarm's name is missing"),
        Mistake(rule: "FINE(up)", offset: 0, message: "there is no state 'FINE'"),
    ])
    func mistakes(_ mistake: Mistake) {
        #expect {
            try AlarmRule.parse(mistake.rule)
        } throws: { error in
            guard let error = error as? ExpressionError else { return false }
            return error.offset == mistake.offset && error.message == mistake.message
        }
    }

    @Test("neither depth nor length is without bound; many negations are no depth")
    func bounds() throws {
        let deep = String(repeating: "(", count: 200) + "up" + String(repeating: ")", count: 200)
        #expect(throws: ExpressionError.self) { try AlarmRule.parse(deep) }
        #expect(throws: ExpressionError.self) { try AlarmRule.parse(String(repeating: "up or ", count: 3000) + "up") }
        #expect(try holds(String(repeating: "not ", count: 2000) + "up"))
    }

    // MARK: In a group

    private func composite(_ name: String, _ rule: String) throws -> CompositeAlarm {
        CompositeAlarm(name: name, rule: try AlarmRule.parse(rule))
    }

    /// `busy` watches what waits, `late` how long it does.
    private func world(_ composites: [CompositeAlarm], _ policies: [ScalingPolicy]) -> MiniWorld {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 99,
            alarms: [.up("busy", threshold: 100), .up("late", metric: .builtIn(.oldestAge), threshold: 60)],
            scalingPolicies: policies)
        policy.compositeAlarms = composites
        return MiniWorld(policy, desired: 4, fleet: fleet(4))
    }

    private func measured(_ visible: Double, age: Double) -> WeirCore.Measurement {
        Measurement(visible: .value(visible), inFlight: .value(0), delayed: .value(0), oldestAge: .value(age))
    }

    @Test("it is judged after those it names, also when these are composite alarms that stand below it")
    func order() throws {
        var world = world(
            [try composite("outer", "inner and not FALSE"), try composite("inner", "busy and late")],
            [.always("out", on: "outer", .changeInCapacity, 2)])
        world.measurement = measured(250, age: 90)
        let evaluation = world.tick(at: 0)
        #expect(
            evaluation.alarmTransitions.map(\.change) == [
                "busy  INSUFFICIENT_DATA → ALARM", "late  INSUFFICIENT_DATA → ALARM",
                "inner  INSUFFICIENT_DATA → ALARM", "outer  INSUFFICIENT_DATA → ALARM",
            ])
        #expect(
            evaluation.alarmTransitions[2].judgement.sentence
                == "busy and late holds: busy is ALARM, late is ALARM")
        #expect(evaluation.decision.desired == 6)
        world.measurement = measured(250, age: 5)
        let calm = world.tick(at: 300)
        #expect(
            calm.alarmTransitions.map(\.change) == ["late  ALARM → OK", "inner  ALARM → OK", "outer  ALARM → OK"])
    }

    @Test("it knows only two states once it was judged, whatever its children know")
    func twoStates() throws {
        var world = world([try composite("both", "busy and late")], [])
        world.measurement = .unreachable
        #expect(world.tick(at: 0).alarmTransitions.map(\.change) == ["both  INSUFFICIENT_DATA → OK"])
    }

    @Test("alarms that name each other in a circle keep their state")
    func circle() throws {
        var world = world([try composite("a", "not b"), try composite("b", "not a"), try composite("c", "busy")], [])
        world.measurement = measured(250, age: 0)
        world.tick(at: 0)
        #expect(world.state.alarms.suffix(3).map(\.state) == [.insufficientData, .insufficientData, .alarm])
    }

    @Test("a step policy on it measures by the first metric alarm that its rule names")
    func steps() throws {
        let steps = ScalingPolicy(
            name: "out", alarm: "both",
            kind: .step(
                StepScaling(
                    adjustmentType: .changeInCapacity,
                    steps: [
                        StepAdjustment(lower: 0, upper: 100, adjustment: 1), StepAdjustment(lower: 100, adjustment: 5),
                    ])))
        var world = world([try composite("both", "late and busy")], [steps])
        world.measurement = measured(900, age: 90)
        // 30 over the threshold of `late`, not 800 over that of `busy`.
        #expect(world.tick(at: 0).decision.desired == 5)
        world.policy.compositeAlarms = [try composite("both", "busy and late")]
        #expect(world.tick(at: 60).decision.desired == 9)
    }

    @Test("it scales in only while every alarm that it names rests on datapoints")
    func evidence() throws {
        let idle = try composite("idle", "not busy and not late")
        var world = world([idle], [.always("in", on: "idle", .exactCapacity, 0)])
        world.measurement = measured(0, age: 0)
        world.measurement.oldestAge = .missing(.sourceFailed("denied"))
        let blind = world.tick(at: 0)
        #expect(world.state.alarms[2].state == .alarm)
        #expect(blind.codes == ["held_by_missing_data"])
        // The source has no ages at all: `late` is in INSUFFICIENT_DATA, which is no evidence either.
        world.measurement.oldestAge = .missing(.notTold)
        #expect(world.tick(at: 60).codes == ["held_by_missing_data"])
        world.measurement.oldestAge = .value(0)
        #expect(world.tick(at: 120).decision.desired == 0)
    }

    @Test("a rule that names no metric scales nothing in")
    func constant() throws {
        var world = world([try composite("always", "TRUE")], [.simple("in", on: "always", .exactCapacity, 0)])
        world.measurement = measured(0, age: 0)
        #expect(world.tick(at: 0).codes == ["held_by_missing_data"])
    }

    @Test("its changes are told like those of any alarm, one that is written in place under its rule")
    func story() throws {
        var world = world([try composite("busy and late", "busy and late")], [])
        world.measurement = measured(250, age: 90)
        let evaluation = world.tick(at: 0)
        var storyteller = Storyteller([world.policy])
        let lines = storyteller.tell(
            group: "g", at: noon, events: [], transitions: evaluation.alarmTransitions, decision: evaluation.decision,
            plan: evaluation.plan)
        #expect(
            lines.last
                == "12:00:00  g  busy and late  INSUFFICIENT_DATA → ALARM   busy and late holds: busy is ALARM, late is ALARM"
        )
    }

    @Test("a rule travels as its text, and what it was judged by with the state")
    func travel() throws {
        var world = world([try composite("both", "busy and \"late\"")], [])
        world.measurement = measured(250, age: 90)
        world.tick(at: 0)
        let state = try JSONDecoder().decode(GroupState.self, from: JSONEncoder().encode(world.state))
        #expect(state == world.state)
        let policy = try JSONDecoder().decode(GroupPolicy.self, from: JSONEncoder().encode(world.policy))
        #expect(policy == world.policy)
        #expect(policy.compositeAlarms[0].rule.alarms == ["busy", "late"])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([AlarmRule].self, from: Data(#"["busy and"]"#.utf8))
        }
    }
}
