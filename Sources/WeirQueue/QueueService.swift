import WeirCore

/// The one owner of all queues: keeps them durably, commits concurrent senders together, wakes long polls, and knows who
/// holds which message.
///
/// Everything that was acknowledged survives `kill -9` and power loss.
public final class QueueService: Sendable {
    /// Opens the queues in `folder`, making it when it is not there; nil keeps them in memory only.
    /// - Parameter now: the clock; tests give one that they move, and call `timePassed()` after moving it.
    /// - Throws: `QueueError.storeFailed` when the folder cannot be used or is of a later version.
    public init(folder: String?, now: @escaping @Sendable () -> Instant) throws(QueueError) { fatalError() }

    /// Commits what is under way, ends long polls with nothing, closes the files.
    public func close() async { fatalError() }

    // MARK: Queues

    /// Creates a queue, or finds the one that has this name and the same values of the attributes named in `given`.
    /// - Parameter given: names of the attributes that the caller gave; only these are compared.
    public func createQueue(
        _ name: String, _ attributes: QueueAttributes, given: [String], tags: [StoredAttribute]
    ) async throws(QueueError) { fatalError() }
    public func deleteQueue(_ name: String) async throws(QueueError) { fatalError() }
    /// All names that start with `prefix`, sorted.
    public func queueNames(prefix: String) async -> [String] { fatalError() }
    public func describe(_ name: String) async throws(QueueError) -> QueueDescription { fatalError() }
    /// Changes attributes in one go; `change` gets the present ones.
    public func setAttributes(
        of name: String, _ change: @escaping @Sendable (inout QueueAttributes) -> Void
    ) async throws(QueueError) { fatalError() }
    /// Names of the queues whose redrive policy points at this one, sorted.
    public func deadLetterSources(of name: String) async throws(QueueError) -> [String] { fatalError() }
    public func purge(_ name: String) async throws(QueueError) { fatalError() }
    public func tags(of name: String) async throws(QueueError) -> [StoredAttribute] { fatalError() }
    public func setTags(of name: String, adding: [StoredAttribute], removing: [String]) async throws(QueueError) { fatalError() }

    // MARK: Messages

    /// Returns when the messages are on disk. Messages of one call are accepted or refused one by one; their order is
    /// that of the results.
    /// - Returns: for each message its id (a UUID), or why it was refused.
    public func send(
        _ messages: [NewMessage], to name: String, senderID: String
    ) async throws(QueueError) -> [Result<String, QueueError>] { fatalError() }

    /// - Parameters:
    ///   - count: 1…10.
    ///   - visibilityTimeout: nil: the queue's.
    ///   - wait: nil: the queue's; zero: a short poll.
    ///   - receiver: the instance that asks, nil for anyone else. A closed instance gets nothing (also in a long poll
    ///     that was waiting when it was closed: it goes on waiting to its end and returns empty).
    public func receive(
        from name: String, count: Int, visibilityTimeout: Duration?, wait: Duration?, receiver: InstanceID?
    ) async throws(QueueError) -> [ReceivedMessage] { fatalError() }

    /// One result for each handle. Deleting twice succeeds; an old handle succeeds and deletes nothing when the message
    /// was received again since.
    public func delete(_ receiptHandles: [String], from name: String) async throws(QueueError) -> [Result<Void, QueueError>] { fatalError() }

    public func changeVisibility(
        _ changes: [(receiptHandle: String, timeout: Duration)], of name: String
    ) async throws(QueueError) -> [Result<Void, QueueError>] { fatalError() }

    public func depth(of name: String) async throws(QueueError) -> QueueDepth { fatalError() }

    // MARK: Who holds what

    /// Messages held by instances, sorted by instance. A message is held from its receive until it is deleted, given
    /// back (visibility 0), received again by anyone, moved to a dead-letter queue, purged or expired. A visibility
    /// timeout alone does not free the instance: as far as anyone knows it is still at work.
    public func held() async -> [HeldMessages] { fatalError() }
    /// See `WorkGate`.
    public func closeGate(_ instance: InstanceID) async -> Int { fatalError() }
    public func openGate(_ instance: InstanceID) async { fatalError() }
    /// The instance has ended: what it held stays in flight until its visibility timeout, but nobody holds it.
    public func forget(_ instance: InstanceID) async { fatalError() }

    // MARK: What happens

    /// Yields the names of queues to which something happened that a controller wants to know at once: a visible message
    /// arrived where none was visible, or an instance that held messages holds none any more. Yields are merged; nobody
    /// waits for the reader.
    public func happenings() -> AsyncStream<QueueHappening> { fatalError() }

    /// For a clock that is moved by hand: everything that is due by now happens before this returns.
    public func timePassed() async { fatalError() }
}

public enum QueueHappening: Sendable, Hashable {
    /// A message became visible in a queue that had none visible.
    case arrived(queue: String)
    /// The instance held messages and now holds none.
    case becameIdle(instance: InstanceID)
}
