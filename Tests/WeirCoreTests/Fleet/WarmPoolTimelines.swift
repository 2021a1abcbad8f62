import Testing
import WeirCore

@Suite("The warm pool")
struct WarmPoolTimelines {
    private func world(_ pool: WarmPool = WarmPool(), desired: Int = 1, max: Int = 4) -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: max)
        policy.warmPool = pool
        policy.templateDigest = "one"
        return MiniWorld(policy, desired: desired, fleet: fleet(desired))
    }

    private func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    private let hibernated = WarmPool(state: .hibernated, preparationTime: .seconds(10))

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

    @Test("while launches pause after failures the pool is not filled, but used")
    func backoff() {
        var world = world()
        world.tick(at: 0)
        world.tick(at: 1)
        world.launchFailure = "no such image"
        world.policy.maxSize = 6
        world.tick(at: 2)
        world.run(until: 60)
        #expect(world.prepared.count < 20)
        #expect(world.state.launchBackoff != nil)
        #expect(world.state.count(.warmedStopped) == 3)
        world.launchFailure = nil
        world.state.launchBackoff?.until = .at(1000)
        let reason = world.tick(at: 60.5).decision.reasons.last
        #expect(world.tick(at: 61, requests: set(2)).instances("launch").count == 1)
        #expect(reason?.code == "pool_held_by_launch_backoff")
        #expect(reason?.sentence.hasPrefix("warm pool: ") == true)
        #expect(reason?.sentence.hasSuffix("could not be launched: no such image") == true)
    }

    /// What is launched crashes at once, wherever it comes from.
    @Test(
        "a crashing job takes members out of the pool no faster than instances are launched", arguments: [false, true])
    func crashing(_ isHibernated: Bool) {
        var world = world(isHibernated ? hibernated : WarmPool(), desired: 0, max: 4)
        world.tick(at: 0)
        world.run(until: 30)
        #expect(world.state.fleet.filter(\.isReadyInPool).count == 4)
        world.tick(at: 31, requests: set(1))
        var begun = 0
        for second in 32...632 {
            begun += world.tick(at: Double(second)).starts
            for instance in world.state.fleet where instance.lifecycleState == .inService {
                world.end(instance.id, code: 1, log: ["boom"])
            }
        }
        // Pauses of 1 s, 2 s, 4 s, … and 5 min: what a group without a pool would try.
        #expect(begun >= 7 && begun <= 12, "\(begun)")
        #expect(world.state.launchBackoff?.failures ?? 0 >= 7 && world.state.launchBackoff?.logTail == ["boom"])
        #expect(world.last?.codes.contains("held_by_launch_backoff") == true)
        #expect(!world.state.fleet.filter(\.isReadyInPool).isEmpty, "and the others wait, as nothing speaks for them")
    }

    @Test("the pause that a crash began holds the pool; reset, or over, one is taken at once")
    func heldByCrash() throws {
        var world = world(desired: 0, max: 3)
        world.tick(at: 0)
        world.run(until: 5)
        world.tick(at: 6, requests: set(1))
        world.tick(at: 7)
        world.end(try #require(world.state.ids(.inService).first), code: 1)
        let died = world.tick(at: 8)
        #expect(died.starts == 0)
        #expect(
            died.decision.reasons.map(\.sentence).contains {
                $0.hasPrefix("1 launch held until 12:00:") && $0.contains("after 1 failure in a row")
            })
        #expect(world.tick(at: 8.1, requests: [.resetBackoffs]).starts == 1)
    }

    @Test("a member that is refused when it is to be started holds the others as well")
    func refusedStart() throws {
        var world = world(desired: 0, max: 4)
        world.tick(at: 0)
        world.run(until: 5)
        world.launchFailure = "no such network"
        world.tick(at: 6, requests: set(1))
        // What the launcher had made and could not start is gone.
        world.vanish(try #require(world.state.ids(.pending).first))
        let refused = world.tick(at: 6.5)
        #expect(refused.starts == 0)
        #expect(refused.codes.contains("held_by_launch_backoff"))
        #expect(world.state.fleet.filter(\.isReadyInPool).count == 3)
        #expect(world.tick(at: 8).starts == 1, "when the pause is over it is tried again")
    }

    @Test("a member that ends in the pool is made anew, and counts as a launch that failed")
    func diesInPool() throws {
        var world = world(hibernated, desired: 1, max: 2)
        world.tick(at: 0)
        world.run(until: 15)
        world.end(try #require(world.state.ids(.warmedHibernated).first), code: 137)
        world.tick(at: 16)
        #expect(world.state.launchBackoff?.lastFailure.contains("ended in the warm pool") == true)
        world.run(until: 40)
        #expect(world.state.count(.warmedHibernated) == 1 && world.prepared.count == 2)
    }

    @Test("a member whose making failed and that is there all the same is of the pool, not at work")
    func lostAnswer() {
        var world = world(hibernated, desired: 0, max: 1)
        world.launchFailure = "timed out"
        let id = world.tick(at: 0).actions[0].instance
        world.launchFailure = nil
        let failed = world.tick(at: 0.1)
        #expect(failed.state.fleet.map(\.launchFailed) == [true])
        let running = Observation(listing: .instances([ListedInstance(id: id, phase: .running)]))
        let found = evaluate(world.policy, failed.state, running, at: .at(0.2))
        #expect(found.state.ids(.warmedPending) == [id])
    }

    @Test("one that was paused is in service when its resume has succeeded, and not when a listing says that it runs")
    func resumeIsAwaited() {
        var world = world(hibernated, desired: 0, max: 1)
        world.tick(at: 0)
        world.run(until: 15)
        let id = world.tick(at: 16, requests: set(1)).actions[0].instance
        for phase in [ListedInstance.Phase.paused, .running] {
            let listing = Listing.instances([ListedInstance(id: id, phase: phase)])
            var state = world.state
            func tick(_ second: Double, _ result: ActionOutcome.Result? = nil, restarted: Bool = false) -> [Action] {
                let outcomes = result.map { [ActionOutcome(action: .resume(id), result: $0)] } ?? []
                let seen = Observation(listing: listing, outcomes: outcomes, restarted: restarted)
                let evaluation = evaluate(world.policy, state, seen, at: .at(second))
                state = evaluation.state
                return evaluation.actions
            }
            #expect(tick(17) == [])
            #expect(state.ids(.pending) == [id])
            #expect(tick(18, .failed("away")) == [])
            #expect(state.ids(.pending) == [id])
            #expect(tick(19) == [.resume(id)], "what failed is tried again")
            #expect(tick(20, restarted: true) == [.resume(id)], "and after a restart, too")
            #expect(state.ids(.pending) == [id])
            #expect(tick(21, .done) == [])
            #expect(state.ids(.inService) == [id])
        }
    }

    @Test("killed in any state, the pool and the group end up as without it", arguments: [0.5, 5, 11.5, 13, 20.05])
    func restarts(_ moment: Double) {
        for pool in [WarmPool(), hibernated] {
            var world = world(pool, desired: 1, max: 3)
            world.startTime = .milliseconds(300)
            world.tick(at: 0)
            var second = 0.0
            var isKilled = false
            while second < 60 {
                second += 0.5
                if second == 20 { world.tick(at: 20, requests: set(2)) } else { world.tick(at: second) }
                if !isKilled, second + 0.5 > moment {
                    isKilled = true
                    world.kill()
                }
            }
            #expect(world.state.count(.inService) == 2)
            #expect(world.state.fleet.count == 3 && world.workers.count == 3)
            #expect(Set(world.launched).count == 2, "nothing is made twice")
        }
    }

    @Test("a restart does not shorten the preparation")
    func restartWhilePreparing() {
        var world = world(hibernated, desired: 0, max: 1)
        world.tick(at: 0)
        world.tick(at: 1)
        world.kill()
        #expect(world.tick(at: 4).actions == [])
        #expect(world.tick(at: 11).actions == [.pause(world.prepared[0])])
    }

    @Test("what was to be made before an hour without weir is made after it, and is no failure")
    func downForLong() {
        for pool in [WarmPool(), hibernated] {
            var world = world(pool, desired: 0, max: 1)
            let planned = world.tickAndDie(at: 0).actions
            #expect(planned.count == 1)
            #expect(world.tick(at: 3600).actions == planned)
            #expect(world.state.launchBackoff == nil)
            world.run(until: 3630)
            #expect(world.state.fleet.map(\.id) == planned.map(\.instance), "nobody else is made in its place")
        }
    }

    @Test("a pool that is to be hibernated starts what was just being made for a stopped one")
    func stoppedThenHibernated() {
        var world = world(desired: 0, max: 1)
        world.tick(at: 0)
        world.policy.warmPool = hibernated
        world.run(until: 30)
        #expect(world.state.ids(.warmedHibernated) == [world.prepared[0]])
        #expect(world.state.launchBackoff == nil)
    }

    @Test("a pool that is to be stopped keeps, and gives away, what was just being started for a hibernated one")
    func hibernatedThenStopped() {
        var world = world(hibernated, desired: 0, max: 1)
        world.startTime = .seconds(5)
        world.tick(at: 0)
        world.policy.warmPool = WarmPool()
        world.run(until: 10)
        world.tick(at: 11, requests: set(1))
        world.run(until: 13)
        #expect(world.state.ids(.inService) == [world.prepared[0]])
    }

    @Test("one that is found made, and that a late launch then starts, gets no messages in the pool")
    func startedLate() {
        var world = world(desired: 0, max: 1)
        world.startTime = .seconds(5)
        world.start(InstanceID("i-late"), runsAfter: .seconds(5))
        #expect(world.tick(at: 0).instances("drain") == ["i-late"])
        #expect(world.state.ids(.warmedStopped).map(\.text) == ["i-late"])
        world.run(until: 10)
        #expect(!world.canReceive(InstanceID("i-late")))
    }

    @Test("where nobody can hold messages back from it, it leaves the pool")
    func startedLateUnseen() {
        var world = world(desired: 0, max: 1)
        world.policy.workIsSeen = false
        world.sourceKnowsHolders = false
        world.start(InstanceID("i-late"), runsAfter: .seconds(5))
        world.tick(at: 0)
        world.run(until: 20)
        #expect(world.worker(InstanceID("i-late")) == nil)
        #expect(world.state.count(.warmedStopped) == 1)
    }

    @Test("one that was only made and is gone is just gone: no launch has failed")
    func vanishes() {
        var world = world()
        world.tick(at: 0)
        world.tick(at: 1)
        world.vanish(world.prepared[0])
        world.tick(at: 2)
        #expect(world.state.launchBackoff == nil)
        world.tick(at: 3)
        #expect(world.state.count(.warmedStopped) == 3 && world.prepared.count == 4)
    }

    @Test("one that cannot be paused, try after try, leaves the pool to another")
    func cannotBePaused() {
        var world = world(hibernated, desired: 0, max: 1)
        world.pauseFailure = "no freezer"
        world.tick(at: 0)
        world.run(until: 15)
        #expect(world.prepared.count == 1)
        world.run(until: 60)
        #expect(world.worker(world.prepared[0]) == nil)
        #expect(world.prepared.count > 1 && world.state.fleet.count(where: \.isWarmed) == 1)
        world.pauseFailure = nil
        world.run(until: 90)
        #expect(world.state.count(.warmedHibernated) == 1)
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

extension Instance {
    fileprivate var isReadyInPool: Bool {
        lifecycleState == .warmedStopped || lifecycleState == .warmedHibernated
    }
}

extension Evaluation {
    /// How many are begun for work, new or out of the pool.
    fileprivate var starts: Int { actions.count { $0.word == "launch" || $0.word == "resume" } }
}
