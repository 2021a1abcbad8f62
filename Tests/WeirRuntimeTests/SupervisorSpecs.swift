import Logging
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Groups come and go")
struct SupervisorSpecs {
    let time = ManualTime()
    let world = FakeWorld()
    let store = MemoryStore()
    let supervisor: Supervisor

    init() {
        supervisor = Supervisor(
            GroupController.Surroundings(
                time: time, store: store, recorder: MemoryRecorder(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, index: InstanceIndex()))
    }

    func spec(_ policy: GroupPolicy, text: String = "1", launcher: String = "fake", fails: Bool = false) -> GroupSpec {
        let world = world
        return GroupSpec(
            policy: policy, path: "p.yaml", text: text, launcher: launcher, measures: "queue", embeddedQueue: "queue"
        ) { _ in
            if fails { throw GroupFailure("no such program") }
            return GroupController.Parts(source: world, holders: world, hands: world)
        }
    }

    func runUntil(_ what: Comment, _ condition: () async -> Bool) async {
        if await time.run(for: .seconds(400), step: .seconds(1), in: world, until: condition) { return }
        Issue.record(what)
    }

    func fleet(_ name: String = "sample") async -> [Instance] {
        await supervisor.group(named: name)?.state.fleet ?? []
    }

    @Test("a group that is named runs; one that is not named any more drains and is forgotten")
    func comesAndGoes() async {
        #expect(await supervisor.apply([spec(.sample(min: 2))]).isEmpty)
        await runUntil("two in service") { await fleet().count { $0.lifecycleState == .inService } == 2 }
        #expect(await supervisor.apply([]).isEmpty)
        await runUntil("gone") { await supervisor.group(named: "sample") == nil }
        #expect(world.terminated.sorted() == world.launched.sorted())
        #expect(store.load("sample") == nil)
    }

    @Test("a changed policy touches no running work; only its bounds are new")
    func changes() async {
        #expect(await supervisor.apply([spec(.sample(min: 2))]).isEmpty)
        await runUntil("two in service") { await fleet().count { $0.lifecycleState == .inService } == 2 }
        #expect(await supervisor.apply([spec(.sample(min: 3), text: "2")]).isEmpty)
        await runUntil("three in service") { await fleet().count { $0.lifecycleState == .inService } == 3 }
        #expect(world.terminated.isEmpty)
    }

    @Test("a group that cannot be made new goes on under its former policy, and the others change")
    func changeFails() async {
        #expect(await supervisor.apply([spec(.sample(min: 1))]).isEmpty)
        let failures = await supervisor.apply([spec(.sample(min: 3), text: "2", fails: true)])
        #expect(failures.count == 1)
        #expect(failures.first?.message.contains("'sample'") == true)
        #expect(await supervisor.group(named: "sample")?.policy.minSize == 1)
    }

    @Test("another launcher while instances run is refused: nobody could end the old ones")
    func launcherChange() async {
        #expect(await supervisor.apply([spec(.sample(min: 1))]).isEmpty)
        await runUntil("in service") { await fleet().count { $0.lifecycleState == .inService } == 1 }
        let failures = await supervisor.apply([spec(.sample(min: 1), text: "2", launcher: "docker")])
        #expect(failures.first?.message.contains("from fake to docker") == true)
        #expect(world.terminated.isEmpty)
    }

    @Test("a group that comes back while it drains goes on with what it still has")
    func comesBack() async {
        #expect(await supervisor.apply([spec(.sample(min: 2))]).isEmpty)
        await runUntil("two in service") { await fleet().count { $0.lifecycleState == .inService } == 2 }
        let busy = world.launched[0]
        world.set { $0.held[busy] = 1 }
        #expect(await supervisor.apply([]).isEmpty)
        await runUntil("one left") { await fleet().map(\.id) == [busy] }
        #expect(await supervisor.apply([spec(.sample(min: 2))]).isEmpty)
        await runUntil("two again") { await fleet().count { $0.lifecycleState == .inService } == 2 }
        #expect(!world.terminated.contains(busy))
    }

    @Test("drain mode ends when the last instance has, and keeps the group's state")
    func drainAll() async {
        #expect(await supervisor.apply([spec(.sample(min: 2))]).isEmpty)
        await runUntil("two in service") { await fleet().count { $0.lifecycleState == .inService } == 2 }
        let draining = Task { await supervisor.drainAll() }
        await runUntil("no instance") { world.terminated.count == 2 }
        await runUntil("no group") { await supervisor.group(named: "sample") == nil }
        await draining.value
        #expect(store.load("sample") != nil)
    }

    @Test("requests reach their group; an unknown group is nobody's")
    func requests() async {
        #expect(await supervisor.apply([spec(.sample())]).isEmpty)
        guard case .accepted? = await supervisor.request(.setDesired(1, honorCooldown: false), of: "sample") else {
            Issue.record("refused")
            return
        }
        #expect(await supervisor.request(.suspend([]), of: "nobody") == nil)
        await runUntil("launched") { world.launched.count == 1 }
        let id = world.launched[0]
        #expect(await supervisor.find(id)?.group == "sample")
        #expect(await supervisor.find(InstanceID("i-00000000000000000")) == nil)
    }

    @Test("who asks before the groups run waits for the answer, and is not told that there is nothing")
    func answersWait() async {
        await supervisor.holdAnswers()
        let asked = Task { await supervisor.groups().map(\.policy.name) }
        #expect(await supervisor.apply([spec(.sample(min: 1))]).isEmpty)
        await supervisor.beginAnswering()
        #expect(await asked.value == ["sample"])
    }

    @Test("another launcher for a group without instances is kept with its state")
    func launcherIsKept() async {
        #expect(await supervisor.apply([spec(.sample())]).isEmpty)
        #expect(await supervisor.apply([spec(.sample(min: 1), text: "2", launcher: "docker")]).isEmpty)
        await runUntil("in service") { await fleet().count { $0.lifecycleState == .inService } == 1 }
        #expect(store.load("sample")?.launcher == "docker")
    }
}
