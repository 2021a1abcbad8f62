import Testing
import WeirCore

/// The accidents that people tell of again and again, each as a timeline, with what goes wrong elsewhere.
@Suite("Named scenarios")
struct NamedScenarios {
    // MARK: One message and a slow start

    struct Growing: CustomTestStringConvertible {
        var policy: ScalingPolicy
        var testDescription: String
    }

    private static func step(_ type: AdjustmentType, warmup: Duration?) -> ScalingPolicy {
        .always("out", on: "up", type, type == .percentChangeInCapacity ? 100 : 1, magnitude: 1, warmup: warmup)
    }

    private static let growing = [
        Growing(policy: step(.changeInCapacity, warmup: .zero), testDescription: "a step without warmup"),
        Growing(policy: step(.changeInCapacity, warmup: .seconds(5)), testDescription: "a step with a short warmup"),
        Growing(policy: step(.changeInCapacity, warmup: nil), testDescription: "a step with the usual warmup"),
        Growing(policy: step(.exactCapacity, warmup: .zero), testDescription: "an exact capacity"),
        Growing(
            policy: .simple("out", on: "up", .changeInCapacity, 1, cooldown: .zero),
            testDescription: "a simple policy without cooldown"),
        Growing(
            policy: .simple("out", on: "up", .changeInCapacity, 1), testDescription: "a simple policy with a cooldown"),
        Growing(policy: .simple("out", on: "up", .exactCapacity, 1), testDescription: "a simple one, exact"),
    ]

    /// Elsewhere each evaluation of the alarm while the worker pulls its image adds another worker; ten are there when the
    /// first is ready, for one message. And where only starting instances are counted, one more comes when the first is up,
    /// because the datapoint still tells of the minute before.
    @Test("one message and a slow start launch one worker", arguments: growing, [0.0, 7, 15, 65, 200, 545])
    func slowStart(_ row: Growing, _ startTime: Double) {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, alarms: [.up()], scalingPolicies: [row.policy])
        policy.suspicion.believeZeroAfter = 1
        var world = MiniWorld(policy)
        world.startTime = .seconds(startTime)
        world.see(visible: 1)
        for second in stride(from: 0.0, through: 1200, by: 10) {
            world.tick(at: second)
            // The worker takes the message as soon as it runs.
            if let first = world.workers.first, world.canReceive(first.id) { world.see(visible: 0, inFlight: 1) }
        }
        #expect(world.launched.count == 1)
        #expect(world.state.desiredCapacity == 1)
    }

    /// Policies are asked between two evaluations of their alarms, too, whose states are of the last one.
    @Test("also when a cooldown ends between two evaluations of the alarm", arguments: [15.0, 47, 65, 108])
    func slowStartBetweenEvaluations(_ startTime: Double) {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, pollInterval: .seconds(20), alarms: [.up()],
            scalingPolicies: [.simple("out", on: "up", .changeInCapacity, 1, cooldown: .seconds(60))])
        policy.alarms[0].cadence = .cloudWatch
        policy.suspicion.believeZeroAfter = 1
        var world = MiniWorld(policy)
        world.startTime = .seconds(startTime)
        world.see(visible: 1)
        for second in stride(from: 0.0, through: 600, by: 1) {
            world.tick(at: second)
            if let first = world.workers.first, world.canReceive(first.id) { world.see(visible: 0, inFlight: 1) }
        }
        #expect(world.launched.count == 1)
    }

    /// The same for target tracking: the backlog for each instance is as high as before until the new ones have worked.
    @Test("target tracking counts what is being launched", arguments: [0.0, 15, 65, 200, 545], [0.0, 300])
    func slowStartOfTracking(_ startTime: Double, _ warmup: Double) throws {
        let tracking = TargetTracking(
            metric: .named("each"), target: 100, instanceWarmup: .seconds(warmup))
        let policy = GroupPolicy(
            name: "g", minSize: 1, maxSize: 100,
            metrics: [NamedMetric(name: "each", expression: try .parse("visible / max(in_service, 1)"))],
            scalingPolicies: [ScalingPolicy(name: "keep", tracking: tracking)])
        var world = MiniWorld(policy, desired: 1, fleet: fleet(1))
        world.startTime = .seconds(startTime)
        world.see(visible: 300)
        world.run(until: 1200, every: 10)
        #expect(world.state.desiredCapacity == 3)
        #expect(world.launched.count == 2)
    }

    /// An instance that never arrives is given up after its time; then, and not before, another takes its place.
    @Test("a launch that times out is replaced by one, not by two")
    func timedOut() {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, launchTimeout: .seconds(300), alarms: [.up()],
            scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1)])
        var world = MiniWorld(policy)
        world.startTime = .seconds(100_000)
        world.see(visible: 1)
        world.run(until: 290, every: 10)
        #expect(world.launched.count == 1)
        world.run(until: 590, every: 10)
        #expect(world.launched.count == 2)
        #expect(world.state.count(.pending) == 1)
    }

    /// What really grows is not held back by any of this.
    @Test("a backlog that outlasts the new instances goes on adding")
    func realNeed() {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, alarms: [.up()],
            scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1)])
        var world = MiniWorld(policy)
        world.see(visible: 500)
        world.run(until: 200, every: 10)
        #expect(world.state.desiredCapacity == 4)
    }

    // MARK: Work that cannot be seen

    private func downToZero(_ metric: MetricID = .builtIn(.outstanding)) -> GroupPolicy {
        GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, alarms: [.up(), .down(metric: metric)],
            scalingPolicies: [
                .always("out", on: "up", .exactCapacity, 3), .always("in", on: "down", .exactCapacity, 0),
            ])
    }

    /// Elsewhere only what waits is counted: the queue looks empty as soon as the last message is taken, and the group goes
    /// to zero while all of it is being worked on.
    @Test("work in flight counts")
    func inFlight() {
        var world = MiniWorld(downToZero(), desired: 3, fleet: fleet(3))
        world.sourceKnowsHolders = false
        world.see(visible: 0, inFlight: 3)
        world.run(until: 3600, every: 10)
        #expect(world.state.desiredCapacity == 3 && world.workers.count == 3)
        world.see(visible: 0, inFlight: 0)
        world.run(until: 3720, every: 10)
        #expect(world.workers.isEmpty)
    }

    /// Elsewhere a message whose visibility timeout has passed counts as nobody's, and its slow worker as idle: it is ended
    /// just before it would have acknowledged, and the work is done twice.
    @Test("unacknowledged is not idle")
    func unacknowledged() {
        var world = MiniWorld(downToZero(.builtIn(.inFlight)), desired: 3, fleet: fleet(3))
        world.receive(1, by: InstanceID("i-2"))
        // The timeout has passed: nothing is in flight for the queue, and i-2 still works.
        world.see(visible: 0, inFlight: 0)
        world.run(until: 3600, every: 10)
        #expect(world.state.desiredCapacity == 0)
        #expect(world.workers.map(\.id.text) == ["i-2"])
        world.finish(InstanceID("i-2"))
        world.run(until: 3700, every: 10)
        #expect(world.workers.isEmpty && world.stoppedBusy.isEmpty)
    }

    // MARK: Sources that fail

    /// Elsewhere a metric that cannot be read is taken as zero, or as "below the threshold", and a broker that restarts takes
    /// all workers with it.
    @Test(
        "a source outage does not scale to zero",
        arguments: [
            Measurement.unreachable, .messages(visible: 0), .messages(visible: -1), .messages(visible: .nan),
            .missing(.notTold),
        ], MissingDataTreatment.allCases)
    func outage(_ outage: Measurement, _ treatment: MissingDataTreatment) {
        var world = MiniWorld(downToZero(), desired: 3, fleet: fleet(3))
        for index in world.policy.alarms.indices {
            world.policy.alarms[index].missingData = treatment
            // So that one false reading is all that is in view.
            world.policy.alarms[index].period = .seconds(10)
        }
        world.see(visible: 400, inFlight: 3)
        world.run(until: 300, every: 10)
        world.measurement = outage
        // A false zero lasts for less than it takes to be believed; other failures as long as they like.
        world.run(until: outage.visible == .value(0) ? 320 : 7200, every: 10)
        #expect(world.state.desiredCapacity == 3 && world.workers.count == 3)
        world.see(visible: 400, inFlight: 3)
        world.run(until: 7800, every: 10)
        #expect(world.state.desiredCapacity == 3 && world.launched.isEmpty)
    }

    /// Elsewhere the fallback is computed as a share of what runs, or needs a metric that was read once: from zero it never
    /// comes into force, and a queue that fills during the outage waits for people.
    @Test("the fallback works from zero, though no measurement ever succeeded")
    func fallbackFromZero() {
        var world = MiniWorld(downToZero())
        world.policy.fallback = SourceFallback(.floor(2))
        world.measurement = .unreachable
        world.run(until: 120, every: 10)
        #expect(world.state.lastMeasured == nil)
        #expect(world.state.count(.inService) == 2)
    }

    // MARK: Failing and waiting

    /// Elsewhere a worker that cannot start is started as fast as the machine allows, for as long as the message is there.
    @Test("a crashing job is not relaunched for ever")
    func crashing() {
        var world = MiniWorld(downToZero())
        world.policy.scalingPolicies[0] = .always("out", on: "up", .exactCapacity, 1)
        world.see(visible: 1)
        for second in stride(from: 0.0, through: 3600, by: 1) {
            world.tick(at: second)
            for worker in world.workers where worker.exit == nil { world.end(worker.id, code: 1, log: ["boom"]) }
        }
        #expect(world.launched.count >= 10 && world.launched.count <= 30, "\(world.launched.count)")
        #expect(world.state.launchBackoff?.logTail == ["boom"])
        #expect(world.last?.codes.contains("held_by_launch_backoff") == true)
    }

    /// Elsewhere one cooldown holds both directions: after a scale-in, a burst waits five minutes for its workers.
    @Test("the cooldown of a scale-in does not delay a scale-out")
    func cooldown() {
        var world = MiniWorld(downToZero(), desired: 3, fleet: fleet(3))
        world.policy.scalingPolicies[1] = .simple("in", on: "down", .changeInCapacity, -1, cooldown: .seconds(3600))
        world.see(visible: 0)
        world.run(until: 60, every: 10)
        #expect(world.state.desiredCapacity == 2)
        #expect(world.state.cooldown?.until != nil)
        world.see(visible: 5)
        #expect(world.tick(at: 70).decision.desired == 3)
    }

    /// Elsewhere a scale-in that waits for a worker to finish its six-hour job blocks every later activity of the group.
    @Test("long drains do not freeze scaling")
    func longDrains() {
        var leaving = Instance.inService("i-9")
        leaving.lifecycleState = .terminating
        leaving.departure = .scaleIn
        var world = MiniWorld(downToZero(), desired: 2, fleet: fleet(2) + [leaving])
        world.policy.scalingPolicies[0] = .always("out", on: "up", .changeInCapacity, 6)
        world.see(visible: 50)
        #expect(world.tick(at: 0).decision.desired == 8)
        world.run(until: 30, every: 10)
        #expect(world.state.count(.inService) == 8)
        world.policy.suspicion.believeZeroAfter = 1
        world.see(visible: 0)
        world.run(until: 200, every: 10)
        #expect(world.state.desiredCapacity == 0)
        #expect(world.state.fleet.map(\.id.text) == ["i-9"], "it works on, and nobody waits for it")
    }

    /// Elsewhere a policy that asks for 40 of at most 10 is an error, and nothing is launched at all.
    @Test("a desired value above the maximum is clamped, not refused")
    func clamped() {
        var world = MiniWorld(downToZero())
        world.policy.scalingPolicies[0] = .always("out", on: "up", .changeInCapacity, 40)
        world.see(visible: 5)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 10)
        #expect(evaluation.codes == ["proposed", "limited_to_maximum"])
        let asked = world.tick(at: 1, requests: [.setDesired(1000, honorCooldown: false)])
        #expect(
            asked.answers.map(\.result) == [
                .accepted("desired capacity is 10: limited to the maximum 10, wanted 1000")
            ])
    }
}
