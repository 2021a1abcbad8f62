import Synchronization

/// Speaks HTTP to any number of servers at once, over TCP and unix sockets.
///
/// One thread drives all transfers through libcurl's multi interface. It starts with the first request, sleeps while
/// there is nothing to do, and ends with the client. Connections are kept for the next request to the same place.
/// Certificates are verified; redirects are not followed unless a request asks for it; servers on this machine are
/// reached without a proxy, others as the environment's `https_proxy`, `no_proxy`, … say.
public final class HTTPClient: Sendable {
    private let thread = Mutex<TransferThread?>(nil)
    private let lastID = Atomic<UInt64>(0)

    public init() {}

    deinit {
        thread.withLock { $0?.order(.stop) }
    }

    /// Sends a request and waits for the whole answer. Cancelling the task ends it at once.
    /// - Throws: why there is no answer. Any status is an answer.
    public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let thread = try readyThread(for: request)
        let ticket = nextTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { thread.order(.start(ticket, request, .whole($0))) }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    /// Sends a request and returns once the headers of the answer are there; the body follows piece by piece, for as
    /// long as the server sends it.
    /// - Throws: why there is no answer. What goes wrong afterwards is thrown while the body is read.
    public func stream(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPStream {
        let thread = try readyThread(for: request)
        let ticket = nextTicket()
        let chunks = ChunkBuffer(limitBytes: HTTPLimits.streamBufferBytes)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { thread.order(.start(ticket, request, .stream($0, chunks))) }
        } onCancel: {
            cancel(ticket)
        }
        let head = try result.get()
        return HTTPStream(
            head: head, chunks: HTTPChunks(lease: StreamLease(client: self, ticket: ticket, buffer: chunks)))
    }

    func cancel(_ ticket: Ticket) {
        ticket.cancelled.store(true, ordering: .releasing)
        running?.order(.cancel(ticket.id))
    }

    func resume(_ ticket: Ticket) {
        running?.order(.resume(ticket.id))
    }

    private var running: TransferThread? { thread.withLock { $0 } }

    private func nextTicket() -> Ticket {
        Ticket(id: lastID.add(1, ordering: .relaxed).newValue)
    }

    private func readyThread(for request: HTTPRequest) throws(HTTPFailure) -> TransferThread {
        if let mistake = request.mistake { throw .invalidRequest(place: request.place, because: mistake) }
        let ready = thread.withLock { thread in
            if thread == nil { thread = TransferThread() }
            return thread
        }
        guard let ready else { throw .other(place: request.place, because: "no memory or no thread for transfers") }
        return ready
    }
}
