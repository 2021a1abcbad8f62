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
