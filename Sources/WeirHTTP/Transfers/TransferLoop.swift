import CCurl
import Synchronization

/// All transfers of a client, and the only code that touches them. Made and run on the transfer thread.
final class TransferLoop {
    private let multi: UnsafeMutableRawPointer
    private var transfers: [UInt64: Transfer] = [:]
    /// Streams whose headers have not come, in no particular order; there are few streams.
    private var awaitingHead: [UInt64] = []

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
        weir_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, HTTPLimits.connections)
        weir_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, HTTPLimits.idleConnections)
    }

    /// Runs until an order says stop. Sleeps in `curl_multi_poll` while there is nothing to do.
    func run(orders: () -> [Order]) {
        while true {
            for order in orders() {
                if case .stop = order { return endAll() }
                obey(order)
            }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished()
            expireHeads()
            curl_multi_poll(multi, nil, 0, sleepMilliseconds, nil)
        }
    }

    private func obey(_ order: Order) {
        switch order {
        case .start(let ticket, let request, let sink): start(ticket, request, sink)
        case .cancel(let id): end(id) { $0.fail(.cancelled) }
        case .resume(let id):
            guard let transfer = transfers[id] else { return }
            curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
        case .stop: break
        }
    }

    private func start(_ ticket: Ticket, _ request: HTTPRequest, _ sink: Sink) {
        if ticket.cancelled.load(ordering: .acquiring) { return sink.refuse(.cancelled) }
        guard let transfer = Transfer(ticket, request, sink) else { return }
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            return transfer.fail(.other(place: request.place, because: "no room for another transfer"))
        }
        transfers[ticket.id] = transfer
        if transfer.headDeadline != nil { awaitingHead.append(ticket.id) }
    }

    /// Takes a transfer out and then tells its end, so that whoever hears of it finds nothing of it left.
    private func end(_ id: UInt64, tell: (Transfer) -> Void) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi, transfer.easy)
        tell(transfer)
    }

    private func collectFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = weir_curl_message_result(message)
            var context: UnsafeMutableRawPointer?
            weir_curl_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            end(transfer.ticket.id) { $0.finish(code) }
        }
    }

    private func expireHeads() {
        guard !awaitingHead.isEmpty else { return }
        let now = ContinuousClock.now
        awaitingHead.removeAll { id in
            guard let transfer = transfers[id], !transfer.headIsComplete, let deadline = transfer.headDeadline else {
                return true
            }
            guard deadline <= now else { return false }
            let limit = transfer.request.timeLimit
            end(id) { $0.fail(.timedOut(.waitingForAnswer, place: $0.request.place, after: limit)) }
            return true
        }
    }

    private var sleepMilliseconds: Int32 {
        var longest = HTTPLimits.idleSleep
        let now = ContinuousClock.now
        for id in awaitingHead {
            guard let deadline = transfers[id]?.headDeadline else { continue }
            longest = min(longest, now.duration(to: deadline))
        }
        return Int32(clamping: max(0, longest.milliseconds))
    }

    private func endAll() {
        for id in transfers.keys.sorted() { end(id) { $0.fail(.cancelled) } }
    }
}
