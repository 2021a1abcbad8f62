import Testing
import WeirCore

@Suite("Two groups on one machine")
struct FleetLimitTimelines {
    private func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    private func machine(_ limit: Int, _ groups: [MiniWorld]) -> FleetWorld {
        FleetWorld(FleetLimit(name: "machine", maxSize: limit), groups)
    }

    /// Six of the low group, the first `busy` of them with a message in hand; nobody of the high one.
    private func crowded(busy: Int) -> FleetWorld {
        let low = fleet(6).enumerated().map { number, instance in
            var instance = instance
            instance.heldMessages = number < busy ? 1 : 0
            return instance
        }
        return machine(
            6,
            [
                MiniWorld(.member("bulk"), desired: 6, fleet: low),
                MiniWorld(.member("urgent", priority: 10), desired: 0),
            ])
    }

    @Test("while its launches wait for room a simple policy adds no more, as while they start")
    func noMoreWhileWaiting() {
        var policy = GroupPolicy.member("g")
        policy.alarms = [.up()]
        policy.scalingPolicies = [.simple("out", on: "up", .changeInCapacity, 2, cooldown: .seconds(30))]
        var world = MiniWorld(policy, desired: 0, fleet: [])
        world.ceiling = FleetCeiling(fleet: "machine", limit: 4, instances: 0, launches: 0)
        world.see(visible: 1)
        #expect(world.tick(at: 0).decision.desired == 2)
        for second in stride(from: 10.0, through: 600, by: 10) {
            #expect(world.tick(at: second).decision.desired == 2, "at \(second)")
        }
        #expect(
            world.last?.decision.reasons.contains { $0.sentence.hasPrefix("out: waits for 2 launches to finish") }
                == true)
    }

    @Test("the high one gets work: the low one's idle go, the busy finish first, and the high one grows as they end")
    func highFirst() {
        var world = crowded(busy: 4)
        world.tick(at: 0)
        #expect(world["bulk"].state.count(.inService) == 6)
        world.tick(at: 1, requests: ["urgent": set(5)])
        // Nothing of it can be begun yet, and it says so.
        #expect(world["urgent"].launched.isEmpty)
        #expect(
            world["urgent"].last?.decision.reasons.map(\.sentence) == [
                "set to 5 by an operator", "5 launches wait for room in fleet machine: 6 units, bulk still has 6",
            ])
        world.tick(at: 2)
        // Of the low group one may stay; four are busy, so the two idle ones go.
        #expect(world["bulk"].last?.instances("drain") == ["i-5", "i-6"])
        #expect(world["bulk"].last?.plan.actions[0].why.sentence == "more than the 1 that the fleet has room for")
        #expect(
            world["bulk"].last?.decision.reasons.map(\.sentence).dropFirst() == [
                "limited to 1 by fleet machine: 6 units, urgent takes 5",
                "3 more than fleet machine has room for; with a message in hand: i-1, i-2, i-3 and 1 more",
            ])
        #expect(world["bulk"].state.desiredCapacity == 6)
        world.run(from: 3, until: 10)
        #expect(world["urgent"].state.count(.inService) == 2)
        #expect(world["bulk"].state.count(.inService) == 4)
        // They finish one by one.
        for (number, id) in ["i-1", "i-2", "i-3"].enumerated() {
            world["bulk"].finish(InstanceID(id))
            world.run(from: 11 + Double(number) * 10, until: 20 + Double(number) * 10)
            #expect(world["urgent"].state.count(.inService) == 3 + number)
        }
        #expect(world["bulk"].state.fleet.map(\.id.text) == ["i-4"])
        #expect(world["bulk"].stoppedBusy.isEmpty)
        #expect(world.peak == 6)
    }

    @Test("the high one is done: the low one has its room back without another alarm")
    func roomComesBack() {
        var world = crowded(busy: 0)
        world.tick(at: 0, requests: ["urgent": set(5)])
        world.run(from: 1, until: 10)
        #expect(world["urgent"].state.count(.inService) == 5)
        #expect(world["bulk"].state.count(.inService) == 1)
        world.tick(at: 11, requests: ["urgent": set(0)])
        world.run(from: 12, until: 20)
        #expect(world["bulk"].state.count(.inService) == 6)
        #expect(world["bulk"].last?.codes == ["no_alarm"])
        #expect(world.peak == 6)
    }

    @Test("protected instances of the low one stay, however much the high one wants")
    func protected() {
        var low = fleet(4)
        for index in low.indices { low[index].protectedFromScaleIn = true }
        var world = machine(
            4,
            [MiniWorld(.member("bulk"), desired: 4, fleet: low), MiniWorld(.member("urgent", priority: 1), desired: 4)])
        world.run(from: 0, until: 30)
        #expect(world["bulk"].state.count(.inService) == 4)
        #expect(world["urgent"].launched.isEmpty)
        #expect(
            world["bulk"].last?.decision.reasons.last?.sentence
                == "4 more than fleet machine has room for; protected from scale-in: i-1, i-2, i-3 and 1 more")
        // Where the limit leaves room for all of them, it is the desired capacity that is too small.
        world.tick(at: 31, requests: ["urgent": set(0), "bulk": set(3)])
        world.tick(at: 32)
        #expect(
            world["bulk"].last?.decision.reasons.last?.sentence
                == "1 more than desired; protected from scale-in: i-1, i-2, i-3 and 1 more")
    }

    @Test("equal groups share: who has more than its share gives back what is idle, and each says what limits it")
    func equals() {
        var world = machine(
            6, [MiniWorld(.member("a"), desired: 6, fleet: fleet(6)), MiniWorld(.member("b"), desired: 6)])
        world.run(from: 0, until: 10)
        #expect(world["a"].state.count(.inService) == 3)
        #expect(world["b"].state.count(.inService) == 3)
        #expect(
            world["b"].last?.decision.reasons.last?.sentence == "limited to 3 by fleet machine: 6 units, a takes 3")
        // And there it stays: nobody is ended to be launched again elsewhere.
        let launched = world.groups.map(\.launched.count)
        world.run(from: 11, until: 200)
        #expect(world.groups.map(\.launched.count) == launched)
        #expect(world.peak == 6)
    }

    @Test("an instance that dies at the limit is replaced when its room is free")
    func death() {
        var world = machine(
            4,
            [
                MiniWorld(.member("a"), desired: 2, fleet: fleet(2)),
                MiniWorld(.member("b"), desired: 2, fleet: fleet(2, from: 11)),
            ])
        world.tick(at: 0)
        world["a"].end(InstanceID("i-1"), code: 0)
        world.run(from: 1, until: 5)
        #expect(world["a"].state.count(.inService) == 2)
        #expect(world.peak == 4)
    }

    @Test("a slow start takes room from its first moment")
    func slowStart() {
        var a = MiniWorld(.member("a"), desired: 3)
        a.startTime = .seconds(60)
        var world = machine(4, [a, MiniWorld(.member("b"), desired: 3)])
        world.run(from: 0, until: 30)
        #expect(world["a"].state.count(.pending) == 2)
        #expect(world["b"].state.count(.inService) == 2)
        #expect(world.peak == 4)
    }

    @Test("a limit that goes down ends nothing at work; idle instances go until it is kept")
    func lower() {
        var world = crowded(busy: 4)
        world.tick(at: 0)
        world.limit.maxSize = 3
        world.run(from: 1, until: 10)
        #expect(world["bulk"].state.count(.inService) == 4)
        world["bulk"].finish(InstanceID("i-1"))
        world.run(from: 11, until: 20)
        #expect(world["bulk"].state.count(.inService) == 3)
        #expect(world["bulk"].stoppedBusy.isEmpty)
        #expect(world["bulk"].last?.decision.reasons.last?.sentence == "limited to 3 by fleet machine: 3 units")
    }

    @Test("an instance that nobody knew of is counted before anything is launched beside it")
    func adopted() {
        let busy = (1...3).map { Instance.inService("i-\($0)", held: 1) }
        var world = machine(
            4, [MiniWorld(.member("a", priority: 1), desired: 3), MiniWorld(.member("b"), desired: 3, fleet: busy)])
        world["a"].start(InstanceID("i-stray"))
        world.tick(at: 0)
        #expect(world["a"].state.fleet.map(\.id.text) == ["i-stray"])
        #expect(world["a"].launched.isEmpty)
        #expect(world.peak == 4)
    }

    @Test("a group that may not launch leaves its room to others")
    func suspended() {
        var world = machine(
            4, [MiniWorld(.member("high", priority: 1), desired: 0), MiniWorld(.member("low"), desired: 4)])
        world.tick(at: 0, requests: ["high": [.suspend([.launch])]])
        world.run(from: 1, until: 3)
        world.tick(at: 4, requests: ["high": set(4)])
        world.run(from: 5, until: 10)
        #expect(world["low"].state.count(.inService) == 4)
        world.tick(at: 11, requests: ["high": [.resume([.launch])]])
        world.run(from: 12, until: 20)
        #expect(world["high"].state.count(.inService) == 4)
        #expect(world.peak == 4)
    }

    @Test("a group that leaves gives all its room back as it becomes idle")
    func leaving() {
        var world = machine(
            4,
            [
                MiniWorld(.member("a", min: 2), desired: 4, fleet: fleet(4)),
                MiniWorld(.member("b", priority: -1), desired: 4),
            ])
        world.run(from: 0, until: 3)
        #expect(world["b"].launched.isEmpty)
        world["a"].policy = world["a"].policy.retired()
        world.run(from: 4, until: 10)
        #expect(world["b"].state.count(.inService) == 4)
        #expect(world.peak == 4)
    }

    @Test("a warm pool has the room that nobody works in, and gives it up for work")
    func warmPool() {
        var policy = GroupPolicy.member("warm", priority: 10, max: 4)
        policy.warmPool = WarmPool(state: .hibernated, preparationTime: .zero)
        var world = machine(6, [MiniWorld(policy, desired: 1), MiniWorld(.member("low"), desired: 0)])
        world.run(from: 0, until: 10)
        #expect(world["warm"].state.count(.warmedHibernated) == 3)
        world.tick(at: 11, requests: ["low": set(4)])
        world.run(from: 12, until: 20)
        #expect(world["warm"].state.count(.warmedHibernated) == 1)
        #expect(world["low"].state.count(.inService) == 4)
        // What is paused is resumed in the room that it has.
        world.tick(at: 21, requests: ["warm": set(2)])
        world.run(from: 22, until: 25)
        #expect(world["warm"].state.count(.inService) == 2)
        #expect(world["warm"].launched.count == 4)
        #expect(world.peak == 6)
    }

    @Test("an instance refresh at the limit replaces one after the other")
    func refresh() {
        var policy = GroupPolicy.member("a", max: 4)
        policy.templateDigest = "1"
        var world = machine(2, [MiniWorld(policy, desired: 4)])
        world.run(from: 0, until: 3)
        #expect(world["a"].state.count(.inService) == 2)
        world["a"].policy.templateDigest = "2"
        world["a"].policy.instanceRefresh.instanceWarmup = .zero
        world.tick(at: 4, requests: ["a": [.startRefresh(world["a"].policy.instanceRefresh)]])
        world.run(from: 5, until: 60)
        #expect(world["a"].state.refresh?.status == .successful)
        #expect(world["a"].running(version: 2) == 2)
        #expect(world.peak == 2)
    }

    @Test("killed at any moment, the groups go on within the limit")
    func restart() {
        var world = crowded(busy: 2)
        world.tick(at: 0, requests: ["urgent": set(5)])
        for second in 1...30 {
            if second % 3 == 0 { world["urgent"].kill() }
            if second % 4 == 0 { world["bulk"].kill() }
            world.tick(at: Double(second))
        }
        #expect(world["urgent"].state.count(.inService) == 4)
        #expect(world["bulk"].state.count(.inService) == 2)
        #expect(world.peak == 6)
        #expect(world["bulk"].stoppedBusy.isEmpty)
    }
}
