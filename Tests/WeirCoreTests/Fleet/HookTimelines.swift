import Testing
import WeirCore

@Suite("Lifecycle hooks")
struct HookTimelines {
    private func policy(_ hooks: LifecycleHook...) -> GroupPolicy {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20, pollInterval: .seconds(60))
        policy.lifecycleHooks = hooks
        return policy
    }

    private func hook(
        _ name: String = "warm-up", _ transition: LifecycleTransition = .launching, timeout: Double = 60,
        _ result: LifecycleResult = .abandon, command: Bool = false
    ) -> LifecycleHook {
        LifecycleHook(
            name: name, transition: transition, heartbeatTimeout: .seconds(timeout), defaultResult: result,
            runsCommand: command)
    }

    private func complete(
        _ id: InstanceID?, of name: String = "warm-up", token: String? = nil, _ result: LifecycleResult = .continue
    ) -> [Request.Kind] {
        [.completeLifecycle(hook: name, instance: id, token: token, result)]
    }

    /// One instance that waits for its launch hooks since second 1.
    private func waiting(_ hooks: LifecycleHook...) throws -> (MiniWorld, InstanceID) {
        var world = MiniWorld(policy(), desired: 1)
        world.policy.lifecycleHooks = hooks
        world.tick(at: 0)
        world.tick(at: 1)
        return (world, try #require(world.state.ids(.pendingWait).first))
    }

    // MARK: Launching

    @Test("a launch hook keeps an instance out of service until it is completed; its warmup counts from then")
    func launchHook() throws {
        var (world, id) = try waiting(hook())
        #expect(world.last?.events.map(\.sentence) == ["waits for the lifecycle hook warm-up"])
        #expect(world.last?.nextTick == .at(61), "the tick at the end of the wait is planned")
        world.tick(at: 30)
        #expect(world.state.ids(.pendingWait) == [id])
        let done = world.tick(at: 40, requests: complete(id))
        #expect(done.answers[0].result == .accepted("warm-up of \(id) is completed with CONTINUE"))
        #expect(
            done.events.map(\.sentence) == [
                "warm-up completed with CONTINUE by whoever completed it", "in service 40s after its launch",
            ])
        #expect(world.state.fleet[0].inServiceAt == .at(40))
        #expect(world.launched.count == 1)
    }

    @Test("a token of 36 characters completes a hook as well as the instance does; a wrong one is refused")
    func token() throws {
        var (world, id) = try waiting(hook())
        let token = try #require(world.state.fleet[0].hooks.first?.token)
        #expect(token.count == 36)
        let wrong = world.tick(at: 2, requests: complete(nil, token: "0"))
        #expect(wrong.answers[0].result == .refused(.noSuchToken("0")))
        let neither = world.tick(at: 3, requests: complete(nil))
        #expect(neither.answers[0].result == .refused(.noSuchToken(nil)))
        let stranger = world.tick(at: 4, requests: complete(InstanceID("i-9"), token: token))
        #expect(stranger.answers[0].result == .refused(.noSuchInstance(InstanceID("i-9"))))
        world.tick(at: 5, requests: complete(nil, token: token))
        #expect(world.state.ids(.inService) == [id])
        let twice = world.tick(at: 6, requests: complete(id))
        #expect(twice.answers[0].result == .refused(.noLifecycleAction(hook: "warm-up")))
    }

    @Test("each heartbeat begins the whole timeout anew, but not beyond the global limit")
    func heartbeats() throws {
        var (world, id) = try waiting(hook(timeout: 30))
        let heartbeat: [Request.Kind] = [.recordHeartbeat(hook: "warm-up", instance: id, token: nil)]
        #expect(world.tick(at: 21, requests: heartbeat).nextTick == .at(51))
        for second in stride(from: 41.0, through: 2981, by: 20) { world.tick(at: second, requests: heartbeat) }
        #expect(world.state.ids(.pendingWait) == [id])
        // 100 times 30 s after second 1.
        #expect(world.tick(at: 2991, requests: heartbeat).nextTick == .at(3001))
        world.tick(at: 3001)
        #expect(world.state.ids(.pendingWait) == [])
    }

    @Test("an abandoned launch is ended and replaced, and counts as a launch that failed")
    func abandoned() throws {
        var (world, id) = try waiting(hook())
        let abandoned = world.tick(at: 5, requests: complete(id, .abandon))
        #expect(abandoned.instances("drain") == [id.text])
        #expect(abandoned.codes.contains("held_by_launch_backoff"))
        #expect(world.state.launchBackoff?.lastFailure.contains("launch hook warm-up was abandoned") == true)
        #expect(world.tick(at: 5.5).instances("terminate") == [id.text])
        world.tick(at: 8)
        #expect(world.state.count(.pending) == 1)
        #expect(world.launched.count == 2)
    }

    @Test("nobody completes it: the default result decides", arguments: [LifecycleResult.continue, .abandon])
    func timeout(_ result: LifecycleResult) throws {
        var (world, id) = try waiting(hook("warm-up", .launching, timeout: 60, result))
        world.tick(at: 60.9)
        #expect(world.state.ids(.pendingWait) == [id])
        let over = world.tick(at: 61)
        #expect(
            over.events[0].sentence == "warm-up completed with \(result.apiName) as nobody completed it in time")
        #expect(world.state.ids(.inService) == (result == .continue ? [id] : []))
        #expect(world.state.ids(.draining) == (result == .continue ? [] : [id]))
    }

    @Test("it waits for two hooks at once, and comes into service with the last")
    func twoHooks() throws {
        var (world, id) = try waiting(hook("disk"), hook("cache"))
        world.tick(at: 2, requests: complete(id, of: "cache"))
        #expect(world.state.ids(.pendingWait) == [id])
        world.tick(at: 3, requests: complete(id, of: "disk"))
        #expect(world.state.ids(.inService) == [id])
    }

    @Test("one abandoned launch hook takes the other with it")
    func oneOfTwoIsAbandoned() throws {
        var (world, id) = try waiting(hook("disk"), hook("cache"))
        world.tick(at: 2, requests: complete(id, of: "cache", .abandon))
        #expect(world.state.ids(.draining) == [id])
        let late = world.tick(at: 2.1, requests: complete(id, of: "disk"))
        #expect(late.answers[0].result == .refused(.noLifecycleAction(hook: "disk")))
    }

    @Test("a command that ends well completes its hook; one that fails gives the default result")
    func commands() throws {
        var (world, id) = try waiting(hook(command: true))
        #expect(world.last?.actions == [.runHook(id, hook: "warm-up")])
        #expect(world.hookRuns == ["warm-up"])
        world.hookResults["warm-up"] = .done
        world.kill()
        #expect(world.tick(at: 10).actions == [.runHook(id, hook: "warm-up")], "a restart runs it again")
        world.tick(at: 11)
        #expect(world.state.ids(.inService) == [id])

        var (other, sick) = try waiting(hook(command: true))
        other.hookResults["warm-up"] = .failed("exit code 2")
        other.kill()
        other.tick(at: 10)
        let failed = other.tick(at: 11)
        #expect(failed.events[0].sentence.hasSuffix("ABANDON as its command failed: exit code 2"))
        #expect(other.state.ids(.draining) == [sick])
    }

    @Test("one that waits and holds a message already finishes it before it is ended")
    func busyInPendingWait() throws {
        var (world, id) = try waiting(hook())
        world.receive(1, by: id)
        world.tick(at: 2, requests: complete(id, .abandon))
        world.run(until: 30)
        #expect(world.state.ids(.draining) == [id])
        world.finish(id)
        world.run(until: 33)
        #expect(world.worker(id) == nil)
        #expect(world.stoppedBusy == [])
    }

    @Test("one that waits is not chosen while it holds a message; chosen and wanted again, it waits for its hooks anew")
    func chosenInPendingWait() throws {
        var (world, id) = try waiting(hook())
        world.receive(1, by: id)
        #expect(world.tick(at: 2, requests: [.setDesired(0, honorCooldown: false)]).actions == [])
        world.finish(id)
        #expect(world.tick(at: 3).instances("drain") == [id.text])
        #expect(world.tick(at: 3.5, requests: [.setDesired(1, honorCooldown: false)]).instances("restore") == [id.text])
        #expect(world.state.ids(.pendingWait) == [id])
        world.tick(at: 5, requests: complete(id))
        #expect(world.state.ids(.inService) == [id])
        #expect(world.launched.count == 1)
    }

    @Test("a clock that is set back does not lengthen a wait")
    func clock() throws {
        var (world, id) = try waiting(hook())
        world.tick(at: 41)
        world.tick(at: -500)
        world.tick(at: -480.1)
        #expect(world.state.ids(.pendingWait) == [id])
        world.tick(at: -480)
        #expect(world.state.ids(.draining) == [id])
    }

    // MARK: Terminating

    private let ending = LifecycleHook(name: "upload-logs", transition: .terminating, heartbeatTimeout: .seconds(60))

    @Test("a termination hook comes after the work is done and before SIGTERM", arguments: LifecycleResult.allCases)
    func terminationHook(_ result: LifecycleResult) {
        var world = MiniWorld(policy(ending), desired: 1, fleet: fleet(1))
        let id = InstanceID("i-1")
        #expect(world.tick(at: 0, requests: [.setDesired(0, honorCooldown: false)]).instances("drain") == ["i-1"])
        #expect(world.tick(at: 1).actions == [])
        #expect(world.state.ids(.terminatingWait) == [id])
        #expect(world.worker(id)?.gateIsOpen == false)
        #expect(world.tick(at: 20, requests: [.setDesired(1, honorCooldown: false)]).instances("restore") == [])
        let done = world.tick(at: 30, requests: complete(id, of: "upload-logs", result))
        #expect(done.instances("terminate") == ["i-1"])
        #expect(done.plan.actions[0].why.sentence == "its termination hooks are completed")
    }

    @Test("continue lets the other termination hooks finish, abandon does not")
    func severalEndings() {
        var other = ending
        other.name = "deregister"
        for (result, isStopped) in [(LifecycleResult.continue, false), (.abandon, true)] {
            var world = MiniWorld(policy(ending, other), desired: 1, fleet: fleet(1))
            world.tick(at: 0, requests: [.setDesired(0, honorCooldown: false)])
            world.tick(at: 1)
            let first = world.tick(at: 2, requests: complete(InstanceID("i-1"), of: "deregister", result))
            #expect(first.instances("terminate") == (isStopped ? ["i-1"] : []))
            #expect(world.tick(at: 61).instances("terminate") == (isStopped ? [] : ["i-1"]), "timed out")
        }
    }

    @Test("an operator's termination runs them, too, and the gate is closed meanwhile; a restart does not end the wait")
    func operatorAndRestart() {
        var command = ending
        command.runsCommand = true
        var world = MiniWorld(policy(command), desired: 1, fleet: fleet(1))
        let id = InstanceID("i-1")
        let asked = world.tick(at: 0, requests: [.terminate(id, decrementDesired: true)])
        #expect(asked.actions == [.runHook(id, hook: "upload-logs"), .drain(id)])
        #expect(world.state.ids(.terminatingWait) == [id])
        world.tick(at: 1)
        world.kill()
        #expect(world.tick(at: 2).actions == [.runHook(id, hook: "upload-logs")])
        #expect(world.tick(at: 60).instances("terminate") == ["i-1"])
    }

    @Test("an instance that is replaced runs them, one that ended by itself cannot")
    func replaced() {
        var world = MiniWorld(policy(ending), desired: 2, fleet: fleet(2))
        world.end(InstanceID("i-2"), code: 0)
        world.tick(at: 0, requests: [.setHealth(InstanceID("i-1"), healthy: false, respectGracePeriod: false)])
        world.tick(at: 1)
        #expect(world.state.ids(.terminatingWait) == [InstanceID("i-1")])
        #expect(world.state.fleet.allSatisfy { $0.id != InstanceID("i-2") })
        #expect(world.launched.count == 2)
    }

    @Test("no command is run for a wait that ended on the same tick")
    func endedOnTheSameTick() throws {
        var (late, _) = try waiting(hook(command: true))
        late.kill()
        #expect(late.tick(at: 500).instances("hook") == [], "timed out while nobody ran")

        var (dead, id) = try waiting(hook(command: true))
        dead.end(id, code: 1)
        dead.kill()
        #expect(dead.tick(at: 10).instances("hook") == [], "found dead")

        var chosen = MiniWorld(policy(hook(command: true)), desired: 1)
        chosen.tick(at: 0)
        let arrived = chosen.tick(at: 1, requests: [.setDesired(0, honorCooldown: false)])
        #expect(arrived.events.map(\.code) == ["hook_began"])
        #expect(arrived.actions.map(\.word) == ["drain"], "chosen as it arrived")
    }

    @Test("after a restart no command is run that the policy does not have any more; its wait ends by its timeout")
    func hookIsGone() throws {
        var (world, id) = try waiting(hook(command: true))
        world.policy.lifecycleHooks = [hook(command: false)]
        world.kill()
        #expect(world.tick(at: 10).actions == [])
        world.policy.lifecycleHooks = []
        world.kill()
        #expect(world.tick(at: 20).actions == [])
        #expect(world.state.ids(.pendingWait) == [id])
        world.tick(at: 61)
        #expect(world.state.ids(.draining) == [id])
    }

    @Test("while Terminate is suspended, the gate of one that is ended by name is closed all the same")
    func drainWhileSuspended() {
        let id = InstanceID("i-1")
        var world = MiniWorld(policy(ending), desired: 1, fleet: fleet(1))
        world.tick(at: 0, requests: [.suspend([.terminate]), .terminate(id, decrementDesired: true)])
        let failed = Observation(outcomes: [ActionOutcome(action: .drain(id), result: .failed("away"))])
        let first = evaluate(world.policy, world.state, failed, at: .at(1))
        #expect(first.state.ids(.terminatingWait) == [id])
        #expect(evaluate(world.policy, first.state, Observation(), at: .at(2)).actions == [.drain(id)])
    }
}
