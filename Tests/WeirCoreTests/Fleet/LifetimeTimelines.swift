import Testing
import WeirCore

@Suite("Maximum instance lifetime")
struct LifetimeTimelines {
    private func world(_ ages: [Double], protected: Int? = nil) -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 100)
        policy.maxInstanceLifetime = .seconds(86_400)
        let fleet = ages.enumerated().map { index, age in
            Instance.inService("i-\(index + 1)", since: -age, protected: index + 1 == protected)
        }
        return MiniWorld(policy, desired: ages.count, fleet: fleet)
    }

    @Test("the oldest goes first, one at a time, each when the one before it is replaced")
    func oneAtATime() {
        var world = world([90_000, 100_000, 95_000, 10])
        world.startTime = .seconds(5)
        #expect(world.tick(at: 0).instances("drain") == ["i-2"])
        #expect(world.last?.instances("launch").count == 1)
        #expect(world.last?.events.map(\.sentence) == ["takes no more messages: as old as instances get, and replaced"])
        world.run(until: 4)
        #expect(world.state.count(.inService) == 3)
        #expect(world.tick(at: 5).instances("drain") == ["i-3"])
        world.run(until: 60)
        #expect(world.launched.count == 3)
        #expect(world.state.fleet.map(\.id.text).contains("i-4"))
    }

    @Test("a tenth of the group together")
    func tenth() {
        var world = world(Array(repeating: 90_000, count: 25))
        #expect(world.tick(at: 0).instances("drain") == ["i-1", "i-2"])
    }

    @Test("while launches fail what works is not taken out of service")
    func launchesFail() {
        var world = world([90_000, 10])
        world.state.launchBackoff = Backoff(failures: 4, since: .at(-1), until: .at(60), lastFailure: "no such image")
        let held = world.tick(at: 0)
        #expect(held.actions.isEmpty)
        #expect(held.codes.contains("held_by_launch_backoff"))
        #expect(world.tick(at: 60).instances("drain") == ["i-1"])
    }

    @Test("not a moment before its time")
    func onTime() {
        var world = world([86_390, 10])
        #expect(world.tick(at: 9.9).actions == [])
        #expect(world.tick(at: 10).instances("drain") == ["i-1"])
    }

    @Test("protection delays it, and does not hold up the others")
    func protected() {
        var world = world([100_000, 90_000], protected: 1)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.instances("drain") == ["i-2"])
        #expect(
            evaluation.decision.reasons.last?.sentence == "older than the maximum lifetime, but protected: i-1")
        world.run(until: 5)
        #expect(
            world.tick(at: 6, requests: [.setProtection([InstanceID("i-1")], protected: false)]).instances("drain")
                == ["i-1"])
    }

    @Test("a busy one finishes its work")
    func busy() {
        var world = world([90_000])
        // That is for unhealthy ones only.
        world.policy.healthCheck.busyTimeout = .seconds(10)
        world.receive(1, by: InstanceID("i-1"))
        world.tick(at: 0)
        world.run(until: 50)
        #expect(world.state.ids(.draining).count == 1 && world.launched.count == 1)
        world.finish(InstanceID("i-1"))
        world.run(until: 55)
        #expect(world.state.fleet.count == 1 && world.stoppedBusy == [] && world.launched.count == 1)
    }

    @Test("nobody goes for age while nothing may be launched or ended, or the launcher cannot be listed")
    func held() {
        var world = world([90_000])
        #expect(world.tick(at: 0, requests: [.suspend([.launch])]).instances("drain") == [])
        #expect(world.tick(at: 1, requests: [.resume([]), .suspend([.terminate])]).instances("drain") == [])
        world.listingFailure = "engine away"
        #expect(world.tick(at: 2, requests: [.resume([])]).instances("drain") == [])
    }
}
