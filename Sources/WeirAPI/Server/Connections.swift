import Synchronization

/// The connections that are open, so that a server can end them when it stops.
final class Connections: Sendable {
    /// Names a connection for as long as it is open.
    typealias ID = ObjectIdentifier

    /// What can be asked of a connection from outside of its event loop.
    struct Handle: Sendable {
        /// Ends a long poll, and closes as soon as nothing is under way.
        var finish: @Sendable () -> Void
        /// Closes, whatever is under way.
        var close: @Sendable () -> Void
    }

    private struct State {
        var open: [ID: Handle] = [:]
        var isFinishing = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func opened(_ id: ID, _ handle: Handle) {
        let isFinishing = state.withLock { state in
            state.open[id] = handle
            return state.isFinishing
        }
        if isFinishing { handle.finish() }
    }

    func closed(_ id: ID) {
        let waiters = state.withLock { state in
            state.open[id] = nil
            guard state.open.isEmpty else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Has every connection finish, also those that open later.
    func finishAll() {
        let handles = state.withLock { state in
            state.isFinishing = true
            return Array(state.open.values)
        }
        for handle in handles { handle.finish() }
    }

    func closeAll() {
        for handle in state.withLock({ Array($0.open.values) }) { handle.close() }
    }

    /// Returns when no connection is open.
    func allClosed() async {
        await withCheckedContinuation { waiter in
            let isEmpty = state.withLock { state in
                if !state.open.isEmpty { state.waiters.append(waiter) }
                return state.open.isEmpty
            }
            if isEmpty { waiter.resume() }
        }
    }
}
