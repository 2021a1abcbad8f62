import Testing
import WeirCore

@Suite("Following the backlog, without an alarm")
struct BacklogTimelines {
    private func group(
        _ tracking: BacklogTracking = BacklogTracking(), min: Int = 0, max: Int = 100, concurrency: Int = 1,
        others: [ScalingPolicy] = [], alarms: [AlarmDefinition] = []
    ) -> GroupPolicy {
        GroupPolicy(
            name: "mail", minSize: min, maxSize: max, pollInterval: .seconds(10), concurrency: concurrency,
            alarms: alarms, scalingPolicies: others + [ScalingPolicy(name: "follow", backlog: tracking)])
    }

    private func sentences(_ evaluation: Evaluation) -> [String] { evaluation.decision.reasons.map(\.sentence) }

    /// Nothing holds it back in either direction.
    private static let atOnce = BacklogTracking(scaleIn: ScalingBehavior(.window(.zero)))

    /// One tick with so much work.
    private func desired(_ policy: GroupPolicy, visible: Double, inFlight: Double = 0, from desired: Int = 0) -> Int {
        var world = MiniWorld(policy, desired: desired, fleet: fleet(desired))
        world.see(visible: visible, inFlight: inFlight)
        return world.tick(at: 0).decision.desired
    }

    @Test("20 waiting and 3 in flight are 23 instances, and the reasons say so")
    func oneEach() {
        var world = MiniWorld(group())
        world.see(visible: 20, inFlight: 3)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 23)
        #expect(sentences(evaluation) == ["follow: 20 waiting and 3 in flight, 1 for each instance: 23 instances"])
        #expect(evaluation.plan.actions.count == 23)
    }

    @Test(
        "work, divided by what one instance has to its account, and some to spare",
        arguments: [
            (0.0, InstanceAmount.instances(0), nil as Double?, 0), (0, .instances(2), nil, 2),
            (0, .percent(10), nil, 0), (1, .percent(10), nil, 2), (23, .instances(1), nil, 24),
            (70, .percent(10), nil, 77), (23, .instances(0), 10, 3), (20, .instances(0), 10, 2),
            (0.3, .instances(0), 0.1, 3), (1e300, .instances(0), nil, 100),
        ])
    func need(_ messages: Double, _ spare: InstanceAmount, _ perInstance: Double?, _ expected: Int) {
        let tracking = BacklogTracking(messagesPerInstance: perInstance, spare: spare)
        #expect(desired(group(tracking), visible: messages) == expected)
    }

    @Test("the group's concurrency is what one instance has to its account")
    func concurrency() {
        #expect(desired(group(concurrency: 8), visible: 17) == 3)
    }

    @Test("its own floor and ceiling hold for what it asks, and the group's bounds come after")
    func bounds() {
        let tracking = BacklogTracking(
            minimum: 2, maximum: 12, scaleIn: ScalingBehavior(.window(.zero)))
        #expect(desired(group(tracking), visible: 0) == 2)
        #expect(desired(group(tracking), visible: 50) == 12)
        var world = MiniWorld(group(tracking, max: 8))
        world.see(visible: 50)
        #expect(
            sentences(world.tick(at: 0)) == [
                "follow: 50 waiting and 0 in flight, 1 for each instance: 50 instances, at most 12 by its max",
                "limited to the maximum 8, wanted 12",
            ])
    }

    @Test("instances on their way count as there: a slow start leads to no second launch for the same work")
    func slowStart() {
        var world = MiniWorld(group())
        world.startTime = .seconds(300)
        world.see(visible: 5)
        world.run(until: 290, every: 10)
        #expect(world.launched.count == 5)
        #expect(world.state.desiredCapacity == 5)
    }

    @Test("a launch that has timed out is not there, and another one takes its place")
    func timedOut() {
        var world = MiniWorld(group())
        world.startTime = .seconds(100_000)
        world.see(visible: 1)
        world.run(until: 590, every: 10)
        #expect(Set(world.launched).count == 1)
        world.run(until: 700, every: 10)
        #expect(Set(world.launched).count == 2)
        #expect(world.state.desiredCapacity == 1)
    }

    // MARK: Stabilization

    @Test("scale-in follows the largest recommendation of the last 5 min, and says until when")
    func scaleInWindow() {
        var world = MiniWorld(group(), desired: 9, fleet: fleet(9))
        world.see(visible: 9)
        world.tick(at: 0)
        world.see(visible: 4)
        let held = world.tick(at: 10)
        #expect(held.decision.desired == 9 && held.decision.isQuiet)
        #expect(
            sentences(held) == [
                "follow: 4 waiting and 0 in flight, 1 for each instance: 4 instances",
                "follow: no fewer than 9 before 12:05:00, by what was recommended in the last 300s; 4 would do now",
            ])
        world.run(until: 90, every: 10)
        world.see(visible: 6)
        world.tick(at: 100)
        world.see(visible: 4)
        world.run(until: 290, every: 10)
        #expect(world.state.desiredCapacity == 9)
        world.tick(at: 300)
        #expect(world.state.desiredCapacity == 6)
        world.run(until: 390, every: 10)
        #expect(world.state.desiredCapacity == 6)
        world.tick(at: 400)
        #expect(world.state.desiredCapacity == 4)
    }

    @Test("scale-out with a window follows the smallest recommendation in it")
    func scaleOutWindow() {
        let tracking = BacklogTracking(scaleOut: ScalingBehavior(.window(.seconds(30))))
        var world = MiniWorld(group(tracking))
        world.see(visible: 0)
        world.tick(at: 0)
        world.see(visible: 8)
        #expect(world.tick(at: 10).decision.desired == 0)
        world.see(visible: 5)
        #expect(world.tick(at: 20).decision.desired == 0)
        world.see(visible: 8)
        #expect(world.tick(at: 30).decision.desired == 5)
        #expect(world.tick(at: 50).decision.desired == 8)
    }

    @Test("three of five votes: as far as three of them agree, in either direction")
    func votes() {
        let vote = ScalingBehavior(.votes(.init(3, of: 5)))
        var world = MiniWorld(group(BacklogTracking(scaleOut: vote, scaleIn: vote)), desired: 5, fleet: fleet(5))
        func capacities(_ world: inout MiniWorld, _ backlogs: [Double], from second: Double) -> [Int] {
            backlogs.enumerated().map { index, backlog in
                world.see(visible: backlog)
                return world.tick(at: second + Double(index) * 10).decision.desired
            }
        }
        // Two are not enough; the third is, as far as all three go.
        #expect(capacities(&world, [20, 12, 5, 30], from: 0) == [5, 5, 5, 12])
        #expect(capacities(&world, [2, 1, 20, 3], from: 40) == [12, 5, 5, 3])
        #expect(
            sentences(world.tick(at: 80)).first
                == "follow: 3 waiting and 0 in flight, 1 for each instance: 3 instances")
    }

    // MARK: Rates

    @Test("10 each minute: from where the capacity was a minute ago, whoever has set it")
    func scaleOutRate() {
        let rate = ScalingRate(.instances(10), each: .seconds(60))
        let tracking = BacklogTracking(scaleOut: ScalingBehavior(.window(.zero), maxRate: rate))
        var world = MiniWorld(group(tracking))
        world.see(visible: 34)
        let first = world.tick(at: 0)
        #expect(first.decision.desired == 10)
        #expect(sentences(first).last == "follow: limited to 10 by 10 each 60s from 0, wanted 34")
        world.run(until: 50, every: 10)
        #expect(world.state.desiredCapacity == 10)
        world.tick(at: 60)
        #expect(world.state.desiredCapacity == 20)
        world.tick(at: 70, requests: [.setDesired(3, honorCooldown: false)])
        #expect(world.state.desiredCapacity == 20)
    }

    @Test("a share of the capacity, rounded up, at least one: 25 % of 10 are 3")
    func scaleInRate() {
        let rate = ScalingRate(.percent(25), each: .seconds(60))
        let tracking = BacklogTracking(scaleIn: ScalingBehavior(.window(.zero), maxRate: rate))
        var world = MiniWorld(group(tracking), desired: 10, fleet: fleet(10))
        world.see(visible: 0)
        var capacities: [Int] = []
        for minute in 0..<7 { capacities.append(world.tick(at: Double(minute) * 60).decision.desired) }
        #expect(capacities == [7, 5, 3, 2, 1, 0, 0])
    }

    @Test("it may only add")
    func addsOnly() {
        var tracking = Self.atOnce
        tracking.disableScaleIn = true
        #expect(desired(group(tracking), visible: 0, from: 4) == 4)
        #expect(desired(group(tracking), visible: 6, from: 4) == 6)
    }

    // MARK: Not knowing

    @Test("nothing is recommended while the source does not answer, and its silence is no small backlog")
    func missing() {
        var world = MiniWorld(group(Self.atOnce), desired: 4, fleet: fleet(4))
        world.see(visible: 4)
        world.tick(at: 0)
        world.measurement = .unreachable
        let blind = world.tick(at: 10)
        #expect(blind.decision.desired == 4)
        #expect(sentences(blind) == ["follow: no change, as what waits is not known, last measured at 12:00:00"])
        world.see(visible: 2)
        #expect(world.tick(at: 20).decision.desired == 2)
    }

    @Test("after a time in which nobody looked, the window begins anew")
    func gap() {
        var world = MiniWorld(group(), desired: 4, fleet: fleet(4))
        world.see(visible: 4)
        world.tick(at: 0)
        world.see(visible: 1)
        #expect(world.tick(at: 3600).decision.desired == 4)
        world.run(until: 3890, every: 10)
        #expect(world.state.desiredCapacity == 4)
        world.tick(at: 3900)
        #expect(world.state.desiredCapacity == 1)
    }

    @Test("while what is in flight cannot be told on this tick, it adds and does not remove")
    func inFlightFailed() {
        var world = MiniWorld(group(Self.atOnce), desired: 4, fleet: fleet(4))
        world.see(visible: 4)
        world.tick(at: 0)
        world.measurement.inFlight = .missing(.sourceFailed("timeout"))
        world.measurement.visible = .value(1)
        #expect(world.tick(at: 10).decision.reasons.map(\.code) == ["held_by_missing_data"])
        world.measurement.visible = .value(9)
        #expect(world.tick(at: 20).decision.desired == 9)
    }

    @Test(
        "a source that leaves out what is in flight, and has told it before: it adds and does not remove, for twelve hours"
    )
    func inFlightLeftOut() {
        var world = MiniWorld(group(Self.atOnce), desired: 4, fleet: fleet(4))
        world.see(visible: 0, inFlight: 4)
        world.tick(at: 0)
        world.measurement.inFlight = .missing(.notTold)
        let held = world.tick(at: 10)
        #expect(held.decision.desired == 4)
        #expect(sentences(held) == ["follow: no scale-in, as the source leaves out 'in_flight', last told at 12:00:00"])
        world.measurement.visible = .value(5)
        #expect(world.tick(at: 20).decision.desired == 5)
        // Also after a time in which nobody looked, and until the last message is surely back.
        world.measurement.visible = .value(0)
        #expect(world.tick(at: 12 * 3600).decision.desired == 5)
        #expect(world.tick(at: 12 * 3600 + 10).decision.desired == 0)
    }

    @Test("what another source has told holds nothing")
    func anotherSource() {
        var world = MiniWorld(group(Self.atOnce), desired: 4, fleet: fleet(4))
        world.see(visible: 0, inFlight: 4)
        world.tick(at: 0)
        world.measurement.inFlight = .missing(.notTold)
        #expect(world.tick(at: 10).decision.desired == 4)
        world.state.measuresAnew()
        #expect(world.tick(at: 20).decision.desired == 0)
    }

    @Test("a source that never tells what is in flight: what instances hold stands for it")
    func inFlightNotTold() {
        var world = MiniWorld(group(Self.atOnce), desired: 2, fleet: fleet(2))
        world.receive(1, by: InstanceID("i-1"))
        world.receive(1, by: InstanceID("i-2"))
        world.measurement.inFlight = .missing(.notTold)
        world.measurement.visible = .value(1)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 3)
        #expect(
            sentences(evaluation)
                == ["follow: 1 waiting, 2 known to be in hand, 1 for each instance: 3 instances"])
        // Also where that is fewer.
        world.finish(InstanceID("i-2"))
        world.measurement.visible = .value(0)
        #expect(world.tick(at: 10).decision.desired == 1)
    }

    // MARK: In company

    @Test("beside a step policy the larger one is followed, and the other one is named")
    func outranked() {
        var world = MiniWorld(
            group(others: [.always("out", on: "up", .exactCapacity, 7)], alarms: [.up()]))
        world.see(visible: 3)
        let first = world.tick(at: 0)
        #expect(first.decision.desired == 7)
        #expect(first.decision.reasons.map(\.code) == ["proposed", "outranked"])
        world.see(visible: 12)
        #expect(world.tick(at: 60).decision.desired == 12)
    }

    @Test("with target tracking beside it, both have to want fewer")
    func agreed() throws {
        var policy = group(Self.atOnce)
        policy = GroupPolicy(
            name: "mail", minSize: 0, maxSize: 100, pollInterval: .seconds(10),
            metrics: [NamedMetric(name: "each", expression: try .parse("visible / max(in_service, 1)"))],
            scalingPolicies: policy.scalingPolicies + [
                ScalingPolicy(
                    name: "keep-up",
                    tracking: TargetTracking(metric: .named("each"), target: 1, instanceWarmup: .zero))
            ])
        var world = MiniWorld(policy, desired: 4, fleet: fleet(4))
        world.see(visible: 1)
        let alone = world.tick(at: 0)
        #expect(alone.decision.desired == 4)
        #expect(sentences(alone) == ["follow: no scale-in, as keep-up does not want it"])
        world.run(until: 1000, every: 10)
        #expect(world.state.desiredCapacity == 1)
    }

    @Test("suspended, it changes nothing and says so; resumed, it goes on")
    func suspended() {
        var world = MiniWorld(group())
        world.see(visible: 3)
        let held = world.tick(at: 0, requests: [.suspend([.alarmNotification])])
        #expect(held.decision.desired == 0)
        #expect(held.decision.reasons.map(\.code) == ["suspended"])
        #expect(world.tick(at: 10, requests: [.resume([.alarmNotification])]).decision.desired == 3)
    }

    @Test("a fixed capacity that a fallback has set stays")
    func fallback() {
        var policy = group()
        policy.fallback = SourceFallback(.capacity(6), after: .seconds(60))
        var world = MiniWorld(policy, desired: 2, fleet: fleet(2))
        world.see(visible: 2)
        world.tick(at: 0)
        world.measurement = .unreachable
        world.run(until: 80, every: 10)
        #expect(world.state.desiredCapacity == 6)
        #expect(world.last?.decision.reasons.map(\.code).contains("held_by_fallback") == true)
    }

    @Test("switched off it is not heard, and what it remembered is forgotten")
    func disabled() {
        var world = MiniWorld(group())
        world.see(visible: 3)
        world.tick(at: 0)
        #expect(world.state.backlogMemories?.map(\.policy) == ["follow"])
        world.policy.scalingPolicies[0].enabled = false
        world.see(visible: 30)
        let evaluation = world.tick(at: 10)
        #expect(evaluation.decision.desired == 3)
        #expect(world.state.backlogMemories == nil)
    }

    @Test("a clock that is set back moves what is remembered along")
    func clockSetBack() {
        var world = MiniWorld(group(), desired: 4, fleet: fleet(4))
        world.see(visible: 4)
        world.tick(at: 0)
        world.see(visible: 1)
        world.run(until: 200, every: 10)
        world.tick(at: -1000)
        world.run(until: -910, every: 10)
        #expect(world.state.desiredCapacity == 4)
        world.tick(at: -900)
        #expect(world.state.desiredCapacity == 1)
    }

    @Test("asked why, it tells how many messages more would have been one instance more")
    func counterfactual() {
        var world = MiniWorld(group(concurrency: 10), desired: 2, fleet: fleet(2))
        world.see(visible: 15)
        world.tick(at: 0)
        world.see(visible: 7)
        let before = world.state
        let evaluation = world.tick(at: 10, listed: false)
        let tick = DecidedTick(
            policy: world.policy, before: before,
            observation: Observation(measurement: world.measurement, held: []), at: world.now, evaluation: evaluation)
        let told = Explanation(tick, lastChange: nil).alternatives.map(\.sentence)
        #expect(told.first == "with 14 more messages waiting (21 instead of 7) it would have scaled out to 3")
    }
}
