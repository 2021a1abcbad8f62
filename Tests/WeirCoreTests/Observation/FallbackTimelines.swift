import Testing
import WeirCore

@Suite("Fallbacks: what holds while nothing can be believed")
struct FallbackTimelines {
    private func world(
        _ kind: SourceFallback.Kind, desired: Int = 0, _ scaling: [ScalingPolicy]? = nil
    ) -> MiniWorld {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 10, alarms: [.up(), .down()],
            scalingPolicies: scaling ?? [
                .always("out", on: "up", .changeInCapacity, 1), .always("in", on: "down", .exactCapacity, 0),
            ])
        policy.fallback = SourceFallback(kind)
        return MiniWorld(policy, desired: desired, fleet: fleet(desired))
    }

    /// Each desired capacity once, from `start` on, while the source says nothing.
    private func silent(_ world: inout MiniWorld, from start: Double, until end: Double) -> [Int] {
        world.measurement = .unreachable
        var capacities = [world.state.desiredCapacity]
        for second in stride(from: start, through: end, by: 10) {
            let desired = world.tick(at: second).decision.desired
            if capacities.last != desired { capacities.append(desired) }
        }
        return capacities
    }

    struct Row: CustomTestStringConvertible {
        var kind: SourceFallback.Kind
        var before: Int
        var during: [Int]
        var testDescription: String
    }

    @Test(arguments: [
        Row(kind: .hold, before: 3, during: [3], testDescription: "hold keeps what there is"),
        Row(kind: .hold, before: 0, during: [0], testDescription: "hold at zero is zero"),
        Row(kind: .floor(2), before: 0, during: [0, 2], testDescription: "a floor lifts a group from zero"),
        Row(kind: .floor(2), before: 5, during: [5], testDescription: "a floor takes nothing away"),
        Row(kind: .capacity(6), before: 1, during: [1, 6], testDescription: "a capacity is reached from below"),
        Row(kind: .capacity(6), before: 8, during: [8], testDescription: "and not from above"),
        Row(kind: .floor(50), before: 1, during: [1, 10], testDescription: "the maximum holds"),
    ])
    func kinds(_ row: Row) {
        var world = world(row.kind, desired: row.before)
        #expect(silent(&world, from: 0, until: 600) == row.during)
        #expect(world.state.count(.inService) == row.during.last)
        #expect(world.state.silence?.since == .at(0) && world.state.silence?.fallbackSince == .at(60))
    }

    @Test("it begins after a minute of silence, not with the first failure; and says since when, why and what")
    func beginning() throws {
        var world = world(.floor(2))
        world.tick(at: 0)
        world.measurement = .unreachable
        #expect(world.tick(at: 10).decision.desired == 0)
        #expect(world.tick(at: 69).decision.desired == 0)
        #expect(world.last?.nextTick == .at(70))
        let begun = world.tick(at: 70, measured: false)
        #expect(begun.decision.desired == 2)
        #expect(
            begun.decision.spokenReasons == [
                "nothing believed of the source since 12:00:10 (connection refused); fallback: at least 2"
            ])
        #expect(begun.codes == ["fallback"], "what changed it, and not that this tick asked nobody")
        #expect(begun.instances("launch").count == 2)
    }

    @Test("after it no alarm is acted on before it was judged again, also one that is judged once a minute")
    func staleAlarms() {
        var world = world(.hold, desired: 6, [.simple("in", on: "down", .changeInCapacity, -1, cooldown: .zero)])
        for index in world.policy.alarms.indices { world.policy.alarms[index].cadence = .cloudWatch }
        world.see(visible: 0)
        #expect(world.tick(at: 0).decision.desired == 5)
        for second in [5.0, 10, 15, 20] { world.tick(at: second, measured: false) }
        // Nobody measured, so the alarm keeps its state, in which datapoints put it.
        world.measurement = .unreachable
        world.kill()
        #expect(world.tick(at: 1200).decision.desired == 5)
        #expect(world.state.alarms.map(\.state).contains(.alarm))
        // The next evaluation would be at 1260.
        world.see(visible: 18)
        #expect(world.tick(at: 1235).decision.desired == 5)
    }

    @Test("a source that is due and was not asked yet may be well again, as after a jump of the clock")
    func clockJump() {
        var world = world(.floor(2))
        world.measurement = .unreachable
        world.tick(at: 0)
        #expect(world.tick(at: 7200, measured: false).decision.desired == 0)
        world.see(visible: 0)
        #expect(world.tick(at: 7200).decision.desired == 0)
    }

    @Test("a reload or a restart that brings another fallback is followed at once")
    func anotherFallback() {
        var world = world(.hold, desired: 1)
        #expect(silent(&world, from: 0, until: 100) == [1])
        world.policy.fallback.kind = .floor(3)
        world.kill()
        #expect(world.tick(at: 110).decision.desired == 3)
        #expect(world.state.silence?.since == .at(0))
    }

    struct Shrinking: CustomTestStringConvertible {
        var policy: ScalingPolicy
        var testDescription: String
    }

    @Test(
        "no policy scales in, whatever its kind, also when the alarm takes missing data as breaching",
        arguments: [
            Shrinking(policy: .always("in", on: "down", .changeInCapacity, -1), testDescription: "step"),
            Shrinking(policy: .always("in", on: "down", .exactCapacity, 0), testDescription: "exact capacity"),
            Shrinking(
                policy: .always("in", on: "down", .percentChangeInCapacity, -100), testDescription: "percent"),
            Shrinking(
                policy: .simple("in", on: "down", .changeInCapacity, -1, cooldown: .zero), testDescription: "simple"),
            Shrinking(
                policy: ScalingPolicy(
                    name: "keep", tracking: TargetTracking(metric: .builtIn(.visible), target: 100)),
                testDescription: "target tracking"),
        ],
        [SourceFallback.Kind.hold, .floor(1), .capacity(2)])
    func nothingShrinks(_ row: Shrinking, _ kind: SourceFallback.Kind) {
        var world = world(kind, desired: 4, [row.policy])
        for index in world.policy.alarms.indices { world.policy.alarms[index].missingData = .breaching }
        world.see(visible: 3)
        world.tick(at: 0)
        #expect(silent(&world, from: 10, until: 3600) == [4])
        #expect(world.workers.count == 4)
    }

    @Test("above a floor policies may scale out; a fixed capacity they do not change")
    func scaleOut() {
        // An alarm over what the group knows itself.
        func desired(_ kind: SourceFallback.Kind) -> Int {
            var world = world(kind, desired: 1, [.always("out", on: "few", .exactCapacity, 7)])
            world.policy.alarms = [.down("few", metric: .builtIn(.inService), threshold: 2)]
            world.policy.alarms[0].actions.enabled = false
            _ = silent(&world, from: 0, until: 60)
            world.policy.alarms[0].actions.enabled = true
            _ = silent(&world, from: 70, until: 300)
            return world.state.desiredCapacity
        }
        #expect(desired(.floor(2)) == 7)
        #expect(desired(.capacity(2)) == 2)
    }

    @Test("a fixed capacity names the policies that it holds")
    func heldByFallback() {
        var world = world(.capacity(2), desired: 1, [.simple("out", on: "up", .changeInCapacity, 1, cooldown: .zero)])
        world.policy.alarms[0].missingData = .breaching
        _ = silent(&world, from: 0, until: 200)
        #expect(world.state.desiredCapacity >= 2)
        let before = world.state.desiredCapacity
        let later = world.tick(at: 400)
        #expect(later.decision.desired == before)
        #expect(later.codes == ["fallback", "held_by_fallback"])
    }

    @Test("people have the last word: what somebody sets meanwhile is not raised again")
    func people() {
        for kind in [SourceFallback.Kind.floor(4), .capacity(4)] {
            var world = world(kind)
            #expect(silent(&world, from: 0, until: 100) == [0, 4])
            world.tick(at: 105, requests: [.setDesired(1, honorCooldown: false)])
            #expect(silent(&world, from: 110, until: 900) == [1])
        }
    }

    @Test("a schedule that takes the maximum away and gives it back does not end a floor")
    func schedule() {
        var world = world(.floor(2))
        #expect(silent(&world, from: 0, until: 100) == [0, 2])
        world.policy.maxSize = 0
        #expect(silent(&world, from: 110, until: 200) == [2, 0])
        world.policy.maxSize = 10
        #expect(silent(&world, from: 210, until: 300) == [0, 2])
    }

    @Test("while AlarmNotification is suspended nothing takes the alarms' place either")
    func suspended() {
        var world = world(.floor(2))
        world.tick(at: 0, requests: [.suspend([.alarmNotification])])
        #expect(silent(&world, from: 10, until: 300) == [0])
        #expect(world.last?.codes.contains("suspended") == true)
    }

    @Test("when the source answers again policies go on; the first reading alone ends nothing that was raised")
    func end() {
        var world = world(.floor(2))
        #expect(silent(&world, from: 0, until: 200) == [0, 2])
        world.see(visible: 0)
        let first = world.tick(at: 500)
        #expect(first.decision.desired == 2 && first.actions.isEmpty)
        #expect(first.codes == ["fallback_ended", "held_after_fallback"])
        #expect(world.state.silence == nil)
        #expect(world.tick(at: 510).decision.desired == 0)
    }

    @Test("with work waiting the group goes on from where the fallback left it")
    func endWithWork() {
        var world = world(.floor(2))
        _ = silent(&world, from: 0, until: 400)
        world.see(visible: 9)
        world.tick(at: 500)
        world.tick(at: 510)
        #expect(world.state.desiredCapacity == 3)
    }

    @Test("a group that leaves is not held up")
    func leaving() {
        var world = world(.floor(2))
        _ = silent(&world, from: 0, until: 100)
        world.policy = world.policy.retired()
        world.run(until: 130)
        #expect(world.state.fleet.isEmpty && world.state.silence == nil)
    }

    @Test("a clock that is set back moves the silence with it")
    func clockBack() {
        var world = world(.floor(2))
        world.measurement = .unreachable
        world.tick(at: 0)
        world.tick(at: 40)
        world.tick(at: -3560)
        #expect(world.state.silence?.since == .at(-3600))
        #expect(world.tick(at: -3541).decision.desired == 0)
        #expect(world.tick(at: -3540).decision.desired == 2)
    }
}
