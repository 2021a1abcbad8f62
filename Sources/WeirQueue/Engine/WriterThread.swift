import Glibc
import Synchronization
import WeirCore

/// The one thread that touches the store. A thread and not an actor, because a commit waits for the disk, and a thread that
/// Swift's pool shares must not wait.
///
/// While it waits for the disk, callers pile up in the inbox; the next transaction takes them all. That is the group commit.
final class WriterThread {
    private let engine: Engine
    private let inbox: Inbox
    private let whenEnded: @Sendable () -> Void

    private init(_ engine: Engine, _ inbox: Inbox, whenEnded: @escaping @Sendable () -> Void) {
        self.engine = engine
        self.inbox = inbox
        self.whenEnded = whenEnded
    }

    /// Starts the thread, which owns the engine from now on. It ends when the inbox does.
    static func start(
        _ engine: Engine, _ inbox: Inbox, whenEnded: @escaping @Sendable () -> Void
    ) throws(StoreFailure) {
        let writer = Unmanaged.passRetained(WriterThread(engine, inbox, whenEnded: whenEnded))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                // The argument is the object retained just above, and comes once; nil would mean that pthreads broke.
                if let argument { Unmanaged<WriterThread>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, writer.toOpaque())
        guard code == 0 else {
            writer.release()
            throw StoreFailure(
                code: code, sentence: "cannot start the writer thread: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
    }

    private func run() {
        while let jobs = inbox.take(within: engine.idleTime()) { engine.round(jobs) }
        engine.close()
        whenEnded()
    }
}

/// Lets those who close the service wait until the files are closed.
final class Ending: Sendable {
    private struct State {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func tell() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}
