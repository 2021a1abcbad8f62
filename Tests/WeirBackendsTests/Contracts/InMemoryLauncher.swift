import Synchronization
import WeirCore
import WeirRuntime

/// A launcher of nothing, to see that the contract can be kept, and by what.
final class InMemoryLauncher: Launcher {
    /// What outlives a restart of weir.
    final class World: Sendable {
        fileprivate struct State {
            var instances: [InstanceID: ListedInstance.Phase] = [:]
            var starts: [InstanceID: Int] = [:]
            var listeners: [AsyncStream<Void>.Continuation] = []
        }

        fileprivate let state = Mutex(State())

        func phase(of id: InstanceID) -> ListedInstance.Phase? { state.withLock { $0.instances[id] } }

        func starts(of id: InstanceID) -> Int { state.withLock { $0.starts[id] ?? 0 } }
    }

    private let world: World
    private let refusal: String?

    init(_ world: World, refusal: String? = nil) {
        self.world = world
        self.refusal = refusal
    }

    func list() async throws(LauncherFailure) -> [ListedInstance] {
        world.state.withLock { state in
            state.instances.map { ListedInstance(id: $0.key, phase: $0.value) }.sorted { $0.id < $1.id }
        }
    }

    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        world.state.withLock { $0.listeners.append(continuation) }
        return stream
    }

    func launch(_ order: LaunchOrder) async throws(LauncherFailure) {
        if let refusal { throw LauncherFailure("\(order.instance) was not started: \(refusal)", retryHelps: false) }
        change { state in
            switch state.instances[order.instance] {
            case nil, .starting: break
            case .running, .paused, .exited: return
            }
            state.instances[order.instance] = .running
            state.starts[order.instance, default: 0] += 1
        }
    }

    func prepare(_ order: LaunchOrder) async throws(LauncherFailure) {
        change { state in
            if state.instances[order.instance] == nil { state.instances[order.instance] = .starting }
        }
    }

    func pause(_ instance: InstanceID) async throws(LauncherFailure) {
        change { if $0.instances[instance] == .running { $0.instances[instance] = .paused } }
    }

    func resume(_ instance: InstanceID) async throws(LauncherFailure) {
        change { if $0.instances[instance] == .paused { $0.instances[instance] = .running } }
    }

    func address(of instance: InstanceID) async throws(LauncherFailure) -> String? {
        if let refusal { throw LauncherFailure(refusal, retryHelps: true) }
        return nil
    }

    func terminate(_ instance: InstanceID, stopTimeout: Duration) async throws(LauncherFailure) {
        change { state in
            switch state.instances[instance] {
            case .starting, .running, .paused: break
            case nil, .exited: return
            }
            state.instances[instance] = .exited(Exit(code: 143))
        }
    }

    func remove(_ instance: InstanceID) async throws(LauncherFailure) {
        let runs = world.state.withLock { $0.instances[instance] == .running }
        guard !runs else { throw LauncherFailure("\(instance) is still running", retryHelps: true) }
        change { $0.instances[instance] = nil }
    }

    private func change(_ change: (inout World.State) -> Void) {
        let listeners = world.state.withLock { state in
            change(&state)
            return state.listeners
        }
        for listener in listeners { listener.yield() }
    }
}
