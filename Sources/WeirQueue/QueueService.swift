import WeirCore

/// The one owner of all queues: keeps them durably, commits concurrent senders together, wakes long polls, and knows who
/// holds which message.
///
/// Everything that was acknowledged survives `kill -9` and power loss.
public final class QueueService: Sendable {
    let inbox = Inbox()
    private let news = Happenings()
    private let ending = Ending()
    private let limits: QueueLimits

    /// Opens the queues in `folder`, making it when it is not there; nil keeps them in memory only.
    /// - Parameters:
    ///   - limits: what is accepted; as AWS unless said otherwise.
    ///   - now: the clock; tests give one that they move, and call `timePassed()` after moving it. It may step back: time
    ///     limits then run on as if it had not.
    /// - Throws: `QueueError.storeFailed` when the folder cannot be used, is of a later version, or is open already (by this
    ///   or another process, which the sentence names).
    public convenience init(
        folder: String?, limits: QueueLimits = .strict, now: @escaping @Sendable () -> Instant
    ) throws(QueueError) {
        try self.init(
            folder: folder, limits: limits, freeBytes: { folder.flatMap(DiskRoom.freeBytes) }, now: now)
    }

    /// For tests, which say how much room the disk has.
    init(
        folder: String?, limits: QueueLimits = .strict, freeBytes: @escaping @Sendable () -> Int64?,
        now: @escaping @Sendable () -> Instant
    ) throws(QueueError) {
        self.limits = limits
        do throws(StoreFailure) {
            let engine = try Engine(
                store: Store(folder: folder), limits: limits, happenings: news, room: DiskRoom(look: freeBytes),
                wall: now)
            try Self.start(engine, inbox, ending)
        } catch {
            throw error.asQueueError
        }
    }

    deinit { inbox.end() }

    /// Commits what is under way, ends long polls with nothing, closes the files. What is asked for afterwards is refused
    /// with `storeFailed`.
    public func close() async {
        inbox.end()
        await ending.wait()
    }

    // MARK: Queues

    /// Creates a queue, or finds the one that has this name and the same values of the attributes named in `given`.
    /// - Parameter given: names of the attributes that the caller gave; only these are compared.
    /// - Throws: `invalidQueueName`, `unsupported` (a FIFO name), `invalidAttributeValue`, `invalidParameter` (too many tags,
    ///   or too long ones), `queueNameExists`, `queueDeletedRecently`, `queueDoesNotExist` (the redrive target), `storeFailed`.
    public func createQueue(
        _ name: String, _ attributes: QueueAttributes, given: [String], tags: [StoredAttribute]
    ) async throws(QueueError) {
        try QueueName.check(name)
        try TagRules.check(adding: tags, removing: [])
        try await write { engine throws(StoreFailure) in
            try engine.create(name, attributes, given: given, tags: tags)
        }
    }

    /// Deletes a queue and its messages; its long polls end with `queueDoesNotExist`. The name rests for 60 s.
    public func deleteQueue(_ name: String) async throws(QueueError) {
        try await write { engine throws(StoreFailure) in try engine.deleteQueue(name) }
    }

    /// All names that start with `prefix`, sorted.
    public func queueNames(prefix: String) async -> [String] {
        await look { .success($0.names(prefix: prefix)) }.orElse([])
    }

    public func describe(_ name: String) async throws(QueueError) -> QueueDescription {
        try await look { $0.describe(name) }.get()
    }

    /// Changes attributes in one go; `change` gets the present ones. The target of a redrive policy that stays as it was is
    /// not looked for.
    public func setAttributes(
        of name: String, _ change: @escaping @Sendable (inout QueueAttributes) -> Void
    ) async throws(QueueError) {
        try await write { engine throws(StoreFailure) in try engine.setAttributes(of: name, change) }
    }

    /// Names of the queues whose redrive policy points at this one, sorted.
    public func deadLetterSources(of name: String) async throws(QueueError) -> [String] {
        try await look { $0.deadLetterSources(of: name) }.get()
    }

    /// Removes all messages, whatever their state. Takes no longer for a million than for one.
    /// - Throws: `purgeInProgress` within 60 s of the purge before.
    public func purge(_ name: String) async throws(QueueError) {
        try await write { engine throws(StoreFailure) in try engine.purge(name) }
    }

    /// Sorted by name.
    public func tags(of name: String) async throws(QueueError) -> [StoredAttribute] {
        try await look { $0.tags(of: name) }.get()
    }

    /// Adds tags, a new value in place of an old one, and takes others away.
    /// - Throws: `invalidParameter` for more than 50 of them, also together with those that are there.
    public func setTags(
        of name: String, adding: [StoredAttribute], removing: [String]
    ) async throws(QueueError) {
        try TagRules.check(adding: adding, removing: removing)
        try await write { engine throws(StoreFailure) in
            try engine.setTags(of: name, adding: adding, removing: removing)
        }
    }

    // MARK: Messages

    /// Returns when the messages are on disk. Messages of one call are accepted or refused one by one; their order is
    /// that of the results. While the disk is nearly full each is refused with `storeFailed`.
    /// - Returns: for each message its id (a UUID), or why it was refused.
    public func send(
        _ messages: [NewMessage], to name: String, senderID: String
    ) async throws(QueueError) -> [Result<String, QueueError>] {
        let prepared = messages.map(prepare)
        return try await write { engine throws(StoreFailure) in
            try engine.send(prepared, to: name, senderID: senderID)
        }
    }

    private func prepare(_ message: NewMessage) -> Result<PreparedMessage, QueueError> {
        Result { () throws(QueueError) in try PreparedMessage(message, limits) }
    }

    /// When the task is cancelled before this returns, it returns empty, and messages already taken for it are visible again
    /// at once (their receive count stays). A caller who loses its client after that gives them back itself, by changing
    /// their visibility to 0.
    /// - Parameters:
    ///   - count: 1…10.
    ///   - visibilityTimeout: nil: the queue's.
    ///   - wait: nil: the queue's; zero: a short poll.
    ///   - receiver: the instance that asks, nil for anyone else. A closed instance gets nothing (also in a long poll
    ///     that was waiting when it was closed: it goes on waiting to its end and returns empty).
    /// - Throws: `overLimit` for a short poll while too many messages are in flight (a long poll waits), `invalidParameter`,
    ///   `queueDoesNotExist`, `storeFailed`.
    public func receive(
        from name: String, count: Int, visibilityTimeout: Duration?, wait: Duration?, receiver: InstanceID?
    ) async throws(QueueError) -> [ReceivedMessage] {
        let request = ReceiveRequest(
            queue: name, count: count, visibilityTimeout: visibilityTimeout, wait: wait, receiver: receiver)
        let ticket = ReceiveTicket()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { inbox.put(ReceiveJob(request, ticket, $0)) }
        } onCancel: { [inbox] in
            ticket.cancel()
            inbox.put(CancelJob(ticket))
        }
        let messages = try outcome.get()
        guard ticket.isCancelled, !messages.isEmpty else { return messages }
        // The receiver has gone. If giving back fails, the visibility timeout does it later.
        _ = try? await changeVisibility(messages.map { ($0.receiptHandle, .zero) }, of: name)
        return []
    }

    /// One result for each handle. Deleting twice succeeds; an old handle succeeds and deletes nothing when the message
    /// was received again since.
    public func delete(
        _ receiptHandles: [String], from name: String
    ) async throws(QueueError) -> [Result<Void, QueueError>] {
        try await write { engine throws(StoreFailure) in try engine.delete(receiptHandles, from: name) }
    }

    /// One result for each change: `messageNotInflight` for a message that is visible again, `invalidParameter` for one that
    /// is gone or was received again since, and for a timeout out of range or beyond 12 hours from the receive.
    public func changeVisibility(
        _ changes: [(receiptHandle: String, timeout: Duration)], of name: String
    ) async throws(QueueError) -> [Result<Void, QueueError>] {
        try await write { engine throws(StoreFailure) in try engine.changeVisibility(changes, of: name) }
    }

    public func depth(of name: String) async throws(QueueError) -> QueueDepth {
        try await look { $0.depth(of: name) }.get()
    }

    /// What happened in a queue since the same watcher asked for it last; the first time nothing. From then on, and for 10 min after the
    /// last time, `happenings` tells of each message that is sent to it or deleted from it.
    public func traffic(of name: String, for watcher: Int) async throws(QueueError) -> Traffic {
        try await look { engine -> Result<Traffic, QueueError> in
            guard let traffic = engine.takeTraffic(of: name, for: watcher) else {
                return .failure(.queueDoesNotExist(name))
            }
            return .success(traffic)
        }.get()
    }

    // MARK: Who holds what

    /// Messages held by instances, sorted by instance. A message is held from its receive until it is deleted, given
    /// back (visibility 0), received again by anyone, moved to a dead-letter queue, purged or expired. A visibility
    /// timeout alone does not free the instance: as far as anyone knows it is still at work.
    public func held() async -> [HeldMessages] {
        await look { .success($0.held()) }.orElse([])
    }

    /// From the moment this returns the instance is given no message, also not in a long poll that waits already. Gates are
    /// not kept over a restart.
    /// - Returns: how many messages it holds at that moment.
    public func closeGate(_ instance: InstanceID) async -> Int {
        await look { .success($0.closeGate(instance)) }.orElse(0)
    }

    /// The instance receives again, also in long polls that still wait. Opening what is open does nothing.
    public func openGate(_ instance: InstanceID) async {
        await look { .success($0.openGate(instance)) }.orElse(())
    }

    /// The instance has ended: what it held stays in flight until its visibility timeout, but nobody holds it. Its long
    /// polls end, its gate is forgotten, and a receive in its name that still comes within 10 s gets nothing.
    public func forget(_ instance: InstanceID) async {
        await withCheckedContinuation { inbox.put(ForgetJob(instance, $0)) }
    }

    // MARK: What happens

    /// Yields the names of queues to which something happened that a controller wants to know at once: a visible message
    /// arrived where none was visible, or an instance that held messages holds none any more. Yields are merged; nobody
    /// waits for the reader. Every call gives a stream of its own, which ends when the service is closed.
    public func happenings() -> AsyncStream<QueueHappening> { news.stream() }

    /// For a clock that is moved by hand: everything that is due by now happens before this returns.
    public func timePassed() async {
        while await look({ .success($0.hasDueWork) }).orElse(false) {}
    }

    // MARK: Handing over

    private func write<Value: Sendable>(_ work: @escaping WriteJob<Value>.Work) async throws(QueueError) -> Value {
        try await withCheckedContinuation { inbox.put(WriteJob($0, work)) }.get()
    }

    private func look<Value: Sendable>(_ look: @escaping ReadJob<Value>.Look) async -> Result<Value, QueueError> {
        await withCheckedContinuation { inbox.put(ReadJob($0, look)) }
    }

    /// For tests: looks into the engine between two transactions.
    func inspect<Value: Sendable>(_ look: @escaping (Engine) -> Value) async -> Value? {
        try? await self.look { .success(look($0)) }.get()
    }

    private static func start(_ engine: Engine, _ inbox: Inbox, _ ending: Ending) throws(StoreFailure) {
        try WriterThread.start(engine, inbox, whenEnded: { ending.tell() })
    }
}

extension Result where Failure == QueueError {
    /// The value, or this when the service is closed: then there is nothing to tell.
    fileprivate func orElse(_ value: Success) -> Success { (try? get()) ?? value }
}

public enum QueueHappening: Sendable, Hashable {
    /// A message became visible in a queue that had none visible.
    case arrived(queue: String)
    /// The instance held messages and now holds none.
    case becameIdle(instance: InstanceID)
    /// A message was sent to a queue, or deleted from it, whose traffic somebody has asked for.
    case traffic(queue: String)
}
