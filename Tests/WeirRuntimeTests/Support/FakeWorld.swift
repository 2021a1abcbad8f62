import Synchronization
import WeirCore
import WeirRuntime

/// A source, a gate and hands whose every answer a test decides: for faults that the real ones cannot be made to have at a
/// chosen moment.
final class FakeWorld: QueueSource, WorkGate, Hands {
    struct State: Sendable {
        var visible: Double? = 0
        var listed: [ListedInstance] = []
        var listingFails = false
        var held: [InstanceID: Int] = [:]
        /// Commands of lifecycle hooks that run now, and how each ends once it may.
        var hooksRunning: Set<String> = []
        var hookEnd: [String: ActionOutcome.Result] = [:]
        /// Telling who holds what waits while this is set.
        var tellingHangs = false
        /// Somebody waits to be told.
        var tellingIsAwaited = false
        var closed: Set<InstanceID> = []
        var performed: [Action] = []
        /// Listing looks, and then keeps what it saw to itself while this is set.
        var listingHangs = false
        var listings = 0
        /// Removing waits while this is set.
        var removingHangs = false
        /// Launches are accepted but nothing appears in the list.
        var launchesVanish = false
        var launchFails = false
        /// Measuring never answers while this is set.
        var measuringHangs = false
        var measurements = 0
        /// Measurements that were begun.
        var asked = 0
        /// Calls that have begun and are answered without anybody's doing: those that hang are not among them.
        var underWay = 0
    }

    let state = Mutex(State())
    private let changesStream: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    init() {
        (changesStream, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func set(_ change: @Sendable (inout State) -> Void) {
        state.withLock { change(&$0) }
    }

    func tellOfChange() { changed.yield() }

    var performed: [Action] { state.withLock(\.performed) }
    /// The commands of lifecycle hooks that run now.
    var hooksRunning: Set<String> { state.withLock(\.hooksRunning) }

    var launched: [InstanceID] {
        performed.compactMap { action in
            guard case .launch(let id) = action else { return nil }
            return id
        }
    }
    var terminated: [InstanceID] {
        performed.compactMap { action in
            guard case .terminate(let id, _) = action else { return nil }
            return id
        }
    }

    /// Somebody is about to be answered.
    var isWorking: Bool { state.withLock { $0.underWay > 0 } }

    private func begin() { state.withLock { $0.underWay += 1 } }
    private func end() { state.withLock { $0.underWay -= 1 } }

    private func hang() async {
        end()
        await Task.yield()
        begin()
    }

    // MARK: QueueSource

    func measure(at now: Instant) async -> Measurement {
        begin()
        defer { end() }
        state.withLock { $0.asked += 1 }
        while state.withLock(\.measuringHangs) {
            if Task.isCancelled { return .missing(.sourceFailed("cancelled")) }
            await hang()
        }
        return state.withLock { state in
            state.measurements += 1
            guard let visible = state.visible else { return .missing(.sourceFailed("the source is down")) }
            return Measurement(
                visible: .value(visible), inFlight: .value(Double(state.held.values.reduce(0, +))), delayed: .value(0),
                oldestAge: .value(0))
        }
    }

    // MARK: WorkGate

    func held() async -> [HeldMessages] {
        begin()
        defer { end() }
        while isTellingHeldUp, !Task.isCancelled { await hang() }
        return state.withLock { state in
            state.held.keys.sorted().map { HeldMessages(instance: $0, messages: state.held[$0] ?? 0) }
        }
    }

    private var isTellingHeldUp: Bool {
        state.withLock { state in
            state.tellingIsAwaited = state.tellingHangs
            return state.tellingHangs
        }
    }

    func close(_ instance: InstanceID) async -> Int {
        state.withLock { state in
            state.closed.insert(instance)
            return state.held[instance] ?? 0
        }
    }

    func open(_ instance: InstanceID) async {
        state.withLock { _ = $0.closed.remove(instance) }
    }

    func forget(_ instance: InstanceID) async {
        state.withLock { $0.held[instance] = nil }
    }

    // MARK: Hands

    var imagined: Bool { false }

    func list() async throws(LauncherFailure) -> [ListedInstance] {
        begin()
        defer { end() }
        let (fails, listed) = state.withLock { state in
            state.listings += 1
            return (state.listingFails, state.listed)
        }
        while state.withLock(\.listingHangs), !Task.isCancelled { await hang() }
        if fails { throw LauncherFailure("the engine is away", retryHelps: true) }
        return listed
    }

    func changes() -> AsyncStream<Void> { changesStream }

    func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result {
        if case .runHook(_, let hook) = action { return await runHook(hook, action) }
        begin()
        defer { end() }
        if case .remove = action { while state.withLock(\.removingHangs), !Task.isCancelled { await hang() } }
        return state.withLock { state in
            state.performed.append(action)
            switch action {
            case .launch(let id):
                if state.launchFails { return .failed("the engine refused \(id)") }
                if !state.launchesVanish, !state.listed.contains(where: { $0.id == id }) {
                    state.listed.append(ListedInstance(id: id, phase: .running))
                }
                return .done
            case .drain(let id):
                state.closed.insert(id)
                return .drained(held: state.held[id] ?? 0)
            case .restore(let id):
                state.closed.remove(id)
                return .done
            case .terminate(let id, _):
                state.listed.removeAll { $0.id == id }
                return .done
            case .remove(let id):
                state.listed.removeAll { $0.id == id }
                return .done
            case .prepare(let id, let started):
                state.closed.insert(id)
                state.listed.append(ListedInstance(id: id, phase: started ? .running : .starting))
                return .done
            case .pause(let id):
                for index in state.listed.indices where state.listed[index].id == id {
                    state.listed[index].phase = .paused
                }
                return .done
            case .resume(let id):
                for index in state.listed.indices where state.listed[index].id == id {
                    state.listed[index].phase = .running
                }
                state.closed.remove(id)
                return .done
            case .runHook: return .done  // told above
            }
        }
    }

    /// A hook's command goes on until it may end, or is cancelled.
    private func runHook(_ hook: String, _ action: Action) async -> ActionOutcome.Result {
        state.withLock { state in
            state.performed.append(action)
            state.hooksRunning.insert(hook)
        }
        while state.withLock({ $0.hookEnd[hook] == nil }), !Task.isCancelled { await Task.yield() }
        return state.withLock { state in
            state.hooksRunning.remove(hook)
            return state.hookEnd[hook] ?? .failed("cancelled")
        }
    }
}
