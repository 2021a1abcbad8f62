/// An answer whose body is read as it comes.
public struct HTTPStream: Sendable {
    public let head: HTTPHead
    /// The body, in the pieces in which it arrived. May be read once. Dropping it, or cancelling the task that reads it,
    /// ends the transfer.
    public let chunks: HTTPChunks

    public var status: Int { head.status }
    public var headers: [HTTPHeader] { head.headers }
}

/// The pieces of a streamed body. A reader that is slow holds the sender back; nothing is dropped.
public struct HTTPChunks: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = HTTPFailure

    let lease: StreamLease

    public func makeAsyncIterator() -> Iterator {
        Iterator(lease: lease)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let lease: StreamLease

        public mutating func next() async throws(HTTPFailure) -> [UInt8]? {
            try await lease.next()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPFailure) -> [UInt8]? {
            try await lease.next()
        }
    }
}

/// Keeps a streamed transfer alive for as long as somebody can still read it.
final class StreamLease: Sendable {
    private let client: HTTPClient
    private let ticket: Ticket
    private let buffer: ChunkBuffer

    init(client: HTTPClient, ticket: Ticket, buffer: ChunkBuffer) {
        self.client = client
        self.ticket = ticket
        self.buffer = buffer
    }

    deinit {
        client.cancel(ticket)
    }

    func next() async throws(HTTPFailure) -> [UInt8]? {
        let taken = await withTaskCancellationHandler {
            await buffer.next()
        } onCancel: {
            client.cancel(ticket)
        }
        if taken.wantsMore { client.resume(ticket) }
        return try taken.result.get()
    }
}
