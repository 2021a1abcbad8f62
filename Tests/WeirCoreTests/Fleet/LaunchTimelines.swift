import Testing
import WeirCore

@Suite("Launching, and what goes wrong with it")
struct LaunchTimelines {
    private let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 20, launchTimeout: .seconds(600))

    private func set(_ desired: Int) -> [Request.Kind] { [.setDesired(desired, honorCooldown: false)] }

    @Test("launched, pending, in service")
    func wholeWay() {
        var world = MiniWorld(policy)
        world.startTime = .milliseconds(1200)
        let launch = world.tick(at: 0, requests: set(1))
        #expect(launch.instances("launch").count == 1)
        #expect(launch.plan.actions[0].why.sentence == "to reach 1 desired")
        #expect(world.tick(at: 1).actions.isEmpty)
        #expect(world.state.ids(.pending).count == 1)
        let up = world.tick(at: 1.2)
        #expect(up.events.map(\.sentence) == ["in service 1.2s after its launch"])
        #expect(world.state.ids(.inService).count == 1)
    }

    @Test("ids look like instance ids, differ, and are the same when the tick is decided again")
    func ids() {
        let state = GroupState(desired: 3)
        let first = evaluate(policy, state, Observation(), at: noon)
        let again = evaluate(policy, state, Observation(), at: noon)
        #expect(first == again)
        let ids = first.instances("launch")
        #expect(Set(ids).count == 3)
        for id in ids {
            #expect(id.hasPrefix("i-0") && id.count == 19 && id.dropFirst(2).allSatisfy(\.isHexDigit))
            #expect(id == id.lowercased())
        }
    }

    @Test("an instance that ends by itself is replaced")
    func replaced() {
        var world = MiniWorld(policy, desired: 2, fleet: fleet(2))
        world.end(InstanceID("i-1"), code: 0)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.events.map(\.code) == ["ended_by_itself"])
        #expect(evaluation.instances("remove") == ["i-1"])
        #expect(evaluation.instances("launch").count == 1)
        world.vanish(InstanceID("i-2"))
        let vanished = world.tick(at: 1)
        #expect(vanished.events.map(\.sentence).contains("ended by itself after 36001s in service, nobody saw how"))
        #expect(vanished.instances("remove") == [])
        #expect(vanished.instances("launch").count == 1)
    }

    @Test("a crash loop is tried more and more seldom, and its last words are in the reason")
    func crashLoop() throws {
        var world = MiniWorld(policy)
        world.tick(at: 0, requests: set(1))
        var starts: [Double] = [0]
        var second = 0.0
        while second < 400 {
            second += 1
            for worker in world.workers where worker.exit == nil {
                world.tick(at: second)  // seen in service
                world.end(worker.id, code: 3, log: ["Traceback", "  worker.py:1", "ImportError: boto3"])
            }
            second += 1
            if !world.tick(at: second).instances("launch").isEmpty { starts.append(second) }
        }
        let pauses = zip(starts.dropFirst(), starts).map { $0 - $1 }
        #expect(starts.count >= 6 && starts.count <= 12, "\(starts)")
        #expect(zip(pauses.dropFirst(2), pauses.dropFirst()).allSatisfy { $0 > $1 }, "\(pauses)")
        let reason = try #require(world.last?.decision.reasons.last)
        #expect(reason.code == "held_by_launch_backoff")
        #expect(reason.sentence.hasPrefix("1 launch held until 12:"))
        #expect(
            reason.sentence.hasSuffix("exit code 3; its last lines: Traceback |   worker.py:1 | ImportError: boto3"))
    }

    @Test("while launches pause, the tick at the end of the pause is planned")
    func backoffEnds() throws {
        var world = MiniWorld(policy)
        world.tick(at: 0, requests: set(1))
        world.tick(at: 1)
        world.end(world.workers[0].id, code: 1)
        let died = world.tick(at: 2)
        let until = try #require(died.state.launchBackoff?.until)
        #expect(died.codes == ["no_alarm", "held_by_launch_backoff"])
        #expect(died.nextTick == until)
        #expect(abs((until - .at(2)).inSeconds - 1) <= 0.2)
        world.now = until
        #expect(world.tick().instances("launch").count == 1)
    }

    @Test("what fails together fails once, and one that lives makes it good")
    func countedOnce() {
        var world = MiniWorld(policy)
        world.tick(at: 0, requests: set(5))
        world.tick(at: 1)
        for worker in world.workers { world.end(worker.id, code: 1) }
        world.tick(at: 2)
        #expect(world.state.launchBackoff?.failures == 1)
        world.tick(at: 4)
        world.tick(at: 5)
        #expect(world.state.ids(.inService).count == 5)
        world.tick(at: 34.9)
        #expect(world.state.launchBackoff?.failures == 1)
        world.tick(at: 35)
        #expect(world.state.launchBackoff == nil)
    }

    struct Death: CustomTestStringConvertible {
        var age: Double
        var code: Int?
        var outOfMemory = false
        var young: Bool
        var testDescription: String
    }

    @Test(arguments: [
        Death(age: 29, code: 1, young: true, testDescription: "an error within half a minute"),
        Death(age: 30, code: 1, young: false, testDescription: "an error later"),
        Death(age: 10, code: 137, outOfMemory: true, young: true, testDescription: "out of memory"),
        Death(age: 10, code: nil, young: true, testDescription: "nobody saw how it ended"),
        Death(age: 10, code: 0, young: false, testDescription: "done after some work"),
        Death(age: 0.5, code: 0, young: true, testDescription: "done, but too fast to have worked"),
    ])
    func youngDeaths(_ death: Death) {
        var world = MiniWorld(policy, desired: 1, fleet: [.inService("i-1", since: -death.age)])
        world.end(InstanceID("i-1"), code: death.code, outOfMemory: death.outOfMemory)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.events.map(\.code) == [death.young ? "died_young" : "ended_by_itself"])
        #expect((evaluation.state.launchBackoff != nil) == death.young)
    }

    @Test("one that ended before it was ever seen running died young")
    func neverSeenRunning() {
        var world = MiniWorld(policy)
        world.tick(at: 0, requests: set(1))
        world.end(world.workers[0].id, code: 127)
        let evaluation = world.tick(at: 1)
        #expect(evaluation.events.map(\.sentence) == ["died young before it came into service, exit code 127"])
        #expect(evaluation.state.launchBackoff?.failures == 1)
    }

    @Test("a launch that fails is counted once, and the next attempt is another instance")
    func launchFailure() {
        var world = MiniWorld(policy)
        world.launchFailure = "no such image: thumbnails:1.5"
        let first = world.tick(at: 0, requests: set(1))
        let failed = world.tick(at: 0.1)
        #expect(failed.events.map(\.sentence) == ["could not be launched: no such image: thumbnails:1.5"])
        #expect(failed.state.launchBackoff?.failures == 1)
        #expect(failed.state.fleet.map(\.launchFailed) == [true], "a listing made before the failure says nothing")
        #expect(world.tick(at: 0.2).state.fleet.isEmpty, "one made after it does")
        world.launchFailure = nil
        let second = world.tick(at: 2)
        #expect(second.instances("launch").count == 1)
        #expect(second.instances("launch") != first.instances("launch"))
    }

    @Test("a launch whose answer was lost is found in the list and kept")
    func lostAnswer() {
        var world = MiniWorld(policy)
        world.launchFailure = "timed out"
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.start(id)
        let evaluation = world.tick(at: 1)
        #expect(evaluation.state.ids(.inService) == [id])
        #expect(evaluation.state.launchBackoff == nil)
        #expect(evaluation.actions.isEmpty)
    }

    @Test("a failed launch that comes up after all counts again, and its replacement is too many")
    func failedAndThere() {
        var world = MiniWorld(policy)
        world.launchFailure = "timed out"
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        #expect(world.tick(at: 0.1).state.launchBackoff?.failures == 1)
        world.start(id)
        let found = world.tick(at: 0.2)
        #expect(found.state.ids(.inService) == [id])
        #expect(found.actions == [.restore(id)])
    }

    @Test("a launch whose fate cannot be seen is not given up: it may run, and be at work")
    func launchTimeoutUnseen() {
        var world = MiniWorld(policy)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.listingFailure = "engine away"
        #expect(world.tick(at: 601).actions.isEmpty)
        #expect(world.tick(at: 900, listed: false).actions.isEmpty)
        world.listingFailure = nil
        #expect(world.tick(at: 901).state.ids(.inService) == [id])
    }

    @Test("a launch that takes too long is given up and ended, as it may still come up")
    func launchTimeout() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(5000)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.tick(at: 599)
        #expect(world.last?.nextTick == .at(600))
        let givenUp = world.tick(at: 600)
        #expect(givenUp.events.map(\.sentence) == ["did not come into service within 600s and is given up"])
        #expect(givenUp.instances("drain") == [id.text])
        #expect(givenUp.state.launchBackoff?.failures == 1)
        #expect(world.tick(at: 602).instances("terminate") == [id.text])
        #expect(world.state.ids(.pending).count == 1)
        world.tick(at: 603)
        #expect(world.state.fleet.count == 1)
    }

    @Test("one that comes up just when its launch is given up, and takes a message, finishes it")
    func givenUpAtWork() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(5000)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.tick(at: 600)
        let busy = Observation(
            held: [HeldMessages(instance: id, messages: 1)],
            outcomes: [ActionOutcome(action: .drain(id), result: .drained(held: 1))])
        let atWork = evaluate(policy, world.state, busy, at: .at(602))
        #expect(atWork.instances("terminate").isEmpty)
        // It has finished: its queue is asked once more, behind the closed gate.
        let idle = evaluate(policy, atWork.state, Observation(held: []), at: .at(603))
        #expect(idle.instances("drain") == [id.text])
        let outcome = ActionOutcome(action: .drain(id), result: .drained(held: 0))
        let done = evaluate(policy, idle.state, Observation(held: [], outcomes: [outcome]), at: .at(604))
        #expect(done.instances("terminate") == [id.text])
    }

    @Test(
        "one that was taken away before it was ever seen, with a message in hand, is given up and replaced all the same"
    )
    func takenAwayUnseen() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(5000)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.vanish(id)
        // The queue goes on to say what it holds, until somebody else receives it.
        let ghost = Observation(
            listing: .instances([]), held: [HeldMessages(instance: id, messages: 1)])
        let givenUp = evaluate(policy, world.state, ghost, at: .at(600))
        #expect(givenUp.events.map(\.code) == ["launch_given_up"])
        let next = evaluate(policy, givenUp.state, ghost, at: .at(610))
        #expect(next.instances("launch").count == 1)
    }

    @Test("one that is replaced before it was seen running is asked first whether it has begun to work")
    func replacedBeforeSeen() {
        var policy = policy
        policy.templateDigest = "one"
        policy.instanceRefresh = RefreshPreferences(minHealthyPercentage: 0)
        var world = MiniWorld(policy)
        world.startTime = .seconds(5000)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.policy.templateDigest = "two"
        let replaced = world.tick(at: 1, requests: [.startRefresh(nil)])
        #expect(replaced.instances("drain") == [id.text])
        #expect(replaced.instances("terminate").isEmpty)
    }

    @Test("while the launcher cannot be asked, nobody is known to have outlived its youth")
    func unseenYouth() {
        var world = MiniWorld(policy)
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.tick(at: 1)
        world.end(id, code: 1)
        world.tick(at: 5)
        #expect(world.state.launchBackoff?.failures == 1)
        world.tick(at: 10)
        world.tick(at: 11)
        let next = world.state.ids(.inService)
        #expect(next.count == 1)
        // It dies, and nobody sees it for a minute.
        world.end(next[0], code: 1)
        world.listingFailure = "engine away"
        world.tick(at: 60)
        #expect(world.state.launchBackoff?.failures == 1)
    }

    @Test("what a very late launch makes of remains is not removed at work, but adopted", arguments: [true, false])
    func remainsThatRun(restarted: Bool) {
        var state = GroupState(desired: 1)
        let id = InstanceID("i-late")
        state.remains = [Remains(instance: id, due: nil)]
        let listing = Listing.instances([ListedInstance(id: id, phase: .running)])
        let evaluation = evaluate(
            GroupPolicy(name: "g", minSize: 0, maxSize: 1), state, Observation(listing: listing, restarted: restarted),
            at: .at(0))
        #expect(evaluation.actions == [.restore(id)])
        #expect(evaluation.state.remains == [])
        #expect(evaluation.state.ids(.inService) == [id])
    }

    @Test("nothing is launched before it is known who is there already, and the reason says so")
    func unknownFleet() {
        let policy = GroupPolicy(name: "g", minSize: 2, maxSize: 3)
        let unknown = Observation(listing: .neverSucceeded("engine away"))
        let first = evaluate(policy, GroupState(desired: 2), unknown, at: .at(0))
        #expect(first.actions == [])
        #expect(
            first.decision.reasons.map(\.sentence).contains(
                "2 missing; nothing is launched before the launcher has said what runs: engine away"))
        let found = (1...2).map { ListedInstance(id: InstanceID("i-found\($0)"), phase: .running) }
        let second = evaluate(policy, first.state, Observation(listing: .instances(found)), at: .at(1))
        #expect(second.state.ids(.inService) == found.map(\.id))
        #expect(!second.actions.contains { if case .launch = $0 { true } else { false } })
        // Known once, a fleet may grow while the launcher does not answer for a moment.
        let third = evaluate(policy, GroupState(desired: 2), Observation(listing: .failed("engine away")), at: .at(2))
        #expect(third.actions.map(\.word) == ["launch", "launch"])
    }

    @Test("a launch that was said to have failed, and is there after a restart, works and is not ended")
    func failedLaunchIsThereAfterRestart() {
        var world = MiniWorld(policy)
        world.launchFailure = "no answer"
        let id = world.tick(at: 0, requests: set(1)).actions[0].instance
        world.tick(at: 1, listed: false)
        world.launchFailure = nil
        world.start(id)
        world.kill()
        let evaluation = world.tick(at: 2)
        #expect(evaluation.instances("terminate").isEmpty)
        #expect(evaluation.state.ids(.inService) == [id])
        // The restart had closed its gate.
        #expect(world.canReceive(id))
    }

    @Test("what the launcher started without the group's knowledge is adopted and counts")
    func adoption() {
        var world = MiniWorld(policy, desired: 1)
        world.start(InstanceID("i-stranger"))
        let evaluation = world.tick(at: 0)
        #expect(evaluation.events.map(\.code) == ["adopted"])
        // Its gate may be closed.
        #expect(evaluation.actions == [.restore(InstanceID("i-stranger"))])
        #expect(world.state.ids(.inService).map(\.text) == ["i-stranger"])
    }

    @Test("what ended without the group's knowledge is tidied away")
    func foundRemains() {
        var world = MiniWorld(policy)
        world.start(InstanceID("i-old"))
        world.end(InstanceID("i-old"), code: 0)
        #expect(world.tick(at: 0).instances("remove") == ["i-old"])
        world.tick(at: 1)
        #expect(world.workers.isEmpty && world.state.remains.isEmpty)
    }

    @Test("suspended launching launches nothing; resuming it is a fresh start")
    func suspended() {
        var world = MiniWorld(policy)
        let suspended = world.tick(at: 0, requests: [.suspend([.launch])] + set(2))
        #expect(suspended.actions.isEmpty)
        #expect(suspended.codes == ["set_by_operator", "suspended"])
        world.state.launchBackoff = Backoff(failures: 9, since: .at(0), until: .at(300), lastFailure: "died")
        #expect(world.tick(at: 1, requests: [.resume([.launch])]).instances("launch").count == 2)
    }

    @Test("new instances start protected where the policy says so")
    func protectedFromTheStart() {
        var world = MiniWorld(policy)
        world.policy.protectFromScaleIn = true
        world.tick(at: 0, requests: set(1))
        #expect(world.state.fleet[0].protectedFromScaleIn)
    }
}
