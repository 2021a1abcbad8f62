import Testing
import WeirCore

@Suite("Ending an instance, in two phases")
struct DrainTimelines {
    private let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20, stopTimeout: .seconds(90))

    private func world(_ fleet: [Instance]) -> MiniWorld { MiniWorld(policy, desired: fleet.count, fleet: fleet) }

    private func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    @Test("chosen, drained, found idle, ended, tidied away")
    func wholeWay() {
        var world = world(fleet(2))
        let chosen = world.tick(at: 0, requests: set(1))
        #expect(chosen.actions == [.drain(InstanceID("i-1"))])
        #expect(chosen.plan.actions[0].why.sentence == "more than 1 desired")
        let idle = world.tick(at: 1)
        #expect(idle.actions == [.terminate(InstanceID("i-1"), stopTimeout: .seconds(90))])
        #expect(idle.plan.actions[0].why == .foundIdle)
        let ended = world.tick(at: 2)
        #expect(ended.events.map(\.sentence) == ["stopped, exit code 143"])
        #expect(ended.actions == [.remove(InstanceID("i-1"))])
        #expect(world.tick(at: 3).actions.isEmpty)
        #expect(world.state.remains.isEmpty)
        #expect(world.state.fleet.map(\.id.text) == ["i-2"])
    }

    @Test("how it ended is told by the listing after its end, not by the word that it has ended")
    func howItEnded() {
        var world = world(fleet(1))
        let id = InstanceID("i-1")
        world.tick(at: 0, requests: set(0))
        world.tick(at: 1, listed: false)
        let stopped = ActionOutcome(action: .terminate(id, stopTimeout: .seconds(90)), result: .done)
        let early = evaluate(
            policy, world.state,
            Observation(listing: .instances([ListedInstance(id: id, phase: .running)]), outcomes: [stopped]), at: .at(2)
        )
        #expect(early.events.isEmpty)
        #expect(early.state.fleet.map(\.lifecycleState) == [.terminating])
        let killed = ListedInstance(id: id, phase: .exited(Exit(code: 137)))
        let told = evaluate(policy, early.state, Observation(listing: .instances([killed])), at: .at(3))
        #expect(told.events.map(\.sentence) == ["stopped, exit code 137"])
        #expect(told.actions == [.remove(id)])
        let gone = evaluate(policy, early.state, Observation(listing: .instances([])), at: .at(3))
        #expect(gone.events.map(\.sentence) == ["stopped"])
    }

    @Test("an instance that received a message just before its gate closed goes back into service")
    func raceWithAReceive() {
        var world = world(fleet(1))
        world.tick(at: 0, listed: false, requests: set(0))
        // The drain found it idle, but the queue says otherwise: the queue is right.
        var state = world.state
        state.fleet[0].lifecycleState = .draining
        let evaluation = evaluate(
            policy, state,
            Observation(
                listing: .asRemembered(state), held: [HeldMessages(instance: InstanceID("i-1"), messages: 1)],
                outcomes: [ActionOutcome(action: .drain(InstanceID("i-1")), result: .drained(held: 0))]), at: .at(1))
        #expect(evaluation.actions == [.restore(InstanceID("i-1"))])
        #expect(evaluation.events.map(\.sentence) == ["back in service: it holds 1 message"])
        #expect(evaluation.state.fleet[0].lifecycleState == .inService)
    }

    @Test("a drain that finds a message is undone, and the instance is chosen again when it is idle")
    func busyAtTheDrain() {
        var world = world(fleet(1))
        let id = InstanceID("i-1")
        world.tick(at: 0, listed: false, requests: set(0))
        // Between the tick and its plan the worker had received: the outcome tells.
        let held = evaluate(
            policy, world.state,
            Observation(outcomes: [ActionOutcome(action: .drain(id), result: .drained(held: 2))]), at: .at(1))
        #expect(held.actions == [.restore(id)])
        #expect(held.codes == ["not_measured", "held_by_work"])
        #expect(held.decision.reasons[1].sentence == "1 more than desired; with a message in hand: i-1")
        let later = evaluate(policy, held.state, Observation(held: []), at: .at(2))
        #expect(later.actions == [.drain(id)])
    }

    @Test("one that comes back is not chosen again on the same tick")
    func notChosenAtOnce() {
        var world = world(fleet(1))
        let id = InstanceID("i-1")
        world.tick(at: 0, listed: false, requests: set(0))
        // It held a message when its gate closed, and has finished it since.
        let observation = Observation(
            held: [], outcomes: [ActionOutcome(action: .drain(id), result: .drained(held: 1))])
        let evaluation = evaluate(policy, world.state, observation, at: .at(1))
        #expect(evaluation.actions == [.restore(id)])
        #expect(evaluate(policy, evaluation.state, Observation(held: []), at: .at(2)).actions == [.drain(id)])
    }

    @Test("busy and protected instances stay; the desired capacity goes down all the same")
    func sparing() {
        var world = world([
            .inService("i-1", protected: true), .inService("i-2", held: 1), .inService("i-3"), .inService("i-4"),
        ])
        let evaluation = world.tick(at: 0, requests: set(0))
        #expect(evaluation.decision.desired == 0)
        #expect(evaluation.instances("drain") == ["i-3", "i-4"])
        #expect(
            evaluation.decision.reasons.map(\.sentence) == [
                "set to 0 by an operator", "2 more than desired; protected from scale-in: i-1",
                "2 more than desired; with a message in hand: i-2",
            ])
        world.finish(InstanceID("i-2"))
        #expect(world.tick(at: 1).instances("drain") == ["i-2"])
        let lifted = world.tick(at: 2, requests: [.setProtection([InstanceID("i-1")], protected: false)])
        #expect(lifted.instances("drain") == ["i-1"])
    }

    @Test("when capacity is wanted again, the last chosen comes back before anything is launched")
    func unDrain() {
        var world = world(fleet(3))
        world.sourceKnowsHolders = true
        world.tick(at: 0, requests: set(2))
        world.tick(at: 1, listed: false, requests: set(3))
        #expect(world.last?.instances("restore") == ["i-1"])
        #expect(world.last?.instances("launch") == [])
        let up = world.tick(at: 2, requests: set(4))
        #expect(up.instances("launch").count == 1)
        #expect(world.workers.map(\.gateIsOpen) == [true, true, true, true])
    }

    @Test("of several draining ones, the newest chosen comes back first, also before its drain was answered")
    func newestChosenFirst() {
        var state = GroupState(desired: 1, fleet: fleet(4))
        for (index, chosenAt) in [(0, -30.0), (1, -10), (2, -20)] {
            state.fleet[index].lifecycleState = .draining
            state.fleet[index].stateSince = .at(chosenAt)
            state.fleet[index].drainsAwaited = 1
        }
        let evaluation = evaluate(
            policy, state, Observation(requests: [Request(id: 1, kind: .setDesired(3, honorCooldown: false))]), at: noon
        )
        #expect(evaluation.instances("restore") == ["i-2", "i-3"])
        #expect(evaluation.instances("launch") == [])
    }

    @Test("a drain that was undone and ordered again is judged by its second outcome only")
    func staleDrainOutcome() {
        let id = InstanceID("i-1")
        var state = GroupState(desired: 1, fleet: fleet(1))
        func tick(_ observation: Observation, at seconds: Double) -> Evaluation {
            let evaluation = evaluate(policy, state, observation, at: .at(seconds))
            state = evaluation.state
            return evaluation
        }
        func set(_ desired: Int) -> Observation {
            Observation(requests: [Request(id: 1, kind: .setDesired(desired, honorCooldown: false))])
        }
        let drained = Observation(outcomes: [ActionOutcome(action: .drain(id), result: .drained(held: 0))])
        #expect(tick(set(0), at: 0).actions == [.drain(id)])
        #expect(tick(set(1), at: 1).actions == [.restore(id)])
        #expect(tick(set(0), at: 2).actions == [.drain(id)])
        #expect(tick(drained, at: 3).actions == [])
        #expect(tick(drained, at: 4).actions == [.terminate(id, stopTimeout: .seconds(90))])
    }

    @Test("where the source cannot tell who is busy, only protection keeps an instance")
    func sourceThatCannotTell() {
        var world = world([.inService("i-1"), .inService("i-2", protected: true)])
        world.sourceKnowsHolders = false
        world.tick(at: 0, requests: set(0))
        #expect(world.tick(at: 1).instances("terminate") == ["i-1"])
        #expect(world.state.ids(.inService).map(\.text) == ["i-2"])
    }

    @Test("orders that fail are given again, later and later")
    func retries() {
        let id = InstanceID("i-1")
        var state = GroupState(desired: 1, fleet: fleet(1))
        func tick(_ observation: Observation, at seconds: Double) -> Evaluation {
            let evaluation = evaluate(policy, state, observation, at: .at(seconds))
            state = evaluation.state
            return evaluation
        }
        // Measured at the start, so that only the order decides when to look again.
        let set = Observation(
            measurement: .messages(visible: 0), requests: [Request(id: 1, kind: .setDesired(0, honorCooldown: false))])
        let failed = Observation(outcomes: [ActionOutcome(action: .drain(id), result: .failed("engine away"))])
        #expect(tick(set, at: 0).actions == [.drain(id)])
        let first = tick(failed, at: 1)
        #expect(first.actions == [])
        #expect(first.events.map(\.sentence) == ["the drain failed and is tried again: engine away"])
        #expect(first.nextTick == .at(2))
        #expect(tick(Observation(), at: 2).actions == [.drain(id)])
        #expect(tick(failed, at: 3).nextTick == .at(5))
        #expect(tick(Observation(), at: 4).actions == [])
        let again = tick(Observation(), at: 5)
        #expect(again.actions == [.drain(id)])
        #expect(again.plan.actions[0].why.sentence == "tried again after 2 failures")
    }

    @Test("while Terminate is suspended nothing ends; an operator who names one still ends it")
    func suspendedTerminate() {
        var world = world(fleet(2))
        let suspended = world.tick(at: 0, requests: [.suspend([.terminate])] + set(0))
        #expect(suspended.actions == [])
        #expect(suspended.codes == ["set_by_operator", "suspended"])
        let named = world.tick(at: 1, requests: [.terminate(InstanceID("i-2"), decrementDesired: false)])
        #expect(named.instances("terminate") == ["i-2"])
        let resumed = world.tick(at: 2, requests: [.resume([])])
        #expect(resumed.instances("drain") == ["i-1"])
    }

    @Test("while the launcher cannot be listed nothing ends, and a launch is still ordered")
    func failedListing() {
        var world = world(fleet(2))
        world.listingFailure = "engine away"
        let held = world.tick(at: 0, requests: set(1))
        #expect(held.actions == [])
        #expect(
            held.decision.reasons[1].sentence == "nothing is ended while the launcher cannot be listed: engine away")
        #expect(world.tick(at: 1, requests: set(3)).instances("launch").count == 1)
        #expect(world.state.ids(.inService).count == 2)
    }

    @Test("pending instances go first, as they cannot be busy")
    func pendingFirst() {
        var world = world(fleet(2) + [.pending("i-new")])
        let evaluation = world.tick(at: 0, listed: false, requests: set(2))
        #expect(evaluation.instances("drain") == ["i-new"])
    }

    @Test("an operator ends a named instance whether protected or busy, and may lower the desired capacity with it")
    func operatorTerminates() {
        var world = world([.inService("i-1", protected: true, held: 1), .inService("i-2")])
        let evaluation = world.tick(at: 0, requests: [.terminate(InstanceID("i-1"), decrementDesired: true)])
        #expect(evaluation.instances("terminate") == ["i-1"])
        #expect(evaluation.decision.desired == 1)
        #expect(
            evaluation.answers[0].result == .accepted("i-1 is stopping and is not replaced; desired capacity is 1"))
        world.policy.minSize = 1
        let refused = world.tick(at: 1, requests: [.terminate(InstanceID("i-2"), decrementDesired: true)])
        #expect(refused.answers[0].result == .refused(.atMinimum(1)))
        let replaced = world.tick(at: 2, requests: [.terminate(InstanceID("i-2"), decrementDesired: false)])
        #expect(
            replaced.answers[0].result == .accepted("i-2 is stopping and will be replaced; desired capacity is 1"))
        #expect(replaced.instances("launch").count == 1)
        let unknown = world.tick(at: 3, requests: [.terminate(InstanceID("i-9"), decrementDesired: false)])
        #expect(unknown.answers[0].result == .refused(.noSuchInstance(InstanceID("i-9"))))
    }

    @Test("a group whose policy was taken away lets busy ones finish, ends idle ones and launches none")
    func retired() {
        var world = world([.inService("i-1", held: 1), .inService("i-2")])
        world.policy = world.policy.retired()
        let first = world.tick(at: 0)
        #expect(first.codes == ["leaving", "held_by_work"])
        #expect(first.instances("drain") == ["i-2"])
        let refused = world.tick(at: 1, requests: set(3))
        #expect(refused.answers[0].result == .refused(.groupIsLeaving))
        world.finish(InstanceID("i-1"))
        for second in 2...6 { world.tick(at: Double(second)) }
        #expect(world.state.fleet.isEmpty && world.state.remains.isEmpty)
        #expect(world.tick(at: 7).codes == ["no_alarm"])
        #expect(world.state.desiredCapacity == 2, "for the day it comes back")
    }

    @Test("a group that comes back while it leaves goes on with what it has, at the capacity that it had")
    func comesBack() {
        var world = world(fleet(3))
        let policy = world.policy
        world.policy = policy.retired()
        #expect(world.tick(at: 0).instances("drain").count == 3)
        world.policy = policy
        #expect(world.tick(at: 0.5).instances("restore").count == 3)
        #expect(world.tick(at: 2).actions.isEmpty)
        #expect(world.state.ids(.inService).count == 3)
    }
}
