import Logging
import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The ledger of shared limits")
struct FleetLedgerSpecs {
    private let ledger = FleetLedger([FleetLimit(name: "machine", maxSize: 6)])

    private func claim(
        _ group: String, of fleet: String = "machine", priority: Int = 0, wants: Int, has: Int = 0
    ) -> FleetClaim {
        FleetClaim(
            group: group, membership: FleetMembership(name: fleet, priority: priority), wanted: wants, staying: has)
    }

    /// Decides as a group would that begins what it may.
    @discardableResult
    private func decide(_ claim: FleetClaim) -> Int {
        var begun = 0
        _ = ledger.decide(for: claim.group, having: claim) { ceiling in
            begun = ceiling.map { min($0.launches, claim.wanted - claim.staying) } ?? .max
            var evaluation = Evaluation(
                state: GroupState(seed: 1, createdAt: Instant(milliseconds: 0), desiredCapacity: 0),
                decision: Decision(previousDesired: 0, desired: 0, reasons: []),
                nextTick: Instant(milliseconds: 0), nextMeasurement: Instant(milliseconds: 0))
            var after = claim
            after.staying += begun
            after.existing += begun
            evaluation.claim = after
            return evaluation
        }
        return begun
    }

    @Test("what one group has begun is taken for the next one")
    func oneAfterTheOther() {
        ledger.enter(claim("b", wants: 4), of: "b")
        #expect(decide(claim("a", wants: 4)) == 3)
        #expect(decide(claim("b", wants: 4)) == 3)
        #expect(decide(claim("a", wants: 4, has: 3)) == 0)
    }

    @Test("groups that decide at the same moment never take the same room")
    func atOnce() async {
        let names = (0..<12).map { "g\($0)" }
        for name in names { ledger.enter(claim(name, wants: 1), of: name) }
        let begun = await withTaskGroup(of: Int.self) { tasks in
            for name in names { tasks.addTask { decide(claim(name, wants: 1)) } }
            return await tasks.reduce(0, +)
        }
        #expect(begun == 6)
    }

    @Test("whoever can do something about a change is woken, and nobody else")
    func waking() {
        let woken = Mutex<[String]>([])
        for name in ["a", "b", "c"] { ledger.follow(name) { woken.withLock { $0.append(name) } } }
        func heard() -> [String] {
            woken.withLock { names in
                defer { names = [] }
                return names
            }
        }
        for name in ["a", "b", "c"] { decide(claim(name, wants: name == "c" ? 0 : 3)) }
        _ = heard()
        // One of a's ends and is launched again: nobody's room changed.
        ledger.enter(claim("a", wants: 3, has: 3), of: "a")
        #expect(heard() == [])
        // A higher one wants some: the others have to give back. Who wants nothing sleeps on.
        ledger.enter(claim("d", priority: 1, wants: 2), of: "d")
        #expect(heard() == ["a", "b"])
        // It is gone again: they may keep what they have.
        ledger.forget("d")
        #expect(heard() == ["a", "b"])
        ledger.set([FleetLimit(name: "machine", maxSize: 4)])
        #expect(heard() == ["a", "b"])
        ledger.follow("a", nil)
        ledger.set([])
        #expect(heard() == ["b"])
    }

    @Test("what a group has decided itself is no news to it: nobody wakes itself again and again")
    func ownWishes() {
        let ledger = FleetLedger([FleetLimit(name: "machine", maxSize: 8)])
        let woken = Mutex(0)
        // The room of one of these is that of two of those: one more of b leaves a unit for b's warm pool.
        var large = claim("a", wants: 3, has: 4)
        large.membership.units = 2
        large.minimum = 2
        ledger.enter(large, of: "a")
        var before = claim("b", priority: 5, wants: 2, has: 2)
        before.minimum = 2
        before.reserve = 2
        // A refresh wants one more than is desired, for a while.
        var after = before
        after.wanted = 3
        var evaluation = Evaluation(
            state: GroupState(seed: 1, createdAt: Instant(milliseconds: 0), desiredCapacity: 2),
            decision: Decision(previousDesired: 2, desired: 2, reasons: []),
            nextTick: Instant(milliseconds: 0), nextMeasurement: Instant(milliseconds: 0))
        evaluation.claim = after
        ledger.follow("b") { woken.withLock { $0 += 1 } }
        for _ in 0..<5 { _ = ledger.decide(for: "b", having: before) { _ in evaluation } }
        #expect(woken.withLock { $0 } == 0)
    }

    @Test("fleets have nothing to do with each other, and without a limit there is no ceiling")
    func apart() {
        ledger.enter(claim("a", wants: 9, has: 6), of: "a")
        ledger.enter(claim("b", of: "other", wants: 9), of: "b")
        #expect(ledger.ceiling(of: "a")?.instances == 6)
        #expect(ledger.ceiling(of: "b") == nil)
        #expect(ledger.ceiling(of: "c") == nil)
        ledger.set([FleetLimit(name: "machine", maxSize: 6), FleetLimit(name: "other", maxSize: 2)])
        #expect(ledger.ceiling(of: "b")?.launches == 2)
    }
}

@Suite("Groups under one limit")
struct FleetSupervisorSpecs {
    private let time = ManualTime()
    private let low = FakeWorld()
    private let high = FakeWorld()
    private let store = MemoryStore()
    private let supervisor: Supervisor
    private let machine = FleetLimit(name: "machine", maxSize: 4)

    init() { supervisor = Self.supervisor(time, store) }

    private static func supervisor(_ time: ManualTime, _ store: MemoryStore) -> Supervisor {
        Supervisor(
            GroupController.Surroundings(
                time: time, store: store, recorder: MemoryRecorder(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, index: InstanceIndex()))
    }

    private func spec(_ name: String, _ world: FakeWorld, priority: Int = 0, text: String = "1") -> GroupSpec {
        var policy = GroupPolicy(
            name: name, minSize: 0, maxSize: 10, instanceWarmup: .zero, pollInterval: .seconds(5))
        policy.fleet = FleetMembership(name: "machine", priority: priority)
        return GroupSpec(
            policy: policy, path: "\(name).yaml", text: text, launcher: "fake", measures: "queue", embeddedQueue: nil
        ) { _ in
            GroupController.Parts(source: world, holders: world, hands: world)
        }
    }

    private var specs: [GroupSpec] { [spec("low", low), spec("high", high, priority: 10)] }

    private func set(_ desired: Int, _ group: String, _ supervisor: Supervisor? = nil) async {
        _ = await (supervisor ?? self.supervisor).request(.setDesired(desired, honorCooldown: false), of: group)
    }

    /// What the launchers have, whatever weir thinks.
    private var running: Int {
        // What goes from one to the other between two looks is not to be counted twice.
        while true {
            let ofHigh = high.state.withLock(\.listed.count)
            let ofLow = low.state.withLock(\.listed.count)
            if high.state.withLock(\.listed.count) == ofHigh { return ofLow + ofHigh }
        }
    }

    private func runUntil(_ what: Comment, _ condition: () async -> Bool) async {
        let most = Mutex(0)
        let reached = await time.run(for: .seconds(400), step: .seconds(1), in: low) {
            let running = running
            most.withLock { $0 = max($0, running) }
            return await condition()
        }
        #expect(reached, what)
        #expect(most.withLock(\.self) <= machine.maxSize, what)
    }

    private func busy(_ world: FakeWorld, _ isBusy: Bool) {
        world.set { state in
            state.held = [:]
            guard isBusy else { return }
            for instance in state.listed { state.held[instance.id] = 1 }
        }
    }

    @Test("the high group takes its room as the low one's work is done, and nobody waits for a poll to say so")
    func highFirst() async {
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await set(9, "low")
        await runUntil("the low group has the machine") { low.launched.count == 4 }
        busy(low, true)
        await set(3, "high")
        await runUntil("the high group waits") {
            await supervisor.group(named: "high")?.lastChange?.decision.reasons.last?.sentence
                == "3 launches wait for room in fleet machine: 4 units, low still has 4"
        }
        #expect(high.launched.isEmpty)
        #expect(low.terminated.isEmpty)
        busy(low, false)
        await runUntil("it has its room") { high.launched.count == 3 }
        #expect(low.terminated.count == 3)
        let snapshot = await supervisor.group(named: "low")
        #expect(snapshot?.state.desiredCapacity == 9)
        #expect(snapshot?.ceiling?.instances == 1)
        #expect(snapshot?.ceiling?.others == [FleetCeiling.Other(group: "high", share: 3, taken: 3)])
    }

    @Test("what a group of the last weir has at work is counted before any other launches")
    func restart() async {
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await set(4, "low")
        await runUntil("the low group has the machine") {
            await supervisor.group(named: "low")?.state.fleet.count { $0.lifecycleState == .inService } == 4
        }
        await set(0, "high")
        await supervisor.stop()
        busy(low, true)
        var stored = ["low", "high"].compactMap(store.load)
        for index in stored.indices { stored[index].state.desiredCapacity = 4 }
        // The low group takes long to begin; only its stored state can tell what it has.
        let mayBegin = Mutex(false)
        var slow = spec("low", low)
        slow.makeParts = { [low] _ in
            while !mayBegin.withLock(\.self) { await Task.yield() }
            return GroupController.Parts(source: low, holders: low, hands: low)
        }
        let next = Self.supervisor(time, store)
        let beginning = Task { [specs = [slow, spec("high", high, priority: 10)], stored, machine] in
            await next.apply(specs, fleets: [machine], stored: stored)
        }
        await runUntil("the high group has decided") { await next.group(named: "high")?.lastDecision != nil }
        let decided = time.now()
        await runUntil("a while") { time.now() > decided + .seconds(20) }
        #expect(high.launched.isEmpty)
        #expect(await next.group(named: "low") == nil)
        mayBegin.withLock { $0 = true }
        #expect(await beginning.value.isEmpty)
        await runUntil("the low one goes on") { await next.group(named: "low")?.lastDecision != nil }
        #expect(high.launched.isEmpty)
        busy(low, false)
        await runUntil("the high one has its room") { high.launched.count == 4 }
        await next.stop()
    }

    @Test("a group whose file went while weir was down counts too, and its room is given on as it ends")
    func retired() async {
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await set(4, "high")
        await runUntil("the high group has the machine") {
            await supervisor.group(named: "high")?.state.fleet.count { $0.lifecycleState == .inService } == 4
        }
        await supervisor.stop()
        busy(high, true)
        let next = Self.supervisor(time, store)
        guard let former = store.load("high") else {
            Issue.record("not stored")
            return
        }
        await next.expect(spec("high", high, priority: 10), from: former, leaving: true)
        #expect(await next.apply([spec("low", low)], fleets: [machine]).isEmpty)
        #expect(await next.retire(spec("high", high, priority: 10), from: former) == nil)
        await set(4, "low", next)
        await runUntil("the low one has decided") { await next.group(named: "low")?.state.desiredCapacity == 4 }
        #expect(low.launched.isEmpty)
        busy(high, false)
        await runUntil("the low one has the machine") { low.launched.count == 4 }
        await runUntil("the high one has left") { await next.group(named: "high") == nil }
        await next.stop()
    }

    @Test("a limit that is lowered while groups run ends what is idle until it is kept; raised, they grow")
    func reload() async {
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await set(9, "low")
        await runUntil("the low group has the machine") { low.launched.count == 4 }
        #expect(await supervisor.apply(specs, fleets: [FleetLimit(name: "machine", maxSize: 1)]).isEmpty)
        await runUntil("three are gone") { low.terminated.count == 3 && running == 1 }
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await runUntil("they are back") { running == 4 }
    }

    @Test("a group that joins no fleet any more, or is taken away, leaves its room to the others")
    func leaves() async {
        #expect(await supervisor.apply(specs, fleets: [machine]).isEmpty)
        await set(4, "high")
        await runUntil("the high group has the machine") { high.launched.count == 4 }
        await set(4, "low")
        await runUntil("the low one waits") { await supervisor.group(named: "low")?.state.desiredCapacity == 4 }
        #expect(await supervisor.apply([spec("low", low)], fleets: [machine]).isEmpty)
        await runUntil("the low one has the machine") { low.launched.count == 4 }
        var free = spec("low", low, text: "2")
        free.policy.fleet = nil
        #expect(await supervisor.apply([free], fleets: []).isEmpty)
        await runUntil("under no limit") { await supervisor.group(named: "low")?.ceiling == nil }
    }
}
