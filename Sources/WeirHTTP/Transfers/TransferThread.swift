import CCurl
import Glibc
import Synchronization

/// The thread that owns libcurl. Everybody else only sees a box of orders and a bell.
final class TransferThread: Sendable {
    private struct Box {
        var orders: [Order] = []
        var open = true
    }

    /// Used off the thread for `curl_multi_wakeup` alone, which libcurl allows from any thread at any time while the
    /// handle lives; and it lives while the box is open, because both change under the lock of the box.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer
    private let box = Mutex(Box())

    /// - Returns: nil when the machine has no memory or no thread for it.
    init?() {
        guard Self.libcurlIsReady, let multi = curl_multi_init() else { return nil }
        self.multi = multi
        guard start() else {
            curl_multi_cleanup(multi)
            return nil
        }
    }

    private static let libcurlIsReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    func order(_ order: Order) {
        let accepted = box.withLock { box in
            guard box.open else { return false }
            box.orders.append(order)
            // The bell rings until the thread has looked, so one ring is enough for all orders in the box.
            if box.orders.count == 1 { curl_multi_wakeup(multi) }
            return true
        }
        if !accepted, case .start(_, _, let sink) = order { sink.refuse(.cancelled) }
    }

    private func start() -> Bool {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return false }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, HTTPLimits.threadStackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<TransferThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        if failed != 0 { context.release() }
        return failed == 0
    }

    private func run() {
        // Signals are for the threads that wait for them.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        TransferLoop(multi: multi).run(orders: takeOrders)
        let late = box.withLock { box in
            box.open = false
            defer { box.orders = [] }
            return box.orders
        }
        for case .start(_, _, let sink) in late { sink.refuse(.cancelled) }
        curl_multi_cleanup(multi)
    }

    private func takeOrders() -> [Order] {
        box.withLock { box in
            defer { box.orders.removeAll(keepingCapacity: true) }
            return box.orders
        }
    }
}
