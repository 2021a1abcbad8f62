import Glibc

/// Signals as a stream.
///
/// A handler that writes to a pipe, rather than "ignored" or "blocked", because those two are inherited by the workers that
/// weir starts, and a worker that cannot be told to stop would be killed in mid-job.
enum Signals {
    static func stream(_ signals: [Int32]) -> AsyncStream<Int32> {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe for signals")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        let reader = ends[0]
        pipeForSignals = ends[1]
        for number in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = Glibc.write(pipeForSignals, &byte, 1)
            }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
        Thread.detach {
            var byte: UInt8 = 0
            while true {
                let count = read(reader, &byte, 1)
                if count == 1 { continuation.yield(Int32(byte)) } else if count == 0 || errno != EINTR { break }
            }
            continuation.finish()
        }
        return stream
    }
}

/// The writing end of the pipe. Written once, before the first handler is installed, and only read afterwards, so the
/// handler and the program never touch it at the same time.
private nonisolated(unsafe) var pipeForSignals: Int32 = -1

/// A plain thread, for a read that blocks.
enum Thread {
    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func detach(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }
}
