import Testing
import WeirCore

@Suite("Progress of an instance refresh, and what it waits for")
struct RefreshProgressTimelines {
    /// Two instances of version 1, of which version 2 is to be launched now.
    private func world(_ count: Int, _ preferences: RefreshPreferences, hooks: [LifecycleTransition] = [])
        -> MiniWorld
    {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20)
        policy.instanceRefresh = preferences
        policy.templateDigest = "one"
        policy.lifecycleHooks = hooks.map { transition in
            LifecycleHook(
                name: transition.rawValue, transition: transition, heartbeatTimeout: .seconds(600),
                defaultResult: transition == .launching ? .abandon : .continue)
        }
        let old = fleet(count).map { instance in
            var instance = instance
            instance.template = LaunchTemplate(name: "g", version: 1)
            return instance
        }
        var world = MiniWorld(policy, desired: count, fleet: old)
        world.startTime = .seconds(1)
        world.tick(at: -1)
        world.policy.templateDigest = "two"
        return world
    }

    private func preferences(min: Int, max: Int = 100, warmup: Double = 0, checkpoints: [Int] = [])
        -> RefreshPreferences
    {
        RefreshPreferences(
            minHealthyPercentage: min, maxHealthyPercentage: max, instanceWarmup: .seconds(warmup),
            checkpointPercentages: checkpoints, checkpointDelay: .seconds(100))
    }

    private let start: [Request.Kind] = [.startRefresh(nil)]

    private func waits(_ world: MiniWorld) -> [String] {
        world.last?.decision.reasons.filter { $0.code == "refresh_held" }.map(\.sentence) ?? []
    }

    private func percent(_ world: MiniWorld) -> Int? { world.state.refresh?.percentageComplete }

    @Test("a new instance counts when it is in service, healthy and warm, not when the old one has ended")
    func warm() {
        var world = world(2, preferences(min: 50, warmup: 30))
        world.tick(at: 0, requests: start)
        #expect(percent(world) == 0)
        world.run(until: 30)
        #expect(world.state.fleet.count == 2 && percent(world) == 0)
        #expect(waits(world) == ["instance refresh waits: 1 new instance warming up until 12:00:31"])
        world.run(until: 31)
        #expect(percent(world) == 50)
        world.run(until: 80)
        #expect(world.state.refresh?.status == .successful && percent(world) == 100)
    }

    @Test("while all new ones wait for their launch hook nothing is complete, and that is what it waits for")
    func launchHook() {
        var world = world(2, preferences(min: 0), hooks: [.launching])
        world.tick(at: 0, requests: start)
        world.run(until: 20)
        #expect(world.state.count(.pendingWait) == 2 && world.state.fleet.count == 2)
        #expect(percent(world) == 0)
        #expect(
            waits(world) == ["instance refresh waits: 2 new instances in Pending:Wait for a lifecycle hook"])
    }

    @Test("a launch that was abandoned is no progress")
    func abandoned() {
        var world = world(2, preferences(min: 0), hooks: [.launching])
        world.tick(at: 0, requests: start)
        world.run(until: 20)
        let waiting = world.state.ids(.pendingWait)
        world.tick(
            at: 21,
            requests: waiting.map {
                .completeLifecycle(
                    hook: LifecycleTransition.launching.rawValue, instance: $0, token: nil, .abandon)
            })
        world.run(until: 30)
        #expect(world.state.refresh?.failures == 2)
        #expect(percent(world) == 0)
    }

    @Test("an old one that waits for its termination hook does not hold back the count, but the end")
    func terminationHook() {
        var world = world(2, preferences(min: 0), hooks: [.terminating])
        world.tick(at: 0, requests: start)
        world.run(until: 20)
        #expect(world.state.count(.terminatingWait) == 2 && world.state.count(.inService) == 2)
        #expect(percent(world) == 100)
        #expect(world.state.refresh?.status == .inProgress)
        #expect(
            waits(world) == ["instance refresh waits: 2 old instances in Terminating:Wait for a lifecycle hook"])
        world.run(until: 700, every: 10)
        #expect(world.state.refresh?.status == .successful && waits(world) == [])
    }

    @Test("a checkpoint is reached by what is new and warm, whoever of the old ones waits for a hook")
    func checkpoint() {
        var world = world(4, preferences(min: 0, checkpoints: [50, 100]), hooks: [.terminating])
        world.tick(at: 0, requests: start)
        world.run(until: 10)
        #expect(world.state.count(.terminatingWait) == 2)
        #expect(percent(world) == 50)
        #expect(world.state.refresh?.checkpointUntil != nil)
    }

    @Test("an old one that is not wanted any more is neither replaced nor to be replaced")
    func scaleIn() {
        var world = world(4, preferences(min: 75, warmup: 1000))
        world.policy.terminationPolicies = [.oldestInstance]
        world.tick(at: 0, requests: start)
        world.run(until: 5)
        world.tick(at: 6, requests: [.setDesired(2, honorCooldown: false)])
        world.run(until: 20)
        #expect(world.state.refresh?.total == 2 && world.state.refresh?.replaced == 0)
        #expect(percent(world) == 0)
    }

    @Test("more that are desired meanwhile do not take back what is complete")
    func scaleOut() {
        var world = world(2, preferences(min: 50, warmup: 30))
        world.tick(at: 0, requests: start)
        world.run(until: 32)
        #expect(percent(world) == 50)
        world.tick(at: 33, requests: [.setDesired(6, honorCooldown: false)])
        world.run(until: 40)
        #expect(percent(world) == 50)
    }

    @Test("those that are left alone are not part of it")
    func leftAlone() {
        var own = preferences(min: 0)
        own.protectedInstances = .ignore
        var world = world(3, own)
        world.state.fleet[0].protectedFromScaleIn = true
        world.tick(at: 0, requests: start)
        world.run(until: 20)
        #expect(world.state.refresh?.status == .successful)
        #expect(world.state.refresh?.total == 2 && world.state.refresh?.replaced == 2)
    }

    @Test("it says of old ones that finish their work that it waits for them")
    func finishing() {
        var world = world(2, preferences(min: 50))
        world.receive(1, by: InstanceID("i-1"))
        world.tick(at: 0, requests: start)
        world.run(until: 10)
        #expect(waits(world) == ["instance refresh waits: 1 old instance finishing its work"])
    }

    @Test("where nothing is under way, it says how many have to stay")
    func tooFewHealthy() {
        var world = world(4, preferences(min: 90))
        world.state.fleet[0].unhealthy = Unhealthiness(since: noon, why: "marked", cause: .mark)
        world.tick(at: 0, requests: start + [.suspend([.replaceUnhealthy])])
        #expect(waits(world).contains("instance refresh waits: 3 healthy and warm, 4 have to stay"))
    }
}
