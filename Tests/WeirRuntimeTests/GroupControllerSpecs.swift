import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The control loop")
struct GroupControllerSpecs {
    @Test("messages arrive, an instance starts; the queue empties, it ends: the whole road")
    func wholeRoad() async {
        let harness = Harness(.sample())
        await harness.runUntil("the first tick") { !harness.records.records.isEmpty }
        #expect(harness.world.launched.isEmpty)

        harness.world.set { $0.visible = 5 }
        await harness.runUntil("one in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        harness.world.set { $0.visible = 0 }
        await harness.runUntil("none left") { await harness.fleet.isEmpty }

        #expect(harness.world.launched.count == 1)
        #expect(harness.world.terminated == harness.world.launched)
        await harness.stop()
    }

    @Test("a message in an empty queue starts an instance without waiting for the next poll")
    func wake() async {
        let harness = Harness(.sample(pollInterval: .seconds(3600)))
        await harness.runUntil("the first measurement is in") { harness.hasMeasured }
        harness.world.set { $0.visible = 1 }
        // Further from that measurement than two have to be apart.
        harness.time.advance(by: .milliseconds(50))
        await harness.controller.wake()
        await harness.atOnce("launched") { harness.world.launched.count == 1 }
        await harness.stop()
    }

    @Test("one message and a slow start launch one instance, however long it takes")
    func slowStart() async {
        let harness = Harness(.sample())
        harness.world.set {
            $0.visible = 1
            $0.launchesVanish = true
        }
        await harness.runUntil("a launch") { harness.world.launched.count == 1 }
        let start = harness.time.now()
        await harness.runUntil("a hundred seconds") { harness.time.now() - start >= .seconds(100) }
        #expect(harness.world.launched.count == 1)
        await harness.stop()
    }

    @Test("nothing is begun before its state is stored, and it is begun once storing works again")
    func storedFirst() async {
        let harness = Harness(.sample())
        harness.store.fails.withLock { $0 = true }
        harness.world.set { $0.visible = 1 }
        await harness.runUntil("decided") { await harness.fleet.count == 1 }
        let start = harness.time.now()
        await harness.runUntil("ten seconds") { harness.time.now() - start >= .seconds(10) }
        #expect(harness.world.performed.isEmpty)

        harness.store.fails.withLock { $0 = false }
        await harness.runUntil("begun") { harness.world.launched.count == 1 }
        #expect(harness.store.load("sample")?.state.fleet.map(\.id) == harness.world.launched)
        await harness.stop()
    }

    @Test("a source that hangs holds up nobody")
    func hungSource() async {
        let harness = Harness(.sample())
        await harness.runUntil("the first tick") { !harness.records.records.isEmpty }
        harness.world.set { $0.measuringHangs = true }
        harness.time.advance(by: .seconds(5))
        let answer = await harness.controller.request(.setDesired(2, honorCooldown: false))
        guard case .accepted? = answer else {
            Issue.record("the request was not accepted: \(String(describing: answer))")
            return
        }
        await harness.runUntil("launched") { harness.world.launched.count == 2 }
        harness.world.set { $0.measuringHangs = false }
        await harness.stop()
    }

    @Test("a source that is down never scales in")
    func sourceDown() async {
        let harness = Harness(.sample())
        harness.world.set { $0.visible = 20 }
        await harness.runUntil("three in service") {
            await harness.fleet.count { $0.lifecycleState == .inService } == 3
        }
        harness.world.set { $0.visible = nil }
        let start = harness.time.now()
        await harness.runUntil("an hour", within: .seconds(4000), step: .seconds(5)) {
            harness.time.now() - start >= .seconds(3600)
        }
        #expect(harness.world.terminated.isEmpty)
        #expect(await harness.fleet.count == 3)
        await harness.stop()
    }

    @Test("a listing that was made before an instance was removed brings nothing back")
    func lateListing() async {
        let harness = Harness(.sample())
        harness.world.set { $0.visible = 1 }
        await harness.runUntil("in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        let id = harness.world.launched[0]
        harness.world.set {
            $0.removingHangs = true
            $0.listed = [ListedInstance(id: id, phase: .exited(Exit(code: 0)))]
        }
        harness.world.tellOfChange()
        await harness.runUntil("seen to have ended") { await !harness.controller.snapshot().state.remains.isEmpty }
        // A listing that still sees it is under way while it is removed.
        let listings = harness.world.state.withLock { state in
            state.listingHangs = true
            return state.listings
        }
        harness.world.tellOfChange()
        await harness.runUntil("listing") { harness.world.state.withLock(\.listings) > listings }
        harness.world.set { $0.removingHangs = false }
        await harness.runUntil("removed") { await harness.controller.snapshot().state.remains.isEmpty }
        let ticks = harness.records.records.count
        harness.world.set { $0.listingHangs = false }
        await harness.runUntil("ticked again") { harness.records.records.count > ticks + 2 }
        #expect(!harness.records.records.flatMap(\.events).contains { $0.kind == .remainsFound })
        await harness.stop()
    }

    @Test("an instance that dies is replaced when it dies, not at the next poll")
    func deathIsSeen() async {
        let harness = Harness(.sample(min: 1, pollInterval: .seconds(3600)))
        await harness.atOnce("in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        harness.time.advance(by: .seconds(120))
        harness.world.set { $0.listed = $0.listed.map { ListedInstance(id: $0.id, phase: .exited(Exit(code: 1))) } }
        harness.world.tellOfChange()
        await harness.atOnce("replaced") { harness.world.launched.count == 2 }
        await harness.stop()
    }

    @Test("an instance found to hold a message goes back into service instead of being stopped")
    func undrained() async {
        let harness = Harness(.sample())
        harness.world.set { $0.visible = 1 }
        await harness.runUntil("in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        let id = harness.world.launched[0]
        // It takes the message in the moment between being chosen and its gate closing.
        let sneaky = SneakyGate(world: harness.world, instance: id)
        await harness.change(to: .sample(), source: harness.world, holders: sneaky, hands: sneaky)
        harness.world.set { $0.visible = 0 }
        await harness.runUntil("chosen, then back") { harness.world.performed.contains(.restore(id)) }
        #expect(harness.world.terminated.isEmpty)
        await harness.runUntil("in service again") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        await harness.stop()
    }

    @Test("what an earlier source says late is not taken for what the present one says")
    func lateAnswer() async {
        let harness = Harness(.sample())
        harness.world.set { $0.visible = 20 }
        await harness.runUntil("three in service") {
            await harness.fleet.count { $0.lifecycleState == .inService } == 3
        }
        // The old source is asked, and says 0 only after the policy names another, where there is work.
        let old = FakeWorld()
        old.set {
            $0.measuringHangs = true
            $0.visible = 0
        }
        await harness.change(to: .sample(), source: old, holders: nil, hands: harness.world)
        await harness.atOnce("asked") { old.state.withLock(\.asked) > 0 }
        await harness.change(
            to: .sample(), source: harness.world, holders: nil, hands: harness.world, measures: "other")
        old.set { $0.measuringHangs = false }
        let start = harness.time.now()
        await harness.runUntil("three minutes") { harness.time.now() - start >= .seconds(180) }
        #expect(harness.world.terminated.isEmpty)
        #expect(harness.records.records.filter { $0.checkpoint != nil }.count >= 2)
        await harness.stop()
    }

    @Test("another source is asked at once, also when a tick is under way as it comes")
    func anotherSourceDuringATick() async {
        let policy = GroupPolicy.sample(pollInterval: .seconds(3600))
        let harness = Harness(policy)
        await harness.runUntil("the first measurement is in") { harness.hasMeasured }
        // A tick that waits to be told who holds what, before it decides.
        harness.world.set {
            $0.tellingHangs = true
            $0.listingFails = true
        }
        harness.world.tellOfChange()
        await harness.atOnce("a tick is under way") { harness.world.state.withLock(\.tellingIsAwaited) }
        let other = FakeWorld()
        await harness.change(to: policy, source: other, holders: nil, hands: harness.world, measures: "other")
        harness.world.set { $0.tellingHangs = false }
        await harness.atOnce("asked") { other.state.withLock(\.asked) > 0 }
        await harness.stop()
    }

    @Test("samples of another source are forgotten, those of the same one kept")
    func samplesOfAnother() async {
        let harness = Harness(.sample())
        await harness.runUntil("some samples") { harness.records.records.count > 5 }
        await harness.change(to: .sample(max: 5), source: harness.world, holders: nil, hands: harness.world)
        #expect(await harness.controller.snapshot().state.history != MetricHistory())
        let other = FakeWorld()
        other.set { $0.measuringHangs = true }
        await harness.change(
            to: .sample(), source: other, holders: nil, hands: harness.world, measures: "another queue")
        #expect(await harness.controller.snapshot().state.history == MetricHistory())
        other.set { $0.measuringHangs = false }
        await harness.stop()
    }

    @Test("a source is asked once a beat")
    func onceABeat() async {
        let harness = Harness(.sample(pollInterval: .seconds(5)))
        await harness.runUntil("a first tick") { !harness.records.records.isEmpty }
        let (start, asked) = (harness.time.now(), harness.world.state.withLock(\.asked))
        await harness.runUntil("a minute") { harness.time.now() - start >= .seconds(60) }
        #expect(harness.world.state.withLock(\.asked) - asked <= 13)
        await harness.stop()
    }

    @Test("a clock that was set back an hour holds nobody up")
    func clockSetBack() async {
        let harness = Harness(.sample())
        await harness.runUntil("a first tick") { !harness.records.records.isEmpty }
        harness.time.advance(by: .seconds(-3600))
        harness.world.set { $0.visible = 5 }
        await harness.runUntil("launched", within: .seconds(60)) { harness.world.launched.count == 1 }
        await harness.stop()
    }

    @Test("an answer is given only when what it says is stored")
    func answersAreStored() async {
        let harness = Harness(.sample())
        await harness.runUntil("a first tick") { !harness.records.records.isEmpty }
        harness.store.fails.withLock { $0 = true }
        let answered = Mutex(false)
        let asking = Task {
            _ = await harness.controller.request(.setDesired(2, honorCooldown: false))
            answered.withLock { $0 = true }
        }
        await harness.runUntil("decided") { await harness.controller.snapshot().state.desiredCapacity == 2 }
        #expect(!answered.withLock { $0 })
        harness.store.fails.withLock { $0 = false }
        await harness.runUntil("answered") { answered.withLock { $0 } }
        await asking.value
        #expect(harness.store.load("sample")?.state.desiredCapacity == 2)
        await harness.stop()
    }

    @Test("a group that leaves lets the busy finish, ends the idle, and is then gone")
    func leaving() async {
        let harness = Harness(.sample())
        harness.world.set { $0.visible = 20 }
        await harness.runUntil("three in service") {
            await harness.fleet.count { $0.lifecycleState == .inService } == 3
        }
        let busy = harness.world.launched[1]
        harness.world.set { $0.held[busy] = 1 }
        await harness.controller.leave()
        await harness.runUntil("only the busy one is left") { await harness.fleet.map(\.id) == [busy] }
        #expect(await harness.controller.hasLeft == false)
        harness.world.set { $0.held[busy] = nil }
        await harness.controller.instanceBecameIdle()
        await harness.runUntil("gone") { await harness.controller.hasLeft }
        #expect(harness.world.launched.count == 3)
        await harness.stop()
    }

    @Test("every tick leaves a record that can be decided again with the same result")
    func records() async throws {
        let policy = GroupPolicy.sample()
        let harness = Harness(policy)
        harness.world.set { $0.visible = 12 }
        await harness.runUntil("three in service") {
            await harness.fleet.count { $0.lifecycleState == .inService } == 3
        }
        await harness.stop()
        let checkpoint = try #require(harness.records.records.first?.checkpoint)
        #expect(harness.records.records.dropFirst().allSatisfy { $0.checkpoint == nil })
        var state = checkpoint.state
        for record in harness.records.records {
            let again = evaluate(checkpoint.policy, state, record.observation, at: record.at)
            #expect(again.decision == record.decision)
            #expect(again.plan == record.plan)
            state = again.state
        }
    }
}

/// A gate whose instance receives a message just as it is closed.
private struct SneakyGate: WorkGate, Hands {
    let world: FakeWorld
    let instance: InstanceID

    var imagined: Bool { false }
    func held() async -> [HeldMessages] { await world.held() }
    func close(_ instance: InstanceID) async -> Int { await world.close(instance) }
    func open(_ instance: InstanceID) async { await world.open(instance) }
    func forget(_ instance: InstanceID) async { await world.forget(instance) }
    func list() async throws(LauncherFailure) -> [ListedInstance] { try await world.list() }
    func changes() -> AsyncStream<Void> { world.changes() }

    func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result {
        if case .drain(instance) = action { world.set { [instance] in $0.held[instance] = 1 } }
        return await world.perform(action, for: group)
    }
}

@Suite("After a restart")
struct RestartSpecs {
    @Test("running instances are adopted: none is launched twice, none is stopped, the state goes on")
    func adopts() async throws {
        let first = Harness(.sample())
        first.world.set { $0.visible = 20 }
        await first.runUntil("three in service") { await first.fleet.count { $0.lifecycleState == .inService } == 3 }
        await first.stop()

        let stored = try #require(first.store.load("sample"))
        let second = Harness(.sample(), from: stored, world: first.world)
        await second.runUntil("ticked a few times") { second.records.records.count > 5 }
        #expect(await second.fleet.count == 3)
        #expect(first.world.launched.count == 3)
        #expect(first.world.terminated.isEmpty)
        await second.stop()
    }

    @Test("a launch that was decided and never happened is asked for again under the same id")
    func launchesAgain() async throws {
        let first = Harness(.sample())
        first.world.set {
            $0.visible = 1
            $0.launchesVanish = true
        }
        await first.runUntil("launched") { first.world.launched.count == 1 }
        await first.stop()

        let stored = try #require(first.store.load("sample"))
        first.world.set { $0.launchesVanish = false }
        let second = Harness(.sample(), from: stored, world: first.world)
        await second.runUntil("in service") { await second.fleet.map(\.lifecycleState) == [.inService] }
        #expect(Set(first.world.launched).count == 1)
        await second.stop()
    }

    @Test("instances that are there and not remembered are adopted, not doubled and not orphaned")
    func stateLost() async {
        let first = Harness(.sample())
        first.world.set { $0.visible = 20 }
        await first.runUntil("three in service") { await first.fleet.count { $0.lifecycleState == .inService } == 3 }
        await first.stop()

        let second = Harness(.sample(), world: first.world)
        await second.runUntil("ticked a few times") { second.records.records.count > 5 }
        #expect(await second.fleet.count == 3)
        #expect(first.world.launched.count == 3)
        await second.stop()
    }

    @Test("with the launcher away at the start, nothing is launched in place of what cannot be seen")
    func launcherAway() async throws {
        let first = Harness(.sample())
        first.world.set { $0.visible = 20 }
        await first.runUntil("three in service") { await first.fleet.count { $0.lifecycleState == .inService } == 3 }
        await first.stop()

        let stored = try #require(first.store.load("sample"))
        first.world.set { $0.listingFails = true }
        let second = Harness(.sample(), from: stored, world: first.world)
        await second.runUntil("ticked a few times") { second.records.records.count > 5 }
        #expect(first.world.launched.count == 3)
        first.world.set { $0.listingFails = false }
        await second.runUntil("sees them again") { await second.fleet.count { $0.lifecycleState == .inService } == 3 }
        #expect(first.world.launched.count == 3)
        #expect(first.world.terminated.isEmpty)
        await second.stop()
    }
}
