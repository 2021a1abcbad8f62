import Logging
import Synchronization
import Testing
import WeirCore
import WeirRuntime

/// One controller in a fake world, on a clock that is moved by hand.
final class Harness: Sendable {
    let time = ManualTime()
    let world = FakeWorld()
    /// The world that the controller is in: this harness's own, or that of a former one.
    private let used: FakeWorld
    let store = MemoryStore()
    let records = MemoryRecorder()
    let index = InstanceIndex()
    let controller: GroupController
    private let task: Task<Void, Never>

    /// - Parameters:
    ///   - text: of the policy file.
    ///   - parts: what surrounds the controller, when it is more than a world.
    init(
        _ policy: GroupPolicy, from stored: StoredGroup? = nil, world: FakeWorld? = nil, text: String = "",
        checker: (any HealthChecker)? = nil, parts: (FakeWorld) -> GroupController.Parts? = { _ in nil }
    ) {
        let start = stored ?? Harness.stored(policy, text: text, at: time.now())
        let world = world ?? self.world
        used = world
        let controller = GroupController(
            start, policy: policy,
            parts: parts(world) ?? .init(source: world, holders: world, hands: world, checker: checker),
            surroundings: .init(
                time: time, store: store, recorder: records,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                index: index))
        self.controller = controller
        task = Task { await controller.run() }
    }

    deinit { task.cancel() }

    static func stored(_ policy: GroupPolicy, text: String = "", at now: Instant) -> StoredGroup {
        StoredGroup(
            name: policy.name, policyPath: "p.yaml", policyText: text, launcher: "fake", measures: "queue",
            state: GroupState(startingWith: policy, seed: 42, at: now))
    }

    /// Gives the group another policy, as a reload does.
    func change(
        to policy: GroupPolicy, source: any QueueSource, holders: (any WorkHolders)?, hands: any Hands,
        measures: String = "queue"
    ) async {
        await change(
            to: policy, text: "2", parts: .init(source: source, holders: holders, hands: hands), measures: measures)
    }

    func change(
        to policy: GroupPolicy, text: String, parts: GroupController.Parts, measures: String = "queue"
    ) async {
        let spec = GroupSpec(
            policy: policy, path: "p.yaml", text: text, launcher: "fake", measures: measures, embeddedQueue: nil
        ) { _ in parts }
        #expect(await controller.change(to: spec, parts: parts))
    }

    func stop() async {
        task.cancel()
        await task.value
    }

    /// Moves the clock in small steps until the condition holds; fails the test when it has not after `limit`.
    func runUntil(
        _ what: Comment, within limit: Duration = .seconds(600), step: Duration = .seconds(1),
        sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async -> Bool
    ) async {
        if await time.run(for: limit, step: step, in: used, until: condition) { return }
        Issue.record(what, sourceLocation: sourceLocation)
    }

    /// Waits until the condition holds while the clock stands still: for what must not need any time to pass.
    func atOnce(
        _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async -> Bool
    ) async {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if await condition() { return }
            try? await Task.sleep(for: .milliseconds(1))
        }
        Issue.record(what, sourceLocation: sourceLocation)
    }

    /// A tick has taken a measurement; a group may tick before its first one is in.
    var hasMeasured: Bool { records.records.contains { $0.observation.measurement != nil } }

    var fleet: [Instance] {
        get async { await controller.snapshot().state.fleet }
    }
}

final class MemoryStore: StateStore {
    let groups = Mutex<[String: StoredGroup]>([:])
    let fails = Mutex(false)

    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        if fails.withLock({ $0 }) { throw StateFailure("no space left on device") }
        groups.withLock { $0[group.name] = group }
    }

    func remove(_ name: String) {
        groups.withLock { $0[name] = nil }
    }

    func load(_ name: String) -> StoredGroup? { groups.withLock { $0[name] } }
}

final class MemoryRecorder: Recorder {
    private let all = Mutex<[Record]>([])

    func record(_ record: Record) { all.withLock { $0.append(record) } }

    var records: [Record] { all.withLock { $0 } }
}
