import Synchronization

/// Hands the pieces of a body from the transfer thread to its one reader, and says when the sender must wait.
final class ChunkBuffer: Sendable {
    struct Taken: Sendable {
        var result: Result<[UInt8]?, HTTPFailure>
        /// The transfer was held back for want of room, and now there is room.
        var wantsMore = false
    }

    private struct State {
        var chunks: [[UInt8]] = []
        /// Chunks before this index were taken.
        var first = 0
        var bytes = 0
        var heldBack = false
        var end: Result<[UInt8]?, HTTPFailure>?
        var reader: CheckedContinuation<Taken, Never>?
    }

    private let limitBytes: Int
    private let state = Mutex(State())

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// - Returns: false when there is no room: offer the same bytes again after the reader has asked for more.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            if let reader = state.reader {
                state.reader = nil
                reader.resume(returning: Taken(result: .success(Array(bytes))))
                return true
            }
            guard state.bytes < limitBytes else {
                state.heldBack = true
                return false
            }
            state.chunks.append(Array(bytes))
            state.bytes += bytes.count
            return true
        }
    }

    /// The body is complete, or nothing more will come of it. What is buffered can still be read, unless the reader
    /// itself gave up.
    func finish(_ failure: HTTPFailure?) {
        state.withLock { state in
            guard state.end == nil else { return }
            let end: Result<[UInt8]?, HTTPFailure> = failure.map { .failure($0) } ?? .success(nil)
            state.end = end
            if failure == .cancelled {
                state.chunks = []
                state.first = 0
            }
            state.reader?.resume(returning: Taken(result: end))
            state.reader = nil
        }
    }

    func next() async -> Taken {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if let chunk = Self.take(&state) {
                    let wantsMore = state.heldBack && state.bytes < limitBytes
                    if wantsMore { state.heldBack = false }
                    continuation.resume(returning: Taken(result: .success(chunk), wantsMore: wantsMore))
                } else if let end = state.end {
                    continuation.resume(returning: Taken(result: end))
                } else if state.reader != nil {
                    // A second reader at the same time would steal from the first.
                    let because = "the stream is being read by another task"
                    continuation.resume(returning: Taken(result: .failure(.other(place: "stream", because: because))))
                } else {
                    state.reader = continuation
                }
            }
        }
    }

    private static func take(_ state: inout State) -> [UInt8]? {
        guard state.first < state.chunks.count else { return nil }
        let chunk = state.chunks[state.first]
        state.first += 1
        state.bytes -= chunk.count
        if state.first == state.chunks.count {
            state.chunks.removeAll(keepingCapacity: true)
            state.first = 0
        }
        return chunk
    }
}
