import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Actions on a real launcher and a real queue")
struct LiveHandsSpecs {
    let id = InstanceID("i-0123456789abcdef0")

    func hands(_ gate: any WorkGate, onBusyTermination: @escaping @Sendable (Int) -> Void = { _ in }) -> LiveHands {
        LiveHands(
            launcher: NoLauncher(), gate: gate, quietTime: .milliseconds(1), environment: { _ in [] },
            onBusyTermination: { _, held in onBusyTermination(held) })
    }

    @Test("a drain looks twice: who holds a message at the second look is not idle")
    func looksTwice() async {
        let gate = CountingGate([0, 1])
        #expect(await hands(gate).perform(.drain(id), for: "g") == .drained(held: 1))
    }

    @Test("a drain that finds nothing at both looks says so")
    func idle() async {
        let gate = CountingGate([0, 0])
        #expect(await hands(gate).perform(.drain(id), for: "g") == .drained(held: 0))
    }

    @Test("who holds a message at the first look is told of at once")
    func busyAtOnce() async {
        let gate = CountingGate([2])
        #expect(await hands(gate).perform(.drain(id), for: "g") == .drained(held: 2))
        #expect(gate.looks == 1)
    }

    @Test("an end that an operator forces on a busy instance is told of")
    func forced() async {
        let told = Mutex(0)
        let gate = CountingGate([3])
        let hands = hands(gate) { held in told.withLock { $0 = held } }
        #expect(await hands.perform(.terminate(id, stopTimeout: .seconds(1)), for: "g") == .done)
        #expect(told.withLock { $0 } == 3)
    }

    @Test("the queue hears that an instance has ended when its remains are removed, and not while it still runs")
    func forgottenWhenRemoved() async {
        let gate = CountingGate([0])
        let refusing = LiveHands(
            launcher: NoLauncher(removalFails: true), gate: gate, quietTime: .milliseconds(1), environment: { _ in [] })
        let refused = await refusing.perform(.remove(id), for: "g")
        #expect(refused == .failed("it still runs"))
        #expect(gate.forgotten == [])
        #expect(await hands(gate).perform(.remove(id), for: "g") == .done)
        #expect(gate.forgotten == [id])
    }
}

/// Says how many messages are held, look by look; the last answer stays.
private final class CountingGate: WorkGate {
    private let state: Mutex<(answers: [Int], looks: Int, forgotten: [InstanceID])>

    init(_ answers: [Int]) {
        state = Mutex((answers, 0, []))
    }

    var looks: Int { state.withLock { $0.looks } }
    var forgotten: [InstanceID] { state.withLock { $0.forgotten } }

    func close(_ instance: InstanceID) async -> Int {
        state.withLock { state in
            state.looks += 1
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
    }

    func open(_ instance: InstanceID) async {}
    func forget(_ instance: InstanceID) async { state.withLock { $0.forgotten.append(instance) } }
    func held() async -> [HeldMessages] { [] }
}

private struct NoLauncher: Launcher {
    var removalFails = false

    func list() async throws(LauncherFailure) -> [ListedInstance] { [] }
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
    func launch(_ order: LaunchOrder) async throws(LauncherFailure) {}
    func prepare(_ order: LaunchOrder) async throws(LauncherFailure) {}
    func pause(_ instance: InstanceID) async throws(LauncherFailure) {}
    func resume(_ instance: InstanceID) async throws(LauncherFailure) {}
    func address(of instance: InstanceID) async throws(LauncherFailure) -> String? { nil }
    func terminate(_ instance: InstanceID, stopTimeout: Duration) async throws(LauncherFailure) {}
    func remove(_ instance: InstanceID) async throws(LauncherFailure) {
        if removalFails { throw LauncherFailure("it still runs", retryHelps: true) }
    }
}
