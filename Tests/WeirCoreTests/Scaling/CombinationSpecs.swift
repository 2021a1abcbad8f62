import Testing
import WeirCore

@Suite("Several policies, bounds, and missing data")
struct CombinationSpecs {
    private func group(_ policies: [ScalingPolicy], min: Int = 0, max: Int = 20) -> GroupPolicy {
        GroupPolicy(
            name: "g", minSize: min, maxSize: max, alarms: [.up(threshold: 10), .down(threshold: 50)],
            scalingPolicies: policies)
    }

    @Test("the policy that leaves more is followed, and the other is named")
    func largestWins() {
        var world = MiniWorld(
            group([.always("in", on: "down", .changeInCapacity, -4), .always("out", on: "up", .changeInCapacity, 2)]),
            desired: 10, fleet: fleet(10))
        world.see(visible: 20)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 12)
        #expect(evaluation.codes == ["proposed", "outranked"])
        #expect(
            evaluation.decision.reasons.map(\.sentence) == [
                "out: 10 over the threshold, step (-∞, ∞) adds 2",
                "in: 30 under the threshold, step (-∞, ∞) removes 4; outranked by out",
            ])
    }

    struct Row: CustomTestStringConvertible {
        var min = 0
        var max = 20
        var was: Int
        var change: Int
        var becomes: Int
        var because: [String]
        var note: String

        var testDescription: String { note }
    }

    @Test(arguments: [
        Row(
            max: 12, was: 10, change: 5, becomes: 12, because: ["proposed", "limited_to_maximum"], note: "the maximum"),
        Row(min: 8, was: 10, change: -5, becomes: 8, because: ["proposed", "raised_to_minimum"], note: "the minimum"),
        Row(was: 10, change: 0, becomes: 10, because: ["proposed"], note: "a step that adds nothing"),
        Row(was: 2, change: -9, becomes: 0, because: ["proposed"], note: "never below nothing"),
        Row(was: 3, change: .max, becomes: 20, because: ["proposed", "limited_to_maximum"], note: "a mistyped change"),
    ])
    func bounds(_ row: Row) {
        let policies: [ScalingPolicy] = [.always("p", on: "up", .changeInCapacity, row.change)]
        var world = MiniWorld(
            group(policies, min: row.min, max: row.max), desired: row.was, fleet: fleet(row.was))
        world.see(visible: 20)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == row.becomes)
        #expect(evaluation.codes == row.because)
    }

    @Test("a reload that moves the bounds moves the desired capacity, with a reason")
    func reload() {
        var world = MiniWorld(group([], max: 20), desired: 10, fleet: fleet(10))
        world.tick(at: 0)
        world.policy.maxSize = 4
        let evaluation = world.tick(at: 10)
        #expect(
            evaluation.decision
                == Decision(
                    previousDesired: 10, desired: 4,
                    reasons: [Reason(capacity: 4, fact: .limitedToMaximum(wanted: 10))]))
        #expect(evaluation.instances("drain").count == 6)
    }

    @Test("a reload keeps the states of alarms that stay, and new ones start without data")
    func reloadedAlarms() {
        var world = MiniWorld(group([], max: 20))
        world.see(visible: 20)
        world.tick(at: 0)
        #expect(world.state.alarms.map(\.state) == [.alarm, .alarm])
        world.policy.alarms = [.up("new"), world.policy.alarms[1]]
        world.tick(at: 10, measured: false)
        #expect(world.state.alarms.map(\.name) == ["new", "down"])
        #expect(world.state.alarms.map(\.state) == [.insufficientData, .alarm])
        #expect(world.state.alarms[1].since == .at(0))
    }

    @Test("a source that fails holds scale-in, and says since when it is blind")
    func missingDataHoldsScaleIn() {
        var world = MiniWorld(
            group([.simple("in", on: "down", .changeInCapacity, -4)]), desired: 5, fleet: fleet(5))
        world.policy.alarms[1].missingData = .breaching
        world.see(visible: 90)
        world.tick(at: 0)
        world.measurement = .unreachable
        var held: Evaluation?
        for second in stride(from: 10.0, through: 300, by: 10) {
            let evaluation = world.tick(at: second)
            #expect(evaluation.decision.desired == 5)
            if evaluation.codes.contains("held_by_missing_data") { held = evaluation }
        }
        #expect(
            held?.decision.reasons[0].sentence
                == "nothing believed of the source since 12:00:10 (connection refused); fallback: hold")
        #expect(held?.decision.reasons[1].sentence == "in: no scale-in on missing data, last measured at 12:00:00")
        // Data are back: what was held proceeds at once.
        world.see(visible: 20)
        #expect(world.tick(at: 310).decision.desired == 1)
    }

    @Test("a source that fails does not hold scale-out")
    func missingDataAllowsScaleOut() {
        var world = MiniWorld(
            group([.always("out", on: "up", .changeInCapacity, 1, warmup: .zero)]), desired: 1, fleet: fleet(1))
        world.see(visible: 20)
        world.tick(at: 0)
        world.measurement = .unreachable
        for second in stride(from: 10.0, through: 60, by: 10) { world.tick(at: second) }
        #expect(world.state.desiredCapacity == 3)
    }

    @Test("without any datapoint in view a step policy has nothing to choose by")
    func noDatapoint() {
        var world = MiniWorld(
            group([.always("in", on: "down", .changeInCapacity, -4)]), desired: 5, fleet: fleet(5))
        world.policy.alarms[1].missingData = .breaching
        world.measurement = .unreachable
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 5)
        #expect(evaluation.decision.reasons.map(\.sentence) == ["in: down has no datapoint to choose a step by"])
    }

    @Test("a figure that the source never has is no evidence for scaling in, however its absence is treated")
    func figureThatIsNeverTold() {
        let never = AlarmDefinition(
            name: "quiet", metric: .builtIn(.oldestAge), statistic: .maximum, period: .seconds(60),
            comparison: .greaterThan, threshold: 0, missingData: .breaching)
        var world = MiniWorld(
            GroupPolicy(
                name: "g", minSize: 0, maxSize: 9, alarms: [never],
                scalingPolicies: [.simple("in", on: "quiet", .exactCapacity, 0)]), desired: 1, fleet: fleet(1))
        world.measurement = Measurement(
            visible: .value(0), inFlight: .value(0), delayed: .value(0), oldestAge: .missing(.notTold))
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 1)
        #expect(evaluation.codes == ["held_by_missing_data"])
        // Scaling out on missing data is the user's word.
        world.policy.scalingPolicies = [.simple("out", on: "quiet", .exactCapacity, 3)]
        #expect(world.tick(at: 60).decision.desired == 3)
    }

    @Test("each transition into ALARM invokes at once; staying there, once a minute")
    func invocations() {
        var flapping = AlarmDefinition.up()
        flapping.period = .seconds(10)
        var world = MiniWorld(
            GroupPolicy(
                name: "g", minSize: 0, maxSize: 99, alarms: [flapping],
                scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1)]))
        var invokedAt: [Double] = []
        for second in stride(from: 0.0, through: 180, by: 10) {
            world.see(visible: second == 20 ? 0 : 5)
            if world.tick(at: second).codes == ["proposed"] { invokedAt.append(second) }
        }
        #expect(invokedAt == [0, 30, 90, 150])
    }

    @Test("suspended alarm notifications invoke nothing; resumed, an alarm that is up acts")
    func suspendedAlarms() {
        var world = MiniWorld(group([.always("out", on: "up", .changeInCapacity, 1)]))
        world.see(visible: 20)
        let suspended = world.tick(at: 0, requests: [.suspend([.alarmNotification])])
        #expect(suspended.decision.desired == 0)
        #expect(suspended.decision.reasons.map(\.sentence) == ["AlarmNotification is suspended"])
        let resumed = world.tick(at: 10, requests: [.resume([.alarmNotification])])
        #expect(resumed.decision.desired == 1)
    }

    @Test("what an operator sets beyond the bounds is clamped, and the answer says so")
    func operatorBeyondBounds() {
        var world = MiniWorld(group([], max: 20))
        let evaluation = world.tick(at: 0, measured: false, requests: [.setDesired(50, honorCooldown: false)])
        #expect(evaluation.decision.desired == 20)
        #expect(evaluation.codes == ["set_by_operator", "limited_to_maximum"])
        #expect(
            evaluation.answers[0].result
                == .accepted("desired capacity is 20: limited to the maximum 20, wanted 50"))
    }
}
