import Testing
import WeirCore

@Suite("Health checks and replacement")
struct HealthTimelines {
    private let one = InstanceID("i-1")

    private func policy(grace: Double = 0, busyTimeout: Duration? = nil) -> GroupPolicy {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 100, stopTimeout: .seconds(90))
        policy.healthCheckGracePeriod = .seconds(grace)
        policy.healthCheck = HealthCheckPolicy(unhealthyThreshold: 3, busyTimeout: busyTimeout)
        return policy
    }

    private func world(_ count: Int, grace: Double = 0, since: Double = -36_000) -> MiniWorld {
        MiniWorld(policy(grace: grace), desired: count, fleet: fleet(count, since: since))
    }

    private func mark(_ id: InstanceID, grace: Bool = false) -> [Request.Kind] {
        [.setHealth(id, healthy: false, respectGracePeriod: grace)]
    }

    private func check(_ world: inout MiniWorld, _ id: InstanceID, _ result: HealthCheckResult, at: Double)
        -> Evaluation
    {
        world.health = [HealthReport(instance: id, result: result)]
        return world.tick(at: at)
    }

    @Test("three failures in a row make an instance unhealthy; its replacement is launched in parallel")
    func threshold() {
        var world = world(3)
        for (second, result) in [(0, HealthCheckResult.failed("500")), (1, .failed("500")), (2, .healthy)] {
            #expect(check(&world, one, result, at: Double(second)).actions == [])
        }
        #expect(check(&world, one, .failed("500"), at: 3).actions == [])
        #expect(check(&world, one, .failed("500"), at: 4).actions == [])
        let third = check(&world, one, .failed("500"), at: 5)
        #expect(
            third.events.map(\.sentence) == ["is unhealthy: 500", "takes no more messages: unhealthy, and replaced"])
        #expect(third.instances("drain") == ["i-1"])
        #expect(third.instances("launch").count == 1)
        #expect(world.tick(at: 6).instances("terminate") == ["i-1"])
        world.run(until: 20)
        #expect(world.launched.count == 1)
        #expect(world.state.count(.inService) == 3)
    }

    @Test("within the grace period nothing is believed, and nothing is counted")
    func grace() {
        var world = world(1, grace: 60, since: -50)
        for second in 0..<9 { #expect(check(&world, one, .failed("no answer"), at: Double(second)).actions == []) }
        #expect(check(&world, one, .failed("no answer"), at: 10).actions == [])
        #expect(check(&world, one, .failed("no answer"), at: 11).actions == [])
        #expect(check(&world, one, .failed("no answer"), at: 12).instances("drain") == ["i-1"])
    }

    @Test("what the launcher found is believed at once, and only the launcher takes it back")
    func launcherHealth() {
        var world = world(2)
        world.tick(at: 0, requests: [.suspend([.replaceUnhealthy])])
        world.launcherHealth[one] = .failed("3 checks failed")
        #expect(world.tick(at: 1).codes.contains("suspended"))
        #expect(check(&world, one, .healthy, at: 2).events == [])
        #expect(world.state.fleet[0].unhealthy?.why == "3 checks failed")
        world.launcherHealth[one] = .healthy
        #expect(world.tick(at: 3).events.map(\.sentence) == ["is healthy again"])
        #expect(world.state.fleet[0].unhealthy == nil)
        // And the other way about: the launcher's good word does not hide three checks that fail.
        for second in 4...6 { _ = check(&world, one, .failed("500"), at: Double(second)) }
        #expect(world.state.fleet[0].unhealthy?.why == "500")
        #expect(world.tick(at: 7).events == [])
        _ = check(&world, one, .healthy, at: 8)
        #expect(world.state.fleet[0].unhealthy == nil)
    }

    @Test("one that is marked is replaced at once, whatever a check says, but may respect the grace period")
    func marked() {
        var world = world(2, grace: 60, since: -30)
        let early = world.tick(at: 0, requests: mark(one, grace: true))
        #expect(early.actions == [])
        #expect(early.answers[0].result == .accepted("i-1 is in its health check grace period: nothing changes"))
        let marked = world.tick(at: 1, requests: mark(one))
        #expect(marked.instances("drain") == ["i-1"])
        let gone = world.tick(at: 2, requests: mark(one))
        #expect(gone.answers[0].result == .refused(.wrongState(one, .draining, needed: [.inService])))
    }

    @Test("while the launcher cannot say what is there, checks that fail end nobody; somebody's word still counts")
    func launcherAway() {
        var world = world(2)
        world.listingFailure = "the engine is away"
        for second in 0...4 { _ = check(&world, one, .failed("refused"), at: Double(second)) }
        #expect(world.state.fleet[0].unhealthy != nil)
        #expect(world.last?.codes.contains("held_by_failed_listing") == true)
        #expect(world.state.ids(.draining).isEmpty)
        #expect(world.tick(at: 5, requests: mark(InstanceID("i-2"))).instances("drain") == ["i-2"])
    }

    @Test("one that is marked healthy again in time stays")
    func markedHealthy() {
        var world = world(2)
        world.tick(at: 0, requests: [.suspend([.replaceUnhealthy])] + mark(one))
        _ = check(&world, one, .healthy, at: 1)
        #expect(world.state.fleet[0].unhealthy?.isMarked == true)
        world.tick(at: 2, requests: [.setHealth(one, healthy: true, respectGracePeriod: true)])
        #expect(world.tick(at: 3, requests: [.resume([])]).actions == [])
    }

    @Test("a check that is wrong about everybody: a tenth at a time, and only while the group is nearly whole")
    func wrongAboutEverybody() {
        var world = world(30)
        world.startTime = .seconds(20)
        for id in world.state.fleet.map(\.id) { world.launcherHealth[id] = .failed("no answer") }
        let first = world.tick(at: 0)
        #expect(first.instances("drain").count == 3)
        #expect(first.decision.reasons.last?.sentence == "27 unhealthy instances to be replaced, 3 at a time")
        for second in 1..<20 { #expect(world.tick(at: Double(second)).instances("drain") == []) }
        #expect(world.tick(at: 20).instances("drain").count == 3)
        // Nothing can be launched any more: it ends there.
        world.launchFailure = "no room"
        world.run(until: 600, every: 5)
        #expect(world.state.count(.inService) >= 26)
    }

    @Test("marked ones go at once and use up the turns of the others")
    func markedAndOthers() {
        var world = world(10)
        world.launcherHealth[InstanceID("i-2")] = .failed("no answer")
        let evaluation = world.tick(at: 0, requests: mark(one))
        #expect(evaluation.instances("drain") == ["i-1"])
        #expect(evaluation.codes.contains("unhealthy_wait"))
    }

    @Test("a busy one finishes its work, takes no more, and is ended then")
    func busy() {
        var world = world(1)
        world.receive(1, by: one)
        world.tick(at: 0, requests: mark(one))
        world.run(until: 100, every: 5)
        #expect(world.state.ids(.draining) == [one])
        #expect(!world.canReceive(one))
        #expect(world.state.count(.inService) == 1 && world.launched.count == 1)
        world.finish(one)
        world.run(until: 110)
        #expect(world.worker(one) == nil && world.stoppedBusy == [])
    }

    @Test("protection from scale-in does not keep an unhealthy one")
    func protected() {
        var world = MiniWorld(policy(), desired: 1, fleet: [.inService("i-1", protected: true)])
        #expect(world.tick(at: 0, requests: mark(one)).instances("drain") == ["i-1"])
        #expect(world.tick(at: 1).instances("terminate") == ["i-1"])
    }

    @Test("with a busy timeout it is ended at its work, but not before")
    func busyTimeout() {
        var world = world(1)
        world.policy = policy(busyTimeout: .seconds(30))
        world.receive(1, by: one)
        world.tick(at: 0, requests: mark(one))
        #expect(world.tick(at: 29.9).actions == [])
        let over = world.tick(at: 30)
        #expect(over.instances("terminate") == ["i-1"])
        #expect(over.plan.actions[0].why.sentence == "unhealthy, and replaced")
    }

    @Test("suspended: HealthCheck marks nothing itself, Terminate ends none, Launch ends and does not replace")
    func suspensions() {
        var world = world(2)
        world.tick(at: 0, requests: [.suspend([.healthCheck])])
        world.launcherHealth[one] = .failed("no answer")
        world.tick(at: 0.5, requests: [.resume([]), .suspend([.terminate])])
        #expect(world.state.fleet[0].unhealthy == nil)
        #expect(world.tick(at: 1).codes.contains("suspended"))
        #expect(world.state.fleet[0].unhealthy != nil && world.state.count(.inService) == 2)
        let launching = world.tick(at: 2, requests: [.resume([]), .suspend([.launch])])
        #expect(launching.instances("drain") == ["i-1"] && launching.instances("launch") == [])
        #expect(world.tick(at: 3, requests: [.resume([])]).instances("launch").count == 1)
    }

    @Test(
        "who marks one while nobody would replace it is told that it stays",
        arguments: [
            ScalingProcess.replaceUnhealthy, .terminate,
        ])
    func markedAndKept(_ process: ScalingProcess) {
        var world = world(1)
        let marked = world.tick(at: 0, requests: [.suspend([process])] + mark(one))
        #expect(
            marked.answers[1].result == .accepted("i-1 is unhealthy and stays: \(process.rawValue) is suspended"))
        #expect(world.state.count(.inService) == 1)
    }

    @Test("HealthCheck suspended: what somebody marks is replaced all the same")
    func marksStillCount() {
        var world = world(1)
        #expect(world.tick(at: 0, requests: [.suspend([.healthCheck])] + mark(one)).instances("drain") == ["i-1"])
    }

    @Test("replacement waits for no cooldown, but a simple policy waits for the replacement")
    func cooldown() {
        var world = world(2)
        world.policy.alarms = [.up()]
        world.policy.scalingPolicies = [.simple("out", on: "up", .changeInCapacity, 1, cooldown: .seconds(300))]
        world.startTime = .seconds(2)
        world.see(visible: 5)
        world.tick(at: 0)
        world.run(until: 10)
        #expect(world.state.cooldown?.until != nil)
        let replaced = world.tick(at: 11, requests: mark(one))
        #expect(replaced.instances("drain") == ["i-1"] && replaced.instances("launch").count == 1)
        world.state.alarms[0].lastInvoked = nil
        #expect(world.tick(at: 12).codes.contains("held_by_activity"))
        world.receive(1, by: InstanceID("i-2"))
        world.run(until: 20)
        world.tick(at: 21, requests: mark(InstanceID("i-2")))
        world.run(until: 400, every: 5)
        #expect(world.state.ids(.draining) == [InstanceID("i-2")])
        #expect(world.state.desiredCapacity == 4, "one that only finishes its work holds nobody back")
    }
}
