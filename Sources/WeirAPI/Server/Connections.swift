import Synchronization

/// The open connections, and the requests on them that may be waiting for messages: so that one can be ended when its
/// client goes away, and all when the server stops.
///
/// HTTP/1.1 has one request at a time on a connection.
final class Connections: Sendable {
    /// Names a connection for as long as it is open.
    typealias ID = ObjectIdentifier

    private struct Connection {
        /// Closes it, whatever is under way.
        var close: @Sendable () -> Void
        /// The client will not read an answer any more.
        var clientWent = false
        var waiting: Task<APIResponse, Never>?
    }

    private struct State {
        var open: [ID: Connection] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())

    func opened(_ id: ID, close: @escaping @Sendable () -> Void) {
        state.withLock { $0.open[id] = Connection(close: close) }
    }

    /// The name may be used again.
    func closed(_ id: ID) {
        state.withLock { state in
            _ = state.open.removeValue(forKey: id)
        }
    }

    /// Runs `answer` so that it is cancelled when the client goes away, the server stops, or the caller is cancelled.
    func run(on id: ID, _ answer: @escaping @Sendable () async -> APIResponse) async -> APIResponse {
        let task = Task { await answer() }
        let mayWait = state.withLock { state in
            guard !state.isStopping, let connection = state.open[id], !connection.clientWent else { return false }
            state.open[id]?.waiting = task
            return true
        }
        if !mayWait { task.cancel() }
        let response = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.open[id]?.waiting = nil }
        return response
    }

    func clientWent(_ id: ID) {
        let task = state.withLock { state in
            state.open[id]?.clientWent = true
            return state.open[id]?.waiting
        }
        task?.cancel()
    }

    /// Ends all waiting, also of requests that come later.
    func stopWaiting() {
        let tasks = state.withLock { state in
            state.isStopping = true
            return state.open.values.compactMap(\.waiting)
        }
        for task in tasks { task.cancel() }
    }

    /// Closes every connection, whatever is under way on it.
    func closeAll() {
        for connection in state.withLock({ Array($0.open.values) }) { connection.close() }
    }
}
