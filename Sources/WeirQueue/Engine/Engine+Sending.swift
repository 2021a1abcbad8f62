import WeirCore

/// A message checked and packed by its sender's task, so that the writer thread only writes.
struct PreparedMessage: Sendable {
    var sizeBytes: Int
    var body: String
    var attributes: [UInt8]?
    var traceHeader: String?
    var groupID: String?
    var delay: Duration?

    init(_ message: NewMessage, _ limits: QueueLimits) throws(QueueError) {
        try MessageRules.check(message, limits: limits)
        sizeBytes = MessageRules.sizeBytes(message)
        body = message.body
        attributes = message.attributes.packed
        traceHeader = message.traceHeader
        groupID = message.groupID
        delay = message.delay
    }
}

extension Engine {
    func send(
        _ messages: [Result<PreparedMessage, QueueError>], to name: String, senderID: String
    ) throws(StoreFailure) -> Result<[Result<String, QueueError>], QueueError> {
        guard let queue = books.byName[name] else { return .failure(.queueDoesNotExist(name)) }
        var results: [Result<String, QueueError>] = []
        for message in messages {
            switch message {
            case .failure(let refusal): results.append(.failure(refusal))
            case .success(let message): results.append(try send(message, to: queue, senderID: senderID))
            }
        }
        return .success(results)
    }

    private func send(
        _ message: PreparedMessage, to queue: OpenQueue, senderID: String
    ) throws(StoreFailure) -> Result<String, QueueError> {
        let largest = queue.attributes.maximumMessageSizeBytes
        guard message.sizeBytes <= largest else {
            return .failure(.messageTooLong(bytes: message.sizeBytes, limit: largest))
        }
        guard room.admits(message.sizeBytes, at: now, reusable: store.reusableBytes) else {
            return .failure(.storeFailed(room.sentence))
        }
        let visibleAt = DeliveryRules.firstVisible(
            sentAt: now, queueDelay: queue.attributes.delay, messageDelay: message.delay)
        try store.write()
        let id = try takeNumber()
        let identifier = MessageIdentifier(number: id, store.key)
        try store.messages.insert(
            MessageToStore(
                id: id, lane: queue.lane, visibleAt: visibleAt, sentAt: now, identifier: identifier,
                sender: senderID, attributes: message.attributes, traceHeader: message.traceHeader,
                groupID: message.groupID, body: message.body))
        if visibleAt > now {
            update(queue) { $0.waits(id, until: visibleAt, sentAt: now, inFlight: false) }
            books.timers.push(.message(id, lane: queue.lane), at: visibleAt)
        } else {
            update(queue) { $0.arrived(sentAt: now) }
        }
        books.watchRetention(of: queue, oldestSentAt: now)
        watch(queue, isNews: true) { $0.arrived() }
        notes.totals[queue.id, default: .init()].sent += 1
        return .success(identifier.text)
    }

    /// A message number that was never used: numbers are reserved in the store by the million, and those not used before a
    /// restart are skipped. An old handle can therefore never fit a new message.
    private func takeNumber() throws(StoreFailure) -> Int64 {
        if nextMessage >= books.reservedNumbers {
            let limit = nextMessage + EngineLimits.numbersPerReservation
            try store.queues.reserveNumbers(below: limit)
            books.reservedNumbers = limit
        }
        defer { nextMessage += 1 }
        return nextMessage
    }
}
