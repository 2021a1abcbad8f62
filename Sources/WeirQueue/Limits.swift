import WeirCore

/// The largest and smallest of everything a queue accepts. Rules and messages read them here; none repeats a number.
///
/// Source: SQS API (CreateQueue, SendMessage, ReceiveMessage), Amazon SQS message quotas.
public struct QueueLimits: Sendable, Equatable {
    /// DelaySeconds, of a queue and of a message.
    public var delay: ClosedRange<Duration> = .zero ... .seconds(900)
    /// MaximumMessageSize. Unit: bytes.
    public var messageSizeBytes: ClosedRange<Int> = 1024...1_048_576
    /// MessageRetentionPeriod.
    public var retention: ClosedRange<Duration> = .seconds(60) ... .seconds(1_209_600)
    /// ReceiveMessageWaitTimeSeconds and WaitTimeSeconds.
    public var receiveWait: ClosedRange<Duration> = .zero ... .seconds(20)
    /// VisibilityTimeout; its end is also the longest that one receive may hold a message, extensions included.
    public var visibilityTimeout: ClosedRange<Duration> = .zero ... .seconds(43_200)
    /// maxReceiveCount of a redrive policy.
    public var maxReceiveCount: ClosedRange<Int> = 1...1000
    /// MaxNumberOfMessages of one receive.
    public var messagesPerReceive: ClosedRange<Int> = 1...10
    /// Messages of one queue that may be in flight at once.
    public var inFlightMessages = 120_000

    public init() {}

    /// As AWS has them.
    public static let strict = QueueLimits()

    /// For work that outgrows AWS: longer visibility and waits, shorter retention, more in flight.
    public static let relaxed: QueueLimits = {
        var limits = QueueLimits()
        limits.delay = .zero ... .seconds(1_209_600)
        limits.retention = .seconds(1) ... .seconds(31_536_000)
        limits.receiveWait = .zero ... .seconds(300)
        limits.visibilityTimeout = .zero ... .seconds(1_209_600)
        limits.inFlightMessages = 1_000_000
        return limits
    }()

    // MARK: The same for everyone

    /// Characters of a queue's name, `.fifo` counted in.
    public static let queueNameCharacters = 1...80
    /// Attributes of one message.
    public static let attributesPerMessage = 0...10
    /// Characters of a message attribute's name.
    public static let attributeNameCharacters = 1...256
    /// Characters of a message attribute's data type, label included.
    public static let attributeTypeCharacters = 1...256
    /// Significant digits of a Number attribute, and the powers of ten it may reach.
    public static let numberDigits = 38
    public static let numberExponents = -128...126
    /// Entries of one batch call, and characters of an entry's id.
    public static let batchEntries = 1...10
    public static let batchEntryIDCharacters = 1...80
    /// All bodies and attributes of one SendMessageBatch together. Unit: bytes.
    public static let batchSizeBytes = 1_048_576
    /// MaxResults of ListQueues.
    public static let queuesPerPage = 1...1000
    /// Bytes of the system attribute AWSTraceHeader. AWS documents none; a header of X-Ray has about 100.
    public static let traceHeaderBytes = 1...1024
    /// Tags of one queue, and of one call. AWS advises against more.
    public static let tagsPerQueue = 0...50
    /// Characters of a tag's key and of its value.
    public static let tagKeyCharacters = 1...128
    public static let tagValueCharacters = 0...256
    /// Characters of a message's group id.
    public static let groupIDCharacters = 1...128
    /// How long the name of a deleted queue rests before it may be used again.
    public static let deletedNameRest: Duration = .seconds(60)
    /// The shortest time between two purges of one queue.
    public static let purgeInterval: Duration = .seconds(60)
}

/// How much the engine does in one go, so that nobody waits long for somebody else's work.
enum EngineLimits {
    /// So many different waits between two looks are counted to the millisecond.
    static let finestWaits = 256
    /// Operations that share one commit.
    static let operationsPerCommit = 4096
    /// Rows deleted in one transaction in the background (retention, purge, deleted queues). About 3 ms of work.
    static let rowsPerSweep = 1000
    /// Messages that one receive may set aside (expired, moved to a dead-letter queue) before it answers.
    static let skipsPerReceive = 1000
    /// After the store failed, background work rests this long. Work that callers ask for is tried at once.
    static let restAfterFailure: Duration = .seconds(1)
    /// What happens in a queue is counted for so long after somebody has asked for it.
    static let watchMemory: Duration = .seconds(600)
    /// The longest sleep while something is due later: a wall clock that jumped ahead is noticed within this time.
    static let longestSleep: Duration = .seconds(60)
    /// Message numbers taken from the store at a time, so that none is ever used twice and few writes are spent on it.
    static let numbersPerReservation: Int64 = 1_000_000
    /// Entries that the timer heap may hold, live and stale, before stale ones are looked for.
    static let timersBeforeCompaction = 1024
    /// For how long an instance that ended is given nothing. The API believes for a second that an instance is alive
    /// (`APILimits.instanceMemoryMilliseconds`), and hands its request over well within the rest.
    static let endedInstanceMemory: Duration = .seconds(10)
    /// Ended instances remembered at once; beyond it the oldest are forgotten early.
    static let endedInstances = 10_000
    /// SQLite's page. Unit: bytes.
    static let pageBytes: Int64 = 4096
    /// How far the log may grow before it is folded into the database. Unit: pages.
    static let checkpointPages: Int64 = 4000
    static let checkpointBytes = checkpointPages * pageBytes
    /// What messages leave free on the disk: for the log, for folding it into the database, and as much again for
    /// whatever else writes there. About 47 MiB.
    static let diskReserveBytes = 3 * checkpointBytes
    /// How often the free space is looked at: after this time, or after this many bytes.
    static let diskLookInterval: Duration = .milliseconds(250)
    static let diskLookBytes: Int64 = 4 * 1_048_576
}
