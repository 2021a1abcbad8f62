import Testing
import WeirCore

@Suite("Killed and started again")
struct RestartTimelines {
    private let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20)

    private func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    @Test("a launch that was decided but never ordered is ordered again, under the same id")
    func launchIsOrderedAgain() {
        var world = MiniWorld(policy, desired: 1)
        let decided = world.tickAndDie(at: 0)
        let again = world.tick(at: 5)
        #expect(again.actions == decided.actions)
        #expect(again.plan.actions[0].why == .restarted)
        world.tick(at: 6)
        #expect(world.workers.count == 1)
        #expect(world.state.ids(.inService) == [decided.actions[0].instance])
    }

    @Test("a launch that was carried out is not ordered again")
    func launchIsNotDoubled() {
        var world = MiniWorld(policy)
        world.tick(at: 0, requests: set(2))
        world.kill()
        #expect(world.tick(at: 5).actions.isEmpty)
        #expect(world.launched.count == 2)
    }

    @Test("what was made and may never have been started is ordered again, once, under the same id")
    func launchIsBroughtToAnEnd() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(60)
        world.tick(at: 0, requests: set(1))
        world.kill()
        let ids = world.launched
        #expect(world.tick(at: 5).actions == ids.map { .launch($0) })
        #expect(world.tick(at: 6).actions.isEmpty)
        #expect(world.workers.count == 1)
    }

    @Test("what was made, never started and is not remembered is adopted, and its launch brought to an end")
    func unknownAndNotStarted() {
        let id = InstanceID("i-0a")
        let made = Observation(listing: .instances([ListedInstance(id: id, phase: .starting)]))
        let evaluation = evaluate(policy, GroupState(desired: 1), made, at: .at(0))
        #expect(evaluation.actions == [.launch(id)])
        #expect(evaluate(policy, evaluation.state, made, at: .at(1)).actions.isEmpty)
    }

    @Test("a launch that failed half-way, made and not started, is ordered again under the same id")
    func halfALaunch() throws {
        var world = MiniWorld(policy)
        let id = try #require(world.tick(at: 0, requests: set(1)).actions.first?.instance)
        let failed = Observation(
            listing: .instances([ListedInstance(id: id, phase: .starting)]),
            outcomes: [ActionOutcome(action: .launch(id), result: .failed("the engine hung up"))])
        let evaluation = evaluate(policy, world.state, failed, at: .at(1))
        #expect(evaluation.state.launchBackoff == nil)
        let later = Observation(listing: .instances([ListedInstance(id: id, phase: .starting)]))
        #expect(evaluate(policy, evaluation.state, later, at: .at(3)).actions == [.launch(id)])
    }

    @Test("while the launcher cannot be listed after a restart, launches wait")
    func noListing() {
        var world = MiniWorld(policy, desired: 1)
        _ = world.tickAndDie(at: 0)
        world.listingFailure = "engine away"
        #expect(world.tick(at: 5).actions.isEmpty)
        world.listingFailure = nil
        #expect(world.tick(at: 10).instances("launch").count == 1)
    }

    @Test("what was not measured while weir was away costs no alarm its state: nothing is told twice")
    func ownDowntime() {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 9, pollInterval: .seconds(1),
            alarms: [
                AlarmDefinition(
                    name: "up", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(1),
                    evaluationPeriods: 5, comparison: .greaterThanOrEqual, threshold: 1)
            ])
        policy.alarms[0].actions = AlarmActions(alarm: [.command(["page"])])
        var world = MiniWorld(policy)
        world.see(visible: 3)
        for second in 0...6 { world.tick(at: Double(second)) }
        #expect(world.state.alarms[0].state == .alarm)
        world.kill()
        for second in 9...20 {
            let evaluation = world.tick(at: Double(second))
            #expect(evaluation.alarmTransitions.isEmpty && evaluation.notifications.isEmpty)
        }
        // The source itself going silent is another thing.
        world.measurement = Measurement.missing(.notTold)
        for second in 21...40 { world.tick(at: Double(second)) }
        #expect(world.state.alarms[0].state == .insufficientData)
    }

    @Test("running instances are adopted as they were: none launched, none stopped")
    func nothingMoves() {
        var world = MiniWorld(policy, desired: 3, fleet: fleet(3))
        world.tick(at: 0)
        world.kill()
        let evaluation = world.tick(at: 3600)
        #expect(evaluation.actions.isEmpty && evaluation.events.isEmpty)
        #expect(world.state.fleet.count == 3)
    }

    @Test("gates are open again, so what was draining is drained anew before it is ended")
    func drainedAnew() {
        var world = MiniWorld(policy, desired: 1, fleet: fleet(1))
        world.tick(at: 0, requests: set(0))
        world.kill(gatesReopen: true)
        // With its gate open it receives a message.
        let received = world.receive(1, by: InstanceID("i-1"))
        #expect(received)
        let evaluation = world.tick(at: 1)
        #expect(evaluation.instances("terminate").isEmpty)
        #expect(evaluation.instances("restore") == ["i-1"])
        world.finish(InstanceID("i-1"))
        #expect(world.tick(at: 2).instances("drain") == ["i-1"])
        #expect(world.tick(at: 3).instances("terminate") == ["i-1"])
    }

    @Test("found idle by the last process is not found idle by this one")
    func idleIsNotRemembered() {
        var world = MiniWorld(policy, desired: 1, fleet: fleet(1))
        world.tick(at: 0, requests: set(0))
        // Drained and idle, but nothing is ended while the launcher cannot be listed.
        world.listingFailure = "engine away"
        world.tick(at: 1)
        #expect(world.state.fleet[0].foundIdle)
        world.listingFailure = nil
        world.kill()
        #expect(world.tick(at: 2).actions == [.drain(InstanceID("i-1"))])
        #expect(world.tick(at: 3).instances("terminate") == ["i-1"])
    }

    @Test("what had been told to stop is told again, and remains are removed again")
    func stopIsRepeated() {
        var state = GroupState(desired: 0, fleet: fleet(1))
        state.fleet[0].lifecycleState = .terminating
        state.remains = [Remains(instance: InstanceID("i-0"), due: nil)]
        let evaluation = evaluate(
            policy, state, Observation(listing: .asRemembered(state), restarted: true), at: noon)
        #expect(
            evaluation.actions == [
                .remove(InstanceID("i-0")), .terminate(InstanceID("i-1"), stopTimeout: .seconds(120)),
            ])
    }

    @Test("a launch that was lost, not wanted and then wanted again is ordered again at once")
    func launchIsWantedAgain() {
        var world = MiniWorld(policy, desired: 1)
        let decided = world.tickAndDie(at: 0)
        world.tick(at: 5, requests: set(0))
        world.tick(at: 5.5, requests: set(1))
        world.run(until: 8)
        #expect(world.state.ids(.inService) == [decided.actions[0].instance])
        #expect(world.launched.count == 1)
    }
}
