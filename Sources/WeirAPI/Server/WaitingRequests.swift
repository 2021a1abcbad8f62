import Synchronization

/// The requests that may be waiting for messages, by the connection they came on, so that one can be ended when its
/// client goes away, and all when the server stops.
///
/// HTTP/1.1 has one request at a time on a connection.
final class WaitingRequests: Sendable {
    /// Names a connection for as long as it is open.
    typealias Connection = ObjectIdentifier

    private struct State {
        var tasks: [Connection: Task<APIResponse, Never>] = [:]
        /// Connections whose client went away, until they are forgotten.
        var gone: Set<Connection> = []
        var isStopping = false
    }

    private let state = Mutex(State())

    /// Runs `answer` so that it is cancelled when the client goes away, the server stops, or the caller is cancelled.
    func run(on connection: Connection, _ answer: @escaping @Sendable () async -> APIResponse) async -> APIResponse {
        let task = Task { await answer() }
        let mayRun = state.withLock { state in
            state.tasks[connection] = task
            return !state.isStopping && !state.gone.contains(connection)
        }
        if !mayRun { task.cancel() }
        let response = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.tasks[connection] = nil }
        return response
    }

    /// The client of this connection will not read an answer any more.
    func clientWent(_ connection: Connection) {
        let task = state.withLock { state in
            state.gone.insert(connection)
            return state.tasks[connection]
        }
        task?.cancel()
    }

    /// The connection is closed, and its name may be used again.
    func forget(_ connection: Connection) {
        state.withLock { state in
            _ = state.gone.remove(connection)
        }
    }

    /// Ends all waiting, also of requests that come later.
    func stop() {
        let tasks = state.withLock { state in
            state.isStopping = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }
}
