import Testing
import WeirCore

@Suite("Instance refresh")
struct RefreshTimelines {
    private func policy(_ preferences: RefreshPreferences) -> GroupPolicy {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20)
        policy.instanceRefresh = preferences
        policy.templateDigest = "one"
        return policy
    }

    /// A group whose instances were launched from version 1, of which version 2 is to be launched now.
    private func world(_ count: Int, _ preferences: RefreshPreferences = RefreshPreferences()) -> MiniWorld {
        let old = fleet(count).map { instance in
            var instance = instance
            instance.template = LaunchTemplate(name: "g", version: 1)
            return instance
        }
        var world = MiniWorld(policy(preferences), desired: count, fleet: old)
        world.startTime = .seconds(1)
        world.tick(at: -1)
        world.policy.templateDigest = "two"
        return world
    }

    private func preferences(
        min: Int = 90, max: Int = 100, warmup: Double = 0, checkpoints: [Int] = []
    ) -> RefreshPreferences {
        RefreshPreferences(
            minHealthyPercentage: min, maxHealthyPercentage: max, instanceWarmup: .seconds(warmup),
            checkpointPercentages: checkpoints, checkpointDelay: .seconds(100))
    }

    private let start: [Request.Kind] = [.startRefresh(nil)]

    private func version(_ world: MiniWorld, _ version: Int) -> Int {
        world.state.fleet.count { $0.lifecycleState == .inService && $0.template?.version == version }
    }

    /// Runs to the end of the refresh; the fewest that were in service and the most that were active on the way.
    private func roll(_ world: inout MiniWorld, until limit: Double = 2000) -> (fewest: Int, most: Int) {
        var (fewest, most) = (Int.max, 0)
        var second = (world.now - noon).inSeconds
        while second < limit, world.state.refresh?.isUnderWay == true {
            fewest = min(fewest, world.state.count(.inService))
            most = max(most, world.state.count(.inService) + world.state.count(.pending))
            second += 1
            world.tick(at: second)
        }
        return (fewest, most)
    }

    // MARK: How many at a time

    struct Row: CustomTestStringConvertible {
        var count: Int
        var minimum: Int
        var maximum: Int
        var fewest: Int
        var most: Int
        var testDescription: String { "\(count) instances, \(minimum) % to \(maximum) %" }
    }

    @Test("while launches fail what works is not taken out of service for it")
    func launchesFail() {
        var world = world(4, preferences(min: 0))
        world.state.launchBackoff = Backoff(failures: 4, since: .at(-1), until: .at(60), lastFailure: "no such image")
        let held = world.tick(at: 0, requests: start)
        #expect(held.actions.isEmpty)
        #expect(
            held.decision.reasons.last?.sentence
                == "instance refresh waits: launches fail, none is tried before 12:01:00")
        #expect(world.tick(at: 60).instances("drain").count == 4)
    }

    @Test(
        "as many stay in service as have to, no more are there than may be, and each is replaced once",
        arguments: [
            Row(count: 10, minimum: 90, maximum: 100, fewest: 9, most: 10),
            Row(count: 10, minimum: 50, maximum: 100, fewest: 5, most: 10),
            Row(count: 10, minimum: 0, maximum: 100, fewest: 0, most: 10),
            Row(count: 10, minimum: 100, maximum: 100, fewest: 9, most: 10),
            Row(count: 5, minimum: 90, maximum: 100, fewest: 4, most: 5),
            Row(count: 15, minimum: 90, maximum: 100, fewest: 14, most: 15),
            Row(count: 1, minimum: 90, maximum: 100, fewest: 0, most: 1),
            Row(count: 10, minimum: 100, maximum: 110, fewest: 10, most: 11),
            Row(count: 10, minimum: 90, maximum: 110, fewest: 9, most: 11),
            Row(count: 10, minimum: 100, maximum: 200, fewest: 10, most: 20),
            Row(count: 1, minimum: 100, maximum: 110, fewest: 1, most: 2),
        ])
    func atATime(_ row: Row) {
        var world = world(row.count, preferences(min: row.minimum, max: row.maximum, warmup: 3))
        let began = world.tick(at: 0, requests: start)
        #expect(began.codes.contains("refresh_began"))
        let (fewest, most) = roll(&world)
        #expect(world.state.refresh?.status == .successful)
        #expect(version(world, 2) == row.count)
        #expect(fewest == row.fewest)
        #expect(most == row.most)
        #expect(world.launched.count == row.count)
        #expect(world.state.refresh?.percentageComplete == 100)
    }

    @Test("a group at zero has nothing to replace")
    func empty() {
        var world = world(0)
        let evaluation = world.tick(at: 0, requests: start)
        #expect(evaluation.actions == [])
        #expect(evaluation.state.refresh?.status == .successful)
    }

    @Test("instances that came into service a moment ago are not taken for unhealthy")
    func youngGroup() {
        var world = world(10, preferences(warmup: 300))
        for index in world.state.fleet.indices { world.state.fleet[index].inServiceAt = .at(-10) }
        world.tick(at: 0, requests: start)
        #expect(world.state.count(.inService) == 9)
        world.run(until: 200, every: 10)
        #expect(world.state.count(.inService) == 10 && version(world, 2) == 1)
    }

    @Test("the next one goes when the one before it is warm")
    func warmup() {
        var world = world(2, preferences(min: 50, warmup: 30))
        world.tick(at: 0, requests: start)
        world.run(until: 30)
        #expect(version(world, 2) == 1 && version(world, 1) == 1)
        #expect(
            world.last?.decision.reasons.last?.sentence
                == "instance refresh waits: 1 new instance warming up until 12:00:31")
        world.run(until: 40)
        #expect(world.launched.count == 2)
    }

    // MARK: Who goes, and who does not

    @Test("skip matching leaves alone what is of the present template; without it all are replaced")
    func skipMatching() {
        for (skips, replaced) in [(true, 2), (false, 4)] {
            var own = preferences(min: 0)
            own.skipMatching = skips
            var world = world(4, own)
            for index in 0..<2 { world.state.fleet[index].template?.version = 2 }
            world.tick(at: 0, requests: start)
            _ = roll(&world)
            #expect(world.state.refresh?.status == .successful)
            #expect(world.launched.count == replaced)
        }
    }

    @Test("protected from scale-in: waited for, left alone, or replaced", arguments: RefreshTreatment.allCases)
    func protected(_ treatment: RefreshTreatment) {
        var own = preferences(min: 0)
        own.protectedInstances = treatment
        var world = world(2, own)
        world.state.fleet[0].protectedFromScaleIn = true
        world.tick(at: 0, requests: start)
        world.run(until: 20)
        #expect(world.state.ids(.inService).contains(InstanceID("i-1")) == (treatment != .replace))
        #expect(world.state.refresh?.isUnderWay == (treatment == .wait))
        guard treatment == .wait else { return }
        #expect(
            world.last?.decision.reasons.last?.sentence == "instance refresh waits: 1 instance protected from scale-in")
        world.tick(at: 21, requests: [.setProtection([InstanceID("i-1")], protected: false)])
        _ = roll(&world)
        #expect(world.state.refresh?.status == .successful && world.launched.count == 2)
    }

    @Test("standing by: waited for, left alone, or replaced", arguments: RefreshTreatment.allCases)
    func standby(_ treatment: RefreshTreatment) {
        var own = preferences(min: 0)
        own.standbyInstances = treatment
        var world = world(2, own)
        world.tick(at: 0, requests: [.enterStandby([InstanceID("i-1")], decrementDesired: true)])
        world.tick(at: 1)
        world.tick(at: 2, requests: start)
        world.run(until: 20)
        #expect(world.state.ids(.standby).map(\.text) == (treatment == .replace ? [] : ["i-1"]))
        #expect(world.state.refresh?.isUnderWay == (treatment == .wait))
        #expect(world.launched.count == 1, "one that stands by was not part of the capacity")
    }

    @Test("idle ones go first, busy ones finish their work, and time in which they do is not lost")
    func busy() {
        var world = world(2, preferences(min: 50))
        let one = InstanceID("i-1")
        world.receive(1, by: one)
        world.tick(at: 0, requests: start)
        #expect(world.state.ids(.draining).map(\.text) == ["i-2"])
        world.run(until: 10)
        #expect(world.state.ids(.draining) == [one])
        #expect(!world.canReceive(one))
        world.run(until: 9000, every: 60)
        #expect(world.state.refresh?.status == .inProgress)
        world.finish(one)
        world.run(until: 9100, every: 10)
        #expect(world.state.refresh?.status == .successful)
        #expect(world.stoppedBusy == [] && world.launched.count == 2)
    }

    @Test("one that was chosen for scale-in and came back is replaced, too")
    func cameBack() {
        var world = world(3, preferences(min: 0))
        world.tick(at: 0, requests: [.setDesired(2, honorCooldown: false)])
        #expect(world.state.ids(.draining).map(\.text) == ["i-1"])
        world.tick(at: 0.5, listed: false, requests: start + [.setDesired(3, honorCooldown: false)])
        _ = roll(&world)
        #expect(world.state.refresh?.status == .successful && version(world, 2) == 3)
    }

    // MARK: Standing still

    @Test("checkpoints: so many and no more, then a look, then on")
    func checkpoints() {
        var world = world(10, preferences(min: 0, checkpoints: [25, 60, 100]))
        world.tick(at: 0, requests: start)
        #expect(world.state.count(.inService) == 7, "25 % of 10 is 2.5, so 3 go")
        world.run(until: 10)
        #expect(version(world, 2) == 3)
        #expect(
            world.last?.decision.reasons.last?.sentence.hasPrefix("instance refresh waits: at a checkpoint") == true)
        world.run(until: 100)
        #expect(version(world, 2) == 3)
        world.run(until: 115)
        #expect(version(world, 2) == 6)
        _ = roll(&world)
        #expect(world.state.refresh?.status == .successful)
        #expect(version(world, 2) == 10 && world.launched.count == 10)
    }

    @Test("with the last checkpoint below 100 the rest stays as it is", arguments: [100, 110])
    func partial(_ maximum: Int) {
        var world = world(10, preferences(max: maximum, checkpoints: [50]))
        world.tick(at: 0, requests: start)
        _ = roll(&world)
        world.run(until: 3000, every: 10)
        #expect(world.state.refresh?.status == .successful)
        #expect(version(world, 2) == 5 && version(world, 1) == 5)
        #expect(world.launched.count == 5)
    }

    @Test("an hour without any progress, and it fails")
    func stalled() {
        var world = world(1)
        world.state.fleet[0].protectedFromScaleIn = true
        world.tick(at: 0, requests: start)
        world.run(until: 3590, every: 10)
        #expect(world.state.refresh?.status == .inProgress)
        world.tick(at: 3600)
        #expect(world.state.refresh?.status == .failed)
        #expect(world.state.refresh?.why == "no instance could be replaced within 3600s")
    }

    @Test("a warmup of an hour is no stall")
    func longWarmup() {
        var world = world(2, preferences(min: 50, warmup: 3600))
        world.tick(at: 0, requests: start)
        world.run(until: 12_000, every: 60)
        #expect(world.state.refresh?.status == .successful)
    }

    @Test("suspended it stands still, and no time is lost; what was on its way out goes on")
    func suspended() {
        var world = world(4, preferences(min: 75))
        world.tick(at: 0, requests: start)
        world.tick(at: 1, requests: [.suspend([.instanceRefresh])])
        world.run(until: 9000, every: 60)
        #expect(version(world, 2) == 1 && version(world, 1) == 3)
        #expect(world.state.refresh?.status == .inProgress)
        world.tick(at: 9001, requests: [.resume([])])
        _ = roll(&world, until: 9100)
        #expect(world.state.refresh?.status == .successful && world.launched.count == 4)
    }

    @Test("suspended, one that launches first launches no more and ends none of those that are too many")
    func suspendedWithSurge() {
        var world = world(4, preferences(min: 100, max: 200, warmup: 60))
        world.tick(at: 0, requests: start)
        world.run(until: 10)
        #expect(world.state.count(.inService) == 8)
        world.tick(at: 11, requests: [.suspend([.instanceRefresh])])
        world.run(until: 100, every: 5)
        #expect(world.state.count(.inService) == 8 && world.launched.count == 4)
    }

    @Test("cancelled: what is on its way out goes on, nothing more is replaced")
    func cancelled() {
        var world = world(4, preferences(min: 50))
        world.tick(at: 0, requests: start)
        let cancelled = world.tick(at: 1, requests: [.cancelRefresh])
        #expect(cancelled.codes.contains("refresh_ended"))
        world.run(until: 60)
        #expect(version(world, 2) == 2 && version(world, 1) == 2 && world.launched.count == 2)
        #expect(world.tick(at: 61, requests: [.cancelRefresh]).answers[0].result == .refused(.noRefreshUnderWay))
    }

    @Test("a second one is refused while one is under way")
    func second() throws {
        var world = world(2)
        world.tick(at: 0, requests: start)
        let id = try #require(world.state.refresh?.id)
        #expect(id.count == 36)
        #expect(world.tick(at: 1, requests: start).answers[0].result == .refused(.refreshUnderWay(id)))
    }

    @Test("a group that leaves ends its refresh with it")
    func leaving() {
        var world = world(2)
        world.tick(at: 0, requests: start)
        world.policy = world.policy.retired()
        world.tick(at: 1)
        #expect(world.state.refresh?.status == .cancelled)
        world.run(until: 20)
        #expect(world.state.fleet.isEmpty)
    }

    @Test(
        "time in which nobody looked is no stall: after a restart, and when the clock jumps", arguments: [true, false])
    func nobodyLooked(_ isKilled: Bool) {
        var world = world(1)
        world.state.fleet[0].protectedFromScaleIn = true
        world.tick(at: 0, requests: start)
        if isKilled { world.kill() }
        world.tick(at: 7200)
        #expect(world.state.refresh?.status == .inProgress)
        world.run(until: 10_700, every: 10)
        #expect(world.state.refresh?.status == .inProgress)
        world.run(until: 10_800, every: 10)
        #expect(world.state.refresh?.status == .failed)
    }

    @Test("a checkpoint that is over or not yet over is no stall")
    func checkpointIsNoStall() {
        for second in [50.0, 500] {
            var world = world(4, preferences(min: 0, checkpoints: [50, 100]))
            world.tick(at: 0, requests: start)
            world.run(until: 10)
            #expect(world.state.refresh?.checkpointUntil != nil)
            world.state.refresh?.lastProgress = .at(-4000)
            world.tick(at: second)
            #expect(world.state.refresh?.status == .inProgress)
        }
    }

    @Test("time in which an old one that goes for another reason finishes its work is not lost")
    func oldOneDepartsOtherwise() {
        var world = world(2, preferences(min: 50))
        let one = InstanceID("i-1")
        world.state.fleet[1].protectedFromScaleIn = true
        world.receive(1, by: one)
        world.tick(at: 0, requests: start + [.setHealth(one, healthy: false, respectGracePeriod: false)])
        #expect(world.state.fleet[0].departure == .unhealthy)
        world.run(until: 9000, every: 60)
        #expect(world.state.refresh?.status == .inProgress)
    }

    @Test("time in which instances wait for lifecycle hooks is not lost")
    func hooks() {
        var world = world(2, preferences(min: 50))
        world.policy.lifecycleHooks = LifecycleTransition.allCases.map { transition in
            LifecycleHook(
                name: transition.rawValue, transition: transition, heartbeatTimeout: .seconds(7200),
                defaultResult: .continue)
        }
        world.tick(at: 0, requests: start)
        world.run(until: 30_000, every: 60)
        #expect(world.state.refresh?.status == .successful)
        #expect(version(world, 2) == 2)
    }

    @Test(
        "one that is still to be replaced and is chosen for scale-in does not go back into the pool",
        arguments: [true, false])
    func noReturnToPool(_ isKnown: Bool) {
        var own = preferences(min: 75, warmup: 5)
        own.skipMatching = !isKnown
        var world = world(4, own)
        if isKnown {
            world.policy.templateDigest = "one"
        } else {
            for index in world.state.fleet.indices { world.state.fleet[index].template = nil }
        }
        world.policy.warmPool = WarmPool(state: .hibernated, maxPreparedCapacity: 4, reuseOnScaleIn: true)
        world.tick(at: 0, requests: start)
        world.run(until: 3)
        let fewer: [Request.Kind] = [.suspend([.instanceRefresh]), .setDesired(3, honorCooldown: false)]
        let chosen = world.tick(at: 4, requests: fewer).instances("drain")
        #expect(chosen.count == 1 && chosen[0].count == 3, "an old one")
        #expect(world.tick(at: 5).instances("terminate") == chosen)
        world.tick(at: 6, requests: [.resume([])])
        _ = roll(&world, until: 300)
        #expect(world.state.refresh?.status == .successful)
    }

    @Test("what is launched being the same, the pool made before is renewed with the group; skip matching leaves it")
    func poolOfSameTemplate() {
        for skips in [false, true] {
            var own = preferences(min: 0)
            own.skipMatching = skips
            var world = world(2, own)
            world.policy.templateDigest = "one"
            world.policy.warmPool = WarmPool(minSize: 2, maxPreparedCapacity: 2)
            world.run(until: 5)
            let made = world.state.ids(.warmedStopped)
            #expect(made.count == 2)
            world.tick(at: 6, requests: start)
            world.run(until: 40)
            #expect(world.state.refresh?.status == .successful)
            #expect(world.state.count(.warmedStopped) == 2 && world.state.count(.inService) == 2)
            #expect(world.state.fleet.count { made.contains($0.id) } == (skips ? 2 : 0))
        }
    }
}
