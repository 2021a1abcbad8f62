import Synchronization
import WeirCore

/// Tells whoever listens what happened. Nobody waits for a listener: what it has not taken yet is kept once, however often
/// it happens, so a slow listener costs one entry for each queue and instance.
final class Happenings: Sendable {
    private let listeners = Mutex<[WeakMailbox]>([])

    func stream() -> AsyncStream<QueueHappening> {
        let mailbox = Mailbox()
        listeners.withLock { listeners in
            listeners.removeAll { $0.mailbox == nil }
            listeners.append(WeakMailbox(mailbox: mailbox))
        }
        return AsyncStream(unfolding: { await mailbox.next() }, onCancel: { mailbox.end() })
    }

    func tell(_ news: [QueueHappening]) {
        for listener in listeners.withLock({ $0 }) { listener.mailbox?.put(news) }
    }

    func end() {
        for listener in listeners.withLock({ $0 }) { listener.mailbox?.end() }
    }
}

private struct WeakMailbox: Sendable {
    weak let mailbox: Mailbox?
}

/// News for one listener, each once, in the order of their first arrival.
private final class Mailbox: Sendable {
    private struct State {
        var order: [QueueHappening] = []
        var known: Set<QueueHappening> = []
        var waiting: CheckedContinuation<QueueHappening?, Never>?
        var hasEnded = false

        mutating func takeFirst() -> QueueHappening? {
            guard !order.isEmpty else { return nil }
            let first = order.removeFirst()
            known.remove(first)
            return first
        }

        mutating func takeWaiting() -> CheckedContinuation<QueueHappening?, Never>? {
            defer { waiting = nil }
            return waiting
        }
    }

    private let state = Mutex(State())

    func put(_ news: [QueueHappening]) {
        let answer: (CheckedContinuation<QueueHappening?, Never>, QueueHappening)? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            for one in news where state.known.insert(one).inserted { state.order.append(one) }
            guard state.waiting != nil, let first = state.takeFirst(), let waiting = state.takeWaiting() else {
                return nil
            }
            return (waiting, first)
        }
        answer?.0.resume(returning: answer?.1)
    }

    func next() async -> QueueHappening? {
        await withCheckedContinuation { continuation in
            let isAnswered: (Bool, QueueHappening?) = state.withLock { state in
                if let first = state.takeFirst() { return (true, first) }
                if state.hasEnded { return (true, nil) }
                state.waiting = continuation
                return (false, nil)
            }
            if isAnswered.0 { continuation.resume(returning: isAnswered.1) }
        }
    }

    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            return state.takeWaiting()
        }
        waiting?.resume(returning: nil)
    }
}
