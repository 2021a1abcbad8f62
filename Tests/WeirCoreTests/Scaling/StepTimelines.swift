import Testing
import WeirCore

@Suite("Step scaling as the published examples tell it")
struct StepTimelines {
    /// Threshold 50; out 10 % from 60 and 30 % from 70, in 10 % from 40 and 30 % from 30.
    private let policy = GroupPolicy(
        name: "web", minSize: 0, maxSize: 100, pollInterval: .seconds(60),
        alarms: [
            AlarmDefinition(
                name: "high", metric: .builtIn(.visible), statistic: .average, period: .seconds(60),
                comparison: .greaterThanOrEqual, threshold: 50),
            AlarmDefinition(
                name: "low", metric: .builtIn(.visible), statistic: .average, period: .seconds(60),
                comparison: .lessThan, threshold: 50),
        ],
        scalingPolicies: [
            ScalingPolicy(
                name: "out", alarm: "high",
                kind: .step(
                    StepScaling(
                        adjustmentType: .percentChangeInCapacity,
                        steps: [
                            StepAdjustment(lower: 0, upper: 10, adjustment: 0),
                            StepAdjustment(lower: 10, upper: 20, adjustment: 10),
                            StepAdjustment(lower: 20, adjustment: 30),
                        ], instanceWarmup: .seconds(120)))),
            ScalingPolicy(
                name: "in", alarm: "low",
                kind: .step(
                    StepScaling(
                        adjustmentType: .percentChangeInCapacity,
                        steps: [
                            StepAdjustment(lower: -10, upper: 0, adjustment: 0),
                            StepAdjustment(lower: -20, upper: -10, adjustment: -10),
                            StepAdjustment(upper: -20, adjustment: -30),
                        ], instanceWarmup: .seconds(120)))),
        ])

    struct Row: CustomTestStringConvertible {
        var metric: Double
        var desired: Int
        var because: [String]
        var note: String

        var testDescription: String { note }
    }

    @Test("every minute or so another value, with all instances warm again in between")
    func workedExample() {
        let rows = [
            Row(metric: 45, desired: 10, because: ["proposed"], note: "between 40 and 60 nothing changes"),
            Row(metric: 60, desired: 11, because: ["proposed"], note: "10 % of 10"),
            Row(metric: 70, desired: 14, because: ["proposed"], note: "30 % of 11 is 3.3, so 3"),
            Row(metric: 40, desired: 13, because: ["proposed"], note: "10 % of 14 is 1.4, so 1"),
            Row(metric: 30, desired: 10, because: ["proposed"], note: "30 % of 13 is 3.9, so 3"),
        ]
        var world = MiniWorld(policy, desired: 10, fleet: fleet(10))
        for (index, row) in rows.enumerated() {
            world.see(visible: row.metric)
            let evaluation = world.tick(at: Double(index) * 300)
            #expect(evaluation.decision.desired == row.desired, "\(row.note)")
            #expect(evaluation.codes == row.because, "\(row.note)")
            // Launches come up, drained ones go, warmups pass.
            world.see(visible: 50)
            for pause in stride(from: 60.0, to: 300, by: 60) {
                world.tick(at: Double(index) * 300 + pause, measured: false)
            }
        }
    }

    @Test("while the eleventh warms up, 10 % more is still 11, and 30 % more is 13")
    func warmup() {
        var world = MiniWorld(policy, desired: 10, fleet: fleet(10))
        world.see(visible: 60)
        #expect(world.tick(at: 0).decision.desired == 11)
        world.see(visible: 62)
        let second = world.tick(at: 60)
        #expect(second.decision.desired == 11)
        #expect(
            second.decision.reasons[0].sentence
                == "out: 12 over the threshold, step [10, 20) adds 1, 10 % of 10, counted from 10, "
                + "and 11 are desired already")
        world.see(visible: 70)
        let third = world.tick(at: 120)
        #expect(third.decision.desired == 13)
        #expect(third.instances("launch").count == 2)
    }

    @Test("scale-in waits until everything is warm, and is tried again at that moment")
    func scaleInWaitsForWarmup() throws {
        var world = MiniWorld(policy, desired: 11, fleet: fleet(10) + [.inService("i-young", since: -60)])
        world.see(visible: 40)
        let held = world.tick(at: 0)
        #expect(held.decision.desired == 11)
        #expect(held.codes == ["held_by_warmup"])
        #expect(
            held.decision.reasons[0].sentence
                == "in: scale-in held by the warmup of i-young until 12:01:00")
        #expect(held.nextMeasurement == .at(60))
        let released = world.tick(at: 60)
        #expect(released.decision.desired == 10)
    }

    @Test("what is on its way out already is not removed again")
    func leavingInstancesStillCount() {
        var world = MiniWorld(policy, desired: 10, fleet: fleet(10))
        world.see(visible: 40)
        #expect(world.tick(at: 0).decision.desired == 9)
        // Its drain is answered, but it takes long to stop: the launcher still lists it.
        world.tick(at: 10, measured: false)
        var stuck = world.state
        for index in stuck.fleet.indices where stuck.fleet[index].lifecycleState != .inService {
            #expect(stuck.fleet[index].lifecycleState == .terminating)
        }
        stuck.alarms[1].lastInvoked = nil
        let running = Listing.instances(stuck.fleet.map { ListedInstance(id: $0.id, phase: .running) })
        let evaluation = evaluate(
            policy, stuck, Observation(measurement: world.measurement, listing: running), at: .at(60))
        #expect(evaluation.decision.desired == 9)
        #expect(evaluation.decision.reasons[0].sentence.contains("removes 1, 10 % of 10, counted from 10"))
    }

    @Test("no step for the metric: nothing happens, and the reason says so")
    func noStep() {
        var gappy = policy
        gappy.scalingPolicies = [
            ScalingPolicy(
                name: "out", alarm: "high",
                kind: .step(
                    StepScaling(
                        adjustmentType: .changeInCapacity, steps: [StepAdjustment(lower: 100, adjustment: 5)])))
        ]
        var world = MiniWorld(gappy, desired: 2, fleet: fleet(2))
        world.see(visible: 60)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 2)
        #expect(evaluation.decision.reasons.map(\.sentence) == ["out: no step for 10 over the threshold"])
    }

    @Test("one message and a slow start launch one worker, however often the alarm repeats")
    func slowStart() {
        var world = MiniWorld(
            GroupPolicy(
                name: "mail", minSize: 0, maxSize: 20, alarms: [.up()],
                scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1, warmup: .seconds(30))]))
        world.startTime = .seconds(400)
        world.see(visible: 1)
        for second in stride(from: 0.0, through: 420, by: 10) { world.tick(at: second) }
        #expect(world.launched.count == 1)
        #expect(world.state.desiredCapacity == 1)
        // Warm, and the message still waits: now there is a reason for a second one.
        for second in stride(from: 430.0, through: 500, by: 10) { world.tick(at: second) }
        #expect(world.state.desiredCapacity == 2)
    }

    @Test("launches that fail do not multiply what is asked for")
    func failingLaunchesDoNotMultiply() {
        var world = MiniWorld(
            GroupPolicy(
                name: "mail", minSize: 0, maxSize: 20, alarms: [.up()],
                scalingPolicies: [.always("out", on: "up", .changeInCapacity, 2, warmup: .seconds(30))]))
        world.launchFailure = "no such image"
        world.see(visible: 9)
        for second in stride(from: 0.0, through: 600, by: 10) { world.tick(at: second) }
        #expect(world.state.desiredCapacity == 2)
    }
}
