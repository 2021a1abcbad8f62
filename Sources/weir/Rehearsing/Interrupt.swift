import Glibc
import Synchronization

/// Ctrl-C while something long goes on. A second one ends everything at once, as usual.
enum Interrupt {
    static func listen() {
        isInterrupted.store(false, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in isInterrupted.store(true, ordering: .relaxed) }
        action.sa_flags = SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(SIGINT, &action, nil)
    }

    static var wasHeard: Bool { isInterrupted.load(ordering: .relaxed) }
}

/// Set by the handler of SIGINT, which may do little else.
private let isInterrupted = Atomic(false)
