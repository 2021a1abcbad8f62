import Testing
import WeirCore

@Suite("The warm pool, where something comes at another time")
struct WarmPoolRestartTimelines: WarmPoolStaging {
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
}
