import Logging
import Synchronization
import WeirCore

/// What is needed to run one group: its policy, and how to make what surrounds it.
public struct GroupSpec: Sendable {
    public var policy: GroupPolicy
    public var path: String
    /// The policy file's text: equal text means nothing changed.
    public var text: String
    /// Its launcher, and where that launches: `docker at unix:///var/run/docker.sock`.
    public var launcher: String
    /// What it measures, as the policy file says it: the source, and the named metrics.
    public var measures: String
    /// The embedded queue that it reads, whose happenings wake it.
    public var embeddedQueue: String?
    /// Makes source and hands; the closure is told when an instance was stopped although it held messages.
    public var makeParts: MakeParts

    public typealias MakeParts =
        @Sendable (_ onBusyTermination: @escaping @Sendable () -> Void) async throws -> GroupController.Parts

    public init(
        policy: GroupPolicy, path: String, text: String, launcher: String, measures: String, embeddedQueue: String?,
        makeParts: @escaping MakeParts
    ) {
        self.policy = policy
        self.path = path
        self.text = text
        self.launcher = launcher
        self.measures = measures
        self.embeddedQueue = embeddedQueue
        self.makeParts = makeParts
    }
}

/// A group could not be started or changed; the sentence says which, why, and what was kept.
public struct GroupFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var message: String
    /// It runs all the same, under its former policy.
    public var goesOn: Bool

    public init(_ message: String, goesOn: Bool = false) {
        self.message = message
        self.goesOn = goesOn
    }

    public var description: String { message }
}

/// Owns the running groups: starts, changes and retires them as policies come and go, and answers what is asked of them.
public actor Supervisor: ControlPlane {
    private struct Running {
        var spec: GroupSpec
        var controller: GroupController
        var task: Task<Void, Never>
    }

    private let surroundings: GroupController.Surroundings
    private var running: [String: Running] = [:]
    private var ending = false
    private var answering = true
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ surroundings: GroupController.Surroundings) {
        self.surroundings = surroundings
    }

    // MARK: Groups come and go

    /// Brings the running groups in line with `specs`: new ones start (from their stored state, where there is one),
    /// changed ones change without touching running work, and those that are not named any more drain and go.
    /// - Parameters:
    ///   - fleets: the limits that groups share, all of them.
    ///   - stored: of groups that are not running yet.
    /// - Returns: what could not be done; such a group goes on under its former policy.
    public func apply(
        _ specs: [GroupSpec], fleets: [FleetLimit] = [], stored: [StoredGroup] = []
    ) async -> [GroupFailure] {
        surroundings.fleets.set(fleets)
        for spec in specs where running[spec.policy.name] == nil {
            if let group = stored.first(where: { $0.name == spec.policy.name }) { expect(spec, from: group) }
        }
        var failures: [GroupFailure] = []
        for spec in specs.sorted(by: { $0.policy.name < $1.policy.name }) {
            do throws(GroupFailure) {
                if let group = running[spec.policy.name] {
                    try await change(group, to: spec)
                } else {
                    try await start(spec, from: stored.first { $0.name == spec.policy.name })
                }
            } catch {
                let goesOn = running[spec.policy.name] != nil
                failures.append(GroupFailure(error.message, goesOn: goesOn))
            }
        }
        let names = Set(specs.map(\.policy.name))
        for name in running.keys.sorted() where !names.contains(name) {
            await running[name]?.controller.leave()
        }
        return failures
    }

    /// Counts what an earlier process left at work, before any group decides: what these instances take of a limit is not to be
    /// taken by others, though their own group has not begun.
    public func expect(_ spec: GroupSpec, from stored: StoredGroup, leaving: Bool = false) {
        let policy = leaving ? spec.policy.retired() : spec.policy
        surroundings.fleets.enter(FleetClaim(of: policy, in: stored.state), of: stored.name)
    }

    /// Starts a group whose policy file is gone, only to let its instances finish.
    public func retire(_ spec: GroupSpec, from stored: StoredGroup) async -> GroupFailure? {
        do throws(GroupFailure) {
            try await start(spec, from: stored)
            await running[spec.policy.name]?.controller.leave()
            return nil
        } catch {
            return error
        }
    }

    private func start(_ spec: GroupSpec, from stored: StoredGroup?) async throws(GroupFailure) {
        let name = spec.policy.name
        if let stored { try checkLauncher(spec, was: stored.launcher, fleet: stored.state.fleet.count) }
        let parts = try await parts(of: spec)
        var kept = stored ?? StoredGroup(spec, at: surroundings.time.now())
        kept.follow(spec)
        surroundings.index.set(name, kept.state.fleet)
        let controller = GroupController(kept, policy: spec.policy, parts: parts, surroundings: surroundings)
        let task = Task {
            await controller.run()
            await self.ended(controller)
        }
        running[name] = Running(spec: spec, controller: controller, task: task)
    }

    private func change(_ group: Running, to spec: GroupSpec) async throws(GroupFailure) {
        let name = spec.policy.name
        if group.spec.text == spec.text, await !group.controller.snapshot().leaving { return }
        let snapshot = await group.controller.snapshot()
        try checkLauncher(spec, was: group.spec.launcher, fleet: snapshot.state.fleet.count)
        let parts = try await parts(of: spec)
        guard await group.controller.change(to: spec, parts: parts) else {
            // It left while this was read; the group that begins now has nothing of it.
            return try await start(spec, from: nil)
        }
        running[name]?.spec = spec
        surroundings.logger.info("policy changed", metadata: ["group": "\(name)", "file": "\(spec.path)"])
    }

    private func checkLauncher(_ spec: GroupSpec, was launcher: String, fleet: Int) throws(GroupFailure) {
        guard launcher != spec.launcher, fleet > 0 else { return }
        throw GroupFailure(
            "group '\(spec.policy.name)' would change its launcher from \(launcher) to \(spec.launcher) while \(fleet) "
                + "of its instances run, which the new one cannot see; give the new group another name, and the old one "
                + "drains")
    }

    private func parts(of spec: GroupSpec) async throws(GroupFailure) -> GroupController.Parts {
        let name = spec.policy.name
        do {
            return try await spec.makeParts { [weak self] in
                Task { await self?.countBusyTermination(name) }
            }
        } catch {
            throw GroupFailure("group '\(name)': \(error)")
        }
    }

    private func countBusyTermination(_ name: String) async {
        await running[name]?.controller.countBusyTermination()
    }

    private func ended(_ controller: GroupController) async {
        let name = controller.name
        guard await controller.hasLeft, running[name]?.controller === controller else { return }
        running[name] = nil
        surroundings.index.set(name, [])
        if !ending {
            surroundings.store?.remove(name)
            surroundings.logger.info("the group has left", metadata: ["group": "\(name)"])
        }
    }

    // MARK: The end

    /// Stops deciding. Instances go on working; what was begun gets a moment to finish.
    public func stop() async {
        ending = true
        let groups = running.keys.sorted().compactMap { running[$0] }
        for group in groups { group.task.cancel() }
        await withTaskGroup(of: Void.self) { settling in
            for group in groups { settling.addTask { await group.controller.settle(limit: Limits.settleAtStop) } }
        }
    }

    /// Lets every group drain, and returns when the last instance is gone. Desired capacities are kept.
    public func drainAll() async {
        ending = true
        let groups = running.keys.sorted().compactMap { running[$0] }
        for group in groups { await group.controller.leave() }
        for group in groups { await group.task.value }
    }

    // MARK: What happens in the queue

    public func queueHappened(_ queue: String) async {
        for name in running.keys.sorted() {
            guard let group = running[name], group.spec.embeddedQueue == queue else { continue }
            await group.controller.wake()
        }
    }

    public func instanceBecameIdle(_ instance: InstanceID) async {
        guard let name = surroundings.index.group(of: instance) else { return }
        await running[name]?.controller.instanceBecameIdle()
    }

    // MARK: ControlPlane

    /// Until `beginAnswering`, whoever asks waits: a worker that outlived the last weir must not be told that it is
    /// unknown while its group is being taken up again.
    public func holdAnswers() {
        answering = false
    }

    public func beginAnswering() {
        answering = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }

    private func untilAnswering() async {
        guard !answering else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    public func groups() async -> [GroupSnapshot] {
        await untilAnswering()
        var snapshots: [GroupSnapshot] = []
        for name in running.keys.sorted() {
            if let group = running[name] { snapshots.append(await group.controller.snapshot()) }
        }
        return snapshots
    }

    public func group(named name: String) async -> GroupSnapshot? {
        await untilAnswering()
        return await running[name]?.controller.snapshot()
    }

    public func find(_ instance: InstanceID) async -> (group: String, instance: Instance)? {
        await untilAnswering()
        guard let name = surroundings.index.group(of: instance), let group = running[name] else { return nil }
        return await group.controller.instance(instance).map { (name, $0) }
    }

    public func request(_ kind: Request.Kind, of group: String) async -> Answer.Result? {
        await untilAnswering()
        return await running[group]?.controller.request(kind)
    }
}
