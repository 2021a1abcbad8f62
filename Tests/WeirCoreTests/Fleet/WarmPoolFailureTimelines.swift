import Testing
import WeirCore

@Suite("The warm pool, where something fails")
struct WarmPoolFailureTimelines: WarmPoolStaging {
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
