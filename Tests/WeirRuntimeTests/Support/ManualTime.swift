import Synchronization
import WeirCore
import WeirRuntime

/// A clock that stands still until it is moved, also backwards. A sleep ends after a while even so, as a real one does.
final class ManualTime: TimeSource {
    private struct State {
        var now: Instant
        /// How much time has really passed, whatever the clock says.
        var passed = Duration.zero
        var sleepers: [Int: (until: Duration, wake: CheckedContinuation<Void, Never>)] = [:]
        var nextSleeper = 0
    }

    private let state: Mutex<State>

    init(at now: Instant = Instant(milliseconds: 1_700_000_000_000)) {
        state = Mutex(State(now: now))
    }

    func now() -> Instant { state.withLock(\.now) }

    /// Somebody sleeps.
    var isAwaited: Bool { state.withLock { !$0.sleepers.isEmpty } }

    func sleep(until instant: Instant) async throws {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let over = state.withLock { state in
                    if state.now >= instant || Task.isCancelled { return true }
                    let span = min(instant - state.now, WeirRuntime.Limits.longestSleep)
                    state.sleepers[id] = (state.passed + span, wake)
                    return false
                }
                if over { wake.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.wake.resume()
        }
        try Task.checkCancellation()
    }

    /// Moves on in steps until the condition holds, for at most so long by this clock. It never runs far ahead of those who go
    /// by it: before each step somebody sleeps, and the world has answered.
    /// - Returns: whether the condition came to hold.
    func run(
        for limit: Duration, step: Duration, in world: FakeWorld, until condition: () async -> Bool
    ) async -> Bool {
        let (end, deadline) = (now() + limit, ContinuousClock.now + .seconds(60))
        while now() < end {
            for _ in 0..<50 {
                if await condition() { return true }
                await Task.yield()
            }
            while !isAwaited || world.isWorking {
                if await condition() { return true }
                guard ContinuousClock.now < deadline else { return false }
                await Task.yield()
            }
            advance(by: step)
        }
        // What was due by then may be under way.
        while await !condition() {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return true
    }

    func advance(by span: Duration) {
        let woken = state.withLock { state in
            state.now = state.now + span
            state.passed += max(span, .zero)
            let due = state.sleepers.filter { $0.value.until <= state.passed }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }
}
