import Testing
import WeirCore

@Suite("Target tracking, by its own two alarms")
struct TrackingTimelines {
    private static let perInstance = MetricID.named("per_instance")

    private func group(
        _ tracking: TargetTracking = TargetTracking(metric: perInstance, target: 100, instanceWarmup: .seconds(120)),
        min: Int = 0, others: [ScalingPolicy] = [], alarms: [AlarmDefinition] = []
    ) throws -> GroupPolicy {
        GroupPolicy(
            name: "mail", minSize: min, maxSize: 100, pollInterval: .seconds(60),
            metrics: [
                NamedMetric(name: "per_instance", expression: try .parse("visible / max(in_service, 1)")),
                NamedMetric(name: "age", expression: try .parse("oldest_age")),
            ],
            alarms: alarms, scalingPolicies: [ScalingPolicy(name: "keep-up", tracking: tracking)] + others)
    }

    private func sentences(_ evaluation: Evaluation) -> [String] { evaluation.decision.reasons.map(\.sentence) }

    @Test("its alarms stand behind the file's, under names that are always the same")
    func alarms() throws {
        let policy = try group(alarms: [.up()])
        #expect(policy.alarms.map(\.name).first == "up")
        let owned = policy.alarms.dropFirst()
        #expect(owned.map(\.comparison) == [.greaterThan, .lessThan])
        #expect(owned.map(\.threshold) == [100, 90])
        #expect(owned.map(\.evaluationPeriods) == [3, 15])
        #expect(owned.map(\.datapointsToAlarm) == [3, 15])
        #expect(owned.map(\.period) == [.seconds(60), .seconds(60)])
        let id = "8b3a3e10-2d5c-8f0e-9a44-0c1d2e3f4a5b".count
        for (alarm, side) in zip(owned, ["AlarmHigh", "AlarmLow"]) {
            #expect(alarm.name.hasPrefix("TargetTracking-mail-\(side)-"))
            #expect(alarm.name.count == "TargetTracking-mail-\(side)-".count + id)
        }
        #expect(try group(alarms: [.up()]) == policy)
        var other = try group()
        other = GroupPolicy(name: "post", minSize: 0, maxSize: 1, scalingPolicies: other.scalingPolicies)
        #expect(other.alarms[0].name.hasSuffix(String(policy.alarms[1].name.suffix(id))) == false)
    }

    @Test("without scale-in there is no low alarm; and with the policy both go")
    func alarmsGo() throws {
        let tracking = TargetTracking(metric: Self.perInstance, target: 100, disableScaleIn: true)
        #expect(try group(tracking).alarms.map(\.comparison) == [.greaterThan])
        var world = MiniWorld(try group(), desired: 1, fleet: fleet(1))
        world.tick(at: 0)
        #expect(world.state.alarms.count == 2)
        world.policy = world.policy.retired()
        world.tick(at: 60)
        #expect(world.state.alarms.isEmpty)
    }

    @Test("1,500 messages on 10 instances with a target of 100: after three minutes there are 15")
    func backlog() throws {
        var world = MiniWorld(try group(), desired: 10, fleet: fleet(10))
        world.see(visible: 1500)
        #expect(world.tick(at: 0).decision.desired == 10)
        #expect(world.tick(at: 60).decision.desired == 10)
        let third = world.tick(at: 120)
        #expect(third.alarmTransitions.map(\.to) == [.alarm])
        #expect(third.decision.desired == 15)
        #expect(sentences(third) == ["keep-up: 150 with a target of 100, so 10 instances should be 15"])
    }

    @Test("while the five warm up they count as added already; more need adds only what is more")
    func warmup() throws {
        var world = MiniWorld(try group(), desired: 10, fleet: fleet(10))
        world.see(visible: 1500)
        for second in [0.0, 60, 120] { world.tick(at: second) }
        // 15 in service now, 10 of them warm; 200 on each.
        world.see(visible: 3000)
        let fourth = world.tick(at: 180)
        #expect(fourth.decision.desired == 20)
        world.see(visible: 2400)
        let fifth = world.tick(at: 240)
        #expect(fifth.decision.desired == 20)
        #expect(sentences(fifth)[0].hasSuffix("so 10 instances should be 12, and 20 are desired already"))
        #expect(fifth.decision.isQuiet)
    }

    @Test("scale-in takes fifteen datapoints well below the target, and rounds so that it stays below")
    func scaleIn() throws {
        var world = MiniWorld(try group(), desired: 10, fleet: fleet(10))
        // 35 on each: 3.5 instances would do, so 4 stay.
        world.see(visible: 350)
        for minute in 0..<14 { #expect(world.tick(at: Double(minute) * 60).decision.desired == 10) }
        let evaluation = world.tick(at: 14 * 60)
        #expect(evaluation.decision.desired == 4)
        #expect(sentences(evaluation) == ["keep-up: 35 with a target of 100, so 10 instances should be 4"])
    }

    @Test("nothing goes when one fewer would push the metric over the target")
    func overshoot() throws {
        var world = MiniWorld(try group(quick(50)), desired: 2, fleet: fleet(2))
        world.see(visible: 80)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 2)
        #expect(sentences(evaluation) == ["keep-up: 40 on 2 instances would be above the target of 50 on one fewer"])
        #expect(evaluation.decision.isQuiet)
    }

    @Test("scale-in waits until all are warm")
    func scaleInWaits() throws {
        var tracking = quick(50)
        tracking.instanceWarmup = .seconds(90)
        var world = MiniWorld(try group(tracking), desired: 4, fleet: fleet(3) + [.inService("i-young", since: -60)])
        world.see(visible: 4)
        #expect(world.tick(at: 0).codes == ["held_by_warmup"])
        #expect(world.tick(at: 30).decision.desired == 1)
    }

    @Test("real zeros may lead to nothing; with a minimum of one, to one; at rest it asks for nothing more")
    func zeros() throws {
        var world = MiniWorld(try group(quick(50)), desired: 4, fleet: fleet(4))
        #expect(world.tick(at: 0).decision.desired == 0)
        for second in 1...5 { world.tick(at: Double(second), measured: false) }
        #expect(world.state.fleet.isEmpty)
        #expect(world.tick(at: 120).decision.isQuiet)
        world = MiniWorld(try group(quick(50), min: 1), desired: 4, fleet: fleet(4))
        #expect(world.tick(at: 0).decision.desired == 1)
    }

    @Test("a metric that is missing scales nothing: both alarms have insufficient data")
    func missing() throws {
        var tracking = quick(50)
        tracking.metric = .named("age")
        var world = MiniWorld(try group(tracking), desired: 4, fleet: fleet(4))
        world.measurement = Measurement(
            visible: .value(0), inFlight: .value(0), delayed: .value(0), oldestAge: .missing(.notTold))
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 4)
        #expect(evaluation.codes == ["no_alarm"])
        #expect(world.state.alarms.map(\.state) == [.insufficientData, .insufficientData])
    }

    @Test("a source that fails holds scale-in")
    func blind() throws {
        var tracking = quick(50)
        tracking.scaleInAlarm = AlarmShape(period: .seconds(60), evaluationPeriods: 3, datapointsToAlarm: 1)
        tracking.instanceWarmup = .seconds(60)
        var world = MiniWorld(try group(tracking), desired: 4, fleet: fleet(3) + [.inService("i-young", since: -10)])
        world.tick(at: 0)
        world.measurement = .unreachable
        let evaluation = world.tick(at: 60)
        #expect(evaluation.decision.desired == 4)
        #expect(evaluation.codes == ["held_by_missing_data"])
    }

    @Test("without an instance there is nothing to multiply, and the reason says so")
    func leavingZero() throws {
        var world = MiniWorld(try group(quick(50)), desired: 0)
        world.see(visible: 80)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 0)
        #expect(sentences(evaluation) == ["keep-up: no instance is warm, so there is no capacity to count from"])
    }

    @Test("the answer to an alarm that stays repeats each minute")
    func repeats() throws {
        var policy = try group(quick(50))
        policy.pollInterval = .seconds(10)
        var world = MiniWorld(policy, desired: 1, fleet: fleet(1))
        var changes: [Double] = []
        for second in stride(from: 0.0, through: 180, by: 10) {
            world.see(visible: 90 * Double(max(world.state.ids(.inService).count, 1)))
            let evaluation = world.tick(at: second)
            if evaluation.decision.desired != evaluation.decision.previousDesired { changes.append(second) }
        }
        #expect(changes == [0, 60, 120, 180])
    }

    // MARK: Several of them

    @Test("of two, one that does not want to keeps both from scaling in; agreed, the larger capacity is followed")
    func agreement() throws {
        let tracking = TargetTracking(
            metric: .builtIn(.inFlight), target: 100, instanceWarmup: .zero, scaleOutAlarm: Self.once,
            scaleInAlarm: Self.once)
        var world = MiniWorld(
            try group(quick(50), others: [ScalingPolicy(name: "fellow", tracking: tracking)]), desired: 8,
            fleet: fleet(8))
        world.see(visible: 8 * 10, inFlight: 95)
        let held = world.tick(at: 0)
        #expect(held.decision.desired == 8)
        #expect(sentences(held) == ["keep-up: no scale-in, as fellow does not want it"])
        // The other agrees between two invocations: the next one hears both.
        world.see(visible: 8 * 10, inFlight: 60)
        let agreed = world.tick(at: 60)
        #expect(agreed.decision.desired == 5)
        #expect(agreed.codes == ["proposed", "outranked"])
    }

    @Test("the other one is heard on the same tick, though its own minute is not over")
    func heardTogether() throws {
        let tracking = TargetTracking(
            metric: .builtIn(.inFlight), target: 100, instanceWarmup: .zero, scaleOutAlarm: Self.once,
            scaleInAlarm: Self.once)
        var world = MiniWorld(
            try group(quick(50), others: [ScalingPolicy(name: "fellow", tracking: tracking)]), desired: 8,
            fleet: fleet(8))
        // Only the fellow wants fewer; its minute starts.
        world.see(visible: 8 * 50, inFlight: 80)
        #expect(world.tick(at: 0).codes == ["held_by_tracker"])
        // 30 s later the first one wants fewer too: 30 on average, so 5 of 8 would do for it, but 7 for its fellow.
        world.see(visible: 8 * 10, inFlight: 80)
        let later = world.tick(at: 30)
        #expect(later.decision.desired == 7)
        #expect(later.codes == ["proposed", "outranked"])
    }

    @Test("steps that scale in are not held by it")
    func stepsAreNotHeld() throws {
        var world = MiniWorld(
            try group(
                quick(50), others: [.always("in", on: "down", .changeInCapacity, -1)], alarms: [.down(threshold: 1000)]),
            desired: 4, fleet: fleet(4))
        world.see(visible: 4 * 48)
        #expect(world.tick(at: 0).decision.desired == 3)
    }

    @Test("a policy that is off is ignored; switched on, it acts at once if its alarm is up")
    func disabled() throws {
        var world = MiniWorld(try group(quick(50)), desired: 1, fleet: fleet(1))
        world.policy.scalingPolicies[0].enabled = false
        world.see(visible: 200)
        let ignored = world.tick(at: 0)
        #expect(ignored.codes == ["no_alarm"])
        #expect(world.state.alarms[0].state == .alarm)
        world.policy.scalingPolicies[0].enabled = true
        #expect(world.tick(at: 10).decision.desired == 4)
    }

    private static let once = AlarmShape(period: .seconds(60), evaluationPeriods: 1)

    /// One datapoint is enough for either alarm, and instances are warm at once.
    private func quick(_ target: Double) -> TargetTracking {
        TargetTracking(
            metric: Self.perInstance, target: target, instanceWarmup: .zero, scaleOutAlarm: Self.once,
            scaleInAlarm: Self.once)
    }
}

@Suite("What a target asks for")
struct TrackingFormulaSpecs {
    @Test(
        "exact multiples are not rounded up, whatever Doubles make of them; everything else is",
        arguments: [
            (3, 0.1, 0.1, 3), (3, 0.3, 0.1, 9), (7, 0.7, 0.1, 49), (10, 50.1, 50, 11), (10, 50.000_01, 50, 11),
            (3, 75, 50, 5), (4, 75, 50, 6), (9, 30, 90, 3), (10, 35, 100, 4), (4, 0, 100, 0), (4, -5, 100, 0),
            (49, 1.0 / 49, 1, 1),
        ] as [(Int, Double, Double, Int)])
    func capacity(_ capacity: Int, _ metric: Double, _ target: Double, _ needed: Int) {
        let tracking = TargetTracking(metric: .builtIn(.visible), target: target)
        #expect(tracking.capacity(from: capacity, metric: metric) == needed)
    }

    @Test("nothing times anything says nothing, and no number is too large")
    func ends() throws {
        let tracking = TargetTracking(metric: .builtIn(.visible), target: 1e-9)
        #expect(tracking.capacity(from: 0, metric: 5) == nil)
        #expect(tracking.capacity(from: 5, metric: .infinity) == nil)
        #expect(try #require(tracking.capacity(from: 5, metric: 1e300)) > Limits.largestGroup)
    }

    @Test("10 s of latency at 0.1 s a message are 100 messages; 1,500 on 10 instances need 15")
    func backlog() {
        let acceptable = AcceptableBacklog(acceptableLatency: 10, secondsPerMessage: 0.1)
        #expect(acceptable.target == 100)
        #expect(AcceptableBacklog.perInstance(messages: 1500, instances: 10) == 150)
        #expect(acceptable.instancesNeeded(messages: 1500) == 15)
        #expect(acceptable.instancesNeeded(messages: 0) == 0)
        #expect(AcceptableBacklog.perInstance(messages: 5, instances: 0) == nil)
        // What only rounding left over calls for no further instance.
        let rounded = AcceptableBacklog(acceptableLatency: 0.3, secondsPerMessage: 0.1)
        #expect(rounded.instancesNeeded(messages: 3) == 1)
        #expect(rounded.instancesNeeded(messages: 3.001) == 2)
    }
}
