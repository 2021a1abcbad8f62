import Synchronization
import WeirCore
import WeirRuntime

/// A clock that stands still until it is moved.
final class ManualTime: TimeSource {
    private struct State {
        var now: Instant
        var sleepers: [Int: (until: Instant, wake: CheckedContinuation<Void, Never>)] = [:]
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
                    state.sleepers[id] = (instant, wake)
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
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.wake)
        }
        for wake in woken { wake.resume() }
    }
}
