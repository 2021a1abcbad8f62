import Testing
import WeirCore

@Suite("Instance refresh: what goes wrong with it")
struct RollbackTimelines {
    /// A group of so many, of which a refresh to version 2 began at noon.
    private func world(
        _ count: Int, min: Int = 50, max: Int = 100, autoRollback: Bool = false, onChange: Bool = true
    ) -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20)
        policy.instanceRefresh = RefreshPreferences(
            minHealthyPercentage: min, maxHealthyPercentage: max, instanceWarmup: .zero, autoRollback: autoRollback,
            onChange: onChange)
        policy.templateDigest = "one"
        let old = fleet(count).map { instance in
            var instance = instance
            instance.template = LaunchTemplate(name: "g", version: 1)
            return instance
        }
        var world = MiniWorld(policy, desired: count, fleet: old)
        world.startTime = .seconds(1)
        world.tick(at: -1)
        world.policy.templateDigest = "two"
        world.tick(at: 0)
        return world
    }

    private func version(_ world: MiniWorld, _ version: Int) -> Int {
        world.state.fleet.count { $0.lifecycleState == .inService && $0.template?.version == version }
    }

    private func statuses(_ world: MiniWorld) -> InstanceRefresh.Status? { world.state.refresh?.status }

    @Test("a change of what is launched starts one by itself where the policy says so, and only there")
    func onChange() {
        let rolling = world(4)
        #expect(rolling.last?.codes == ["new_template", "refresh_began"])
        #expect(rolling.last?.decision.reasons[0].sentence == "what is launched has changed: version 2 from now on")
        #expect(rolling.state.refresh?.preferences.skipMatching == true)
        var still = world(4, onChange: false)
        #expect(still.last?.codes == ["new_template"])
        still.run(until: 20)
        #expect(version(still, 1) == 4)
        still.tick(at: 21, requests: [.setDesired(5, honorCooldown: false)])
        still.run(until: 25)
        #expect(version(still, 2) == 1, "what is launched from now on is new")
    }

    @Test("a newer template on the way takes the place of the refresh; the way back leads to what was there before")
    func newerOnTheWay() {
        var world = world(4)
        world.run(until: 1)
        world.policy.templateDigest = "three"
        #expect(world.tick(at: 2).codes.contains("refresh_ended"))
        #expect(world.state.refresh?.template.version == 3 && world.state.refresh?.former?.version == 1)
        world.run(until: 60)
        #expect(version(world, 3) == 4 && statuses(world) == .successful)
    }

    @Test("rolled back by an operator: new ones are replaced by the former template, each once")
    func byRequest() {
        var world = world(4)
        world.run(until: 1)
        #expect(version(world, 2) == 2 && version(world, 1) == 0)
        let answer = world.tick(at: 1.5, requests: [.rollBackRefresh])
        #expect(answer.codes.contains("refresh_rolls_back"))
        world.run(until: 60)
        #expect(statuses(world) == .rolledBack)
        #expect(version(world, 1) == 4 && world.state.templateVersion == 1)
        world.tick(at: 61, requests: [.setDesired(5, honorCooldown: false)])
        world.run(until: 65)
        #expect(version(world, 1) == 5)
        let nothing = world.tick(at: 66, requests: [.rollBackRefresh])
        #expect(nothing.answers[0].result == .refused(.noRefreshUnderWay))
    }

    @Test("after a rollback another refresh tries what the policy file says again")
    func again() {
        var world = world(4)
        world.run(until: 1)
        world.tick(at: 1.5, requests: [.rollBackRefresh])
        world.run(until: 60)
        world.tick(at: 61, requests: [.startRefresh(nil)])
        #expect(world.state.refresh?.template.version == 2 && world.state.refresh?.former?.version == 1)
        world.run(until: 120)
        #expect(statuses(world) == .successful && version(world, 2) == 4)
    }

    @Test("where all were of the present template there is no way back")
    func noWayBack() {
        var world = world(2)
        world.run(until: 30)
        #expect(statuses(world) == .successful)
        world.tick(at: 31, requests: [.startRefresh(RefreshPreferences(minHealthyPercentage: 50))])
        #expect(
            world.tick(at: 32, requests: [.rollBackRefresh]).answers[0].result == .refused(.nothingToRollBackTo))
    }

    @Test("new instances that fail: three, and the refresh fails or rolls back", arguments: [false, true])
    func failing(_ rollsBack: Bool) {
        var world = world(4, autoRollback: rollsBack)
        world.state.refresh?.preferences.instanceWarmup = .seconds(5)
        var second = 0.0
        while second < 400 {
            second += 1
            world.tick(at: second)
            for worker in world.workers where worker.template == 2 && worker.exit == nil && worker.runsFrom <= world.now
            {
                world.end(worker.id, code: 1)
            }
        }
        #expect(statuses(world) == (rollsBack ? .rolledBack : .failed))
        #expect(world.state.refresh?.why?.hasPrefix("3 new instances failed; the last: ") == true)
        #expect(version(world, 1) == (rollsBack ? 4 : 2), "half of them never went")
        #expect((world.state.count(.inService) == 4) == rollsBack)
    }

    @Test("new instances that are unhealthy fail it, too")
    func unhealthy() {
        var world = world(20, min: 80, autoRollback: true)
        world.run(until: 2)
        for id in world.state.ids(.inService) where world.worker(id)?.template == 2 {
            world.launcherHealth[id] = .failed("500")
        }
        world.tick(at: 3)
        #expect(statuses(world) == .rollingBack)
        world.run(until: 100)
        #expect(statuses(world) == .rolledBack && version(world, 1) == 20)
    }

    @Test("unhealthy old ones do not stand in its way, and it does not end all of them at once")
    func unhealthyOld() {
        var world = world(20, min: 100)
        for id in world.state.ids(.inService) where id.text != "i-1" { world.launcherHealth[id] = .failed("500") }
        world.startTime = .seconds(5)
        for second in 1...4 {
            world.tick(at: Double(second))
            #expect(world.state.count(.inService) >= 18)
        }
        world.run(until: 300)
        #expect(statuses(world) == .successful && version(world, 2) == 20)
    }

    @Test("an old one that dies on the way is replaced once, by a new one")
    func diesOnTheWay() {
        var world = world(4)
        world.end(InstanceID("i-4"), code: 0)
        world.run(until: 60)
        #expect(statuses(world) == .successful && version(world, 2) == 4)
        #expect(world.launched.count == 4)
    }

    @Test("scaling out and in on the way: neither launches one more than needed, nor leaves an old one")
    func scaling() {
        for maximum in [100, 150] {
            var world = world(4, max: maximum)
            world.tick(at: 1, requests: [.setDesired(8, honorCooldown: false)])
            world.run(until: 60)
            #expect(statuses(world) == .successful && version(world, 2) == 8)
            #expect(world.launched.count == 8)
        }
        var world = world(8)
        world.tick(at: 0.5, requests: [.setDesired(3, honorCooldown: false)])
        world.run(until: 60)
        #expect(statuses(world) == .successful && version(world, 2) == 3 && world.state.fleet.count == 3)
        // Four were pending already when fewer were desired, and pending ones go before all others.
        #expect(world.launched.count <= 7)
    }

    @Test("killed on the way, and with its clock set back, it goes on where it was", arguments: [0.5, 1, 2, 3, 4.5])
    func restart(_ moment: Double) {
        var world = world(4)
        world.run(until: moment, every: 0.5)
        world.kill()
        world.tick(at: moment + 0.5)
        world.tick(at: -3000)
        world.run(until: -2900)
        #expect(statuses(world) == .successful && version(world, 2) == 4)
        #expect(Set(world.launched).count == 4)
        #expect(world.workers.count == 4)
    }

    @Test("a step policy that removes while one launches first counts from what is desired")
    func stepScaleIn() {
        var world = world(10, min: 100, max: 120)
        world.run(until: 1)
        world.policy.alarms = [.down()]
        world.policy.scalingPolicies = [.always("in", on: "down", .percentChangeInCapacity, -20)]
        world.state.refresh?.preferences.instanceWarmup = .seconds(1000)
        world.run(until: 2)
        #expect(world.last?.decision.reasons.first?.sentence.contains("20 % of 10") == true)
        #expect(world.state.desiredCapacity == 8)
    }

    @Test("a step policy that removes while old ones finish their work does not count those")
    func stepScaleInWhileFinishing() {
        var world = world(10, min: 90)
        world.state.refresh?.preferences.instanceWarmup = .seconds(1000)
        for id in world.state.ids(.inService) { world.receive(1, by: id) }
        world.run(until: 5)
        world.policy.alarms = [.down()]
        world.policy.scalingPolicies = [.always("in", on: "down", .percentChangeInCapacity, -10)]
        world.tick(at: 6)
        #expect(world.state.desiredCapacity == 9)
    }

    @Test("the pool is renewed with the group, and gives the new ones")
    func pool() {
        var world = world(4)
        world.policy.warmPool = WarmPool(minSize: 2, maxPreparedCapacity: 4)
        world.run(until: 60)
        #expect(statuses(world) == .successful && version(world, 2) == 4)
        #expect(world.state.count(.warmedStopped) == 2)
        #expect(world.workers.count == 6)
    }

    @Test("one that was chosen for scale-in on the way and comes back is rolled back, too")
    func drainingComesBack() {
        var world = world(4)
        world.run(until: 1)
        world.tick(at: 1.5, requests: [.setDesired(3, honorCooldown: false)])
        #expect(world.state.fleet.contains { $0.departure == .scaleIn && $0.template?.version == 2 })
        world.tick(at: 1.6, requests: [.rollBackRefresh, .setDesired(4, honorCooldown: false)])
        world.run(until: 100)
        #expect(statuses(world) == .rolledBack && version(world, 1) == 4)
    }

    @Test("whatever is not of the former template is rolled back, also what came from a still newer file")
    func newerFileOnTheWay() {
        var world = world(4, min: 75, onChange: false)
        world.tick(at: 0.5, requests: [.startRefresh(nil)])
        world.state.refresh?.preferences.instanceWarmup = .seconds(2)
        world.run(until: 1.5, every: 0.5)
        world.policy.templateDigest = "three"
        world.run(until: 6.5, every: 0.5)
        #expect(version(world, 3) > 0)
        world.tick(at: 7, requests: [.rollBackRefresh])
        world.run(until: 100)
        #expect(version(world, 1) == 4)
        #expect(statuses(world) == .rolledBack)
    }

    @Test("one new instance that is unhealthy again and again has failed once")
    func flapping() {
        var world = world(4, min: 75)
        world.state.refresh?.preferences.instanceWarmup = .seconds(1000)
        world.run(until: 3)
        world.tick(at: 4, requests: [.suspend([.replaceUnhealthy])])
        guard let new = world.state.fleet.first(where: { $0.template?.version == 2 }) else {
            Issue.record("nothing was replaced")
            return
        }
        for second in 5...14 {
            world.launcherHealth[new.id] = second % 2 == 1 ? .failed("500") : .healthy
            world.tick(at: Double(second))
        }
        #expect(statuses(world) == .inProgress)
        #expect(world.state.refresh?.failures == 1)
    }
}
