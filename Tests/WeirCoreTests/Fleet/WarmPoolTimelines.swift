import Testing
import WeirCore

@Suite("The warm pool")
struct WarmPoolTimelines: WarmPoolStaging {
    @Test("who is found for the pool and sent for at once keeps its gate open")
    func foundAndSentFor() {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 5)
        policy.warmPool = WarmPool(state: .stopped, minSize: 1)
        var state = GroupState(seed: 1, createdAt: .at(0), desiredCapacity: 1)
        state.lastTick = .at(0)
        let found = ListedInstance(id: InstanceID("i-found"), phase: .starting)
        let evaluation = evaluate(policy, state, Observation(listing: .instances([found])), at: .at(10))
        #expect(evaluation.plan.actions.contains { $0.action == .launch(found.id) })
        #expect(!evaluation.plan.actions.contains { $0.action == .drain(found.id) })
        #expect(evaluation.state.fleet[0].drainsAwaited == 0)
    }

    @Test("stopped: as many are made as the group may still grow, and a scale-out takes them, the oldest first")
    func stopped() {
        var world = world()
        let first = world.tick(at: 0)
        #expect(first.actions.map(\.word) == ["prepare", "prepare", "prepare"])
        world.tick(at: 1)
        #expect(world.state.count(.warmedStopped) == 3)
        #expect(world.last?.events.map(\.sentence) == Array(repeating: "is ready in the warm pool", count: 3))
        let pool = world.state.ids(.warmedStopped)
        let out = world.tick(at: 10, requests: set(3))
        #expect(out.actions == [.launch(pool[0]), .launch(pool[1])])
        world.tick(at: 11)
        #expect(world.state.count(.inService) == 3)
        #expect(world.state.fleet.first { $0.id == pool[0] }?.inServiceAt == .at(11))
        #expect(world.state.count(.warmedStopped) == 1, "4 at most, 3 desired")
        #expect(world.worker(pool[0])?.gateIsOpen == true)
        world.run(until: 30)
        #expect(world.prepared.count == 3)
    }

    @Test("hibernated: started, left alone for the preparation time, paused; resumed when wanted")
    func hibernation() {
        var world = world(hibernated, desired: 1, max: 2)
        let made = world.tick(at: 0)
        #expect(made.actions.map(\.word) == ["prepare"])
        let id = made.actions[0].instance
        #expect(world.tick(at: 1).nextTick == .at(11))
        #expect(!world.canReceive(id), "its gate is closed")
        #expect(world.tick(at: 11).actions == [.pause(id)])
        world.tick(at: 12)
        #expect(world.state.ids(.warmedHibernated) == [id])
        let out = world.tick(at: 20, requests: set(2))
        #expect(out.actions == [.resume(id)])
        #expect(out.events.map(\.sentence) == ["leaves the warm pool for work"])
        #expect(world.tick(at: 20.2).events.map(\.sentence) == ["in service 200ms after its launch"])
        #expect(world.canReceive(id))
        #expect(world.launched == [id])
    }

    @Test("one that is still being prepared is no help yet: a cold start")
    func emptyPool() {
        var world = world(hibernated, desired: 1, max: 3)
        world.tick(at: 0)
        let out = world.tick(at: 5, requests: set(2))
        #expect(out.instances("launch").count == 1)
        #expect(out.instances("resume") == [])
        world.run(until: 40)
        #expect(world.state.count(.inService) == 2 && world.state.count(.warmedHibernated) == 1)
    }

    @Test("its members are neither in service nor capacity, and hold no simple policy back")
    func notCapacity() {
        var world = world(desired: 0, max: 3)
        world.tick(at: 0)
        world.run(until: 5)
        #expect(world.state.desiredCapacity == 0 && world.state.count(.inService) == 0)
        world.policy.alarms = [.up()]
        world.policy.scalingPolicies = [.simple("out", on: "up", .changeInCapacity, 1)]
        world.policy.templateDigest = "two"
        world.see(visible: 5)
        world.tick(at: 6)
        #expect(world.state.desiredCapacity == 1)
        let protect = world.state.fleet.filter(\.isWarmed).map(\.id)
        let refused = world.tick(at: 7, requests: protect.prefix(1).map { .setProtection([$0], protected: true) })
        for answer in refused.answers {
            if case .accepted = answer.result { Issue.record("a pool instance took protection") }
        }
    }

    @Test("the pool follows the maximum, its own bounds and the policy")
    func size() {
        var world = world()
        world.tick(at: 0)
        world.run(until: 5)
        #expect(world.state.count(.warmedStopped) == 3)
        world.policy.warmPool = WarmPool(maxPreparedCapacity: 2)
        world.run(until: 10)
        #expect(world.state.count(.warmedStopped) == 1)
        world.policy.warmPool = WarmPool(minSize: 2, maxPreparedCapacity: 2)
        world.run(until: 15)
        #expect(world.state.count(.warmedStopped) == 2)
        world.policy.warmPool = nil
        world.run(until: 20)
        #expect(world.state.fleet.count == 1 && world.workers.count == 1)
        #expect(world.state.remains.isEmpty)
    }

    @Test("a change of what is launched renews the pool; nothing old is taken from it")
    func renewed() {
        var world = world()
        world.tick(at: 0)
        world.tick(at: 1)
        world.policy.templateDigest = "two"
        let changed = world.tick(at: 2, requests: set(2))
        #expect(changed.instances("launch").count == 1)
        #expect(changed.instances("terminate").count == 3)
        #expect(changed.instances("prepare").count == 2)
        world.run(until: 10)
        #expect(world.state.count(.warmedStopped) == 2)
        #expect(world.workers.filter { $0.isOnlyMade }.allSatisfy { $0.template == 2 })
    }

    @Test("reused on scale-in: paused when idle instead of ended, and nothing is made in its place")
    func reuse() {
        var pool = hibernated
        pool.reuseOnScaleIn = true
        var world = world(pool, desired: 3, max: 3)
        world.tick(at: 0)
        let fewer = world.tick(at: 1, requests: set(2))
        #expect(fewer.actions.map(\.word) == ["drain"])
        #expect(world.tick(at: 2).actions == [.pause(InstanceID("i-1"))])
        world.tick(at: 3)
        #expect(world.state.ids(.warmedHibernated).map(\.text) == ["i-1"])
        world.run(until: 30)
        #expect(world.prepared == [])
        world.tick(at: 31, requests: set(3))
        world.tick(at: 32)
        #expect(world.state.count(.inService) == 3 && world.launched == [])
        #expect(world.canReceive(InstanceID("i-1")))
    }

    @Test("no room, or unhealthy: it is ended as ever")
    func noReuse() {
        var pool = hibernated
        pool.reuseOnScaleIn = true
        pool.maxPreparedCapacity = 2
        var world = world(pool, desired: 3, max: 3)
        world.tick(at: 0, requests: set(2))
        #expect(world.tick(at: 1).instances("terminate") == ["i-1"])
        world.policy.warmPool?.maxPreparedCapacity = 3
        world.launcherHealth[InstanceID("i-2")] = .failed("no answer")
        world.tick(at: 2, requests: [.suspend([.replaceUnhealthy])] + set(1))
        #expect(world.tick(at: 3).instances("terminate") == ["i-2"])
    }

    @Test("where the source cannot tell who is at work, none is paused in the middle of it")
    func noReuseInTheDark() {
        var pool = hibernated
        pool.reuseOnScaleIn = true
        var world = world(pool, desired: 2, max: 2)
        world.sourceKnowsHolders = false
        world.tick(at: 0, requests: set(1))
        #expect(world.tick(at: 1).instances("terminate") == ["i-1"])
    }

    @Test("where the queue is known not to tell who holds what, that nobody seems to hold anything makes no difference")
    func noReuseWhereWorkIsNotSeen() {
        var pool = hibernated
        pool.reuseOnScaleIn = true
        var world = world(pool, desired: 2, max: 2)
        world.policy.workIsSeen = false
        world.tick(at: 0, requests: set(1))
        #expect(world.tick(at: 1).instances("terminate") == ["i-1"])
    }

    @Test("a group that leaves empties it")
    func leaving() {
        var world = world(hibernated)
        world.tick(at: 0)
        world.run(until: 15)
        world.policy = world.policy.retired()
        world.run(until: 25)
        #expect(world.state.fleet.isEmpty && world.workers.isEmpty)
    }

    @Test("while Terminate is suspended old members keep their places; the pool does not grow with each new template")
    func suspendedTerminate() {
        var world = world()
        world.tick(at: 0, requests: [.suspend([.terminate])])
        world.tick(at: 1)
        for (second, digest) in [(2.0, "two"), (10, "three")] {
            world.policy.templateDigest = digest
            world.tick(at: second)
            world.run(until: second + 5)
            #expect(world.state.count(.warmedStopped) == 3)
        }
        world.tick(at: 20, requests: [.resume([.terminate])])
        world.run(until: 25)
        #expect(world.workers.filter(\.isOnlyMade).map(\.template) == [3, 3, 3])
    }
}
