/// What an instance, or what is left of one, can be ordered to do.
public enum Order: String, Sendable, Equatable, Codable {
    case launch
    case prepare
    case pause
    case resume
    case drain
    case restore
    case terminate
    case remove

    /// For messages: `the drain`.
    var verb: String { "the \(self == .remove ? "removal" : self == .terminate ? "termination" : rawValue)" }
}

/// An order that is to be given, or given again, at a certain time.
public struct DueOrder: Sendable, Equatable, Codable {
    public var order: Order
    public var at: Instant
    public var why: ActionReason

    public init(_ order: Order, at: Instant, why: ActionReason) {
        self.order = order
        self.at = at
        self.why = why
    }
}

/// Why an action was planned.
public enum ActionReason: Sendable, Equatable, Codable {
    /// To reach this desired capacity.
    case capacity(desired: Int)
    /// More are there than this desired capacity.
    case surplus(desired: Int)
    /// It drained and holds no message (as far as the source can tell).
    case foundIdle
    /// It was chosen to end, but holds messages.
    case busy(Int)
    /// It was chosen to end, but desired capacity rose.
    case wantedAgain(desired: Int)
    case askedByOperator
    /// It did not come into service within its time.
    case launchTimedOut(after: Duration)
    /// It has ended, and something is left of it.
    case ended
    /// Weir was started again and does not know whether the order was carried out; asking twice does no harm.
    case restarted
    /// It is replaced, or goes for another reason than that fewer are desired.
    case departure(Departure)
    case standby
    /// To fill the warm pool.
    case warmPool
    case lifecycle(LifecycleTransition)
    /// Its termination hooks are completed.
    case hooksCompleted
    /// The order failed so many times.
    case retry(failures: Int)
    /// More are there than the group's fleet leaves to it.
    case beyondFleet(capacity: Int)

    /// For people.
    public var sentence: String {
        switch self {
        case .capacity(let desired): "to reach \(desired) desired"
        case .surplus(let desired): "more than \(desired) desired"
        case .foundIdle: "drained and idle"
        case .busy(let messages): "it holds \(counted(messages, "message"))"
        case .wantedAgain(let desired): "wanted again, \(desired) desired"
        case .askedByOperator: "asked by an operator"
        case .launchTimedOut(let after): "not in service within \(after.text)"
        case .ended: "it has ended"
        case .restarted: "ordered again after a restart"
        case .departure(let departure): departure.sentence
        case .standby: "asked to stand by, or to come back"
        case .warmPool: "for the warm pool"
        case .lifecycle(.launching): "before it comes into service"
        case .lifecycle(.terminating): "before it ends"
        case .hooksCompleted: "its termination hooks are completed"
        case .retry(let failures): "tried again after \(counted(failures, "failure"))"
        case .beyondFleet(let capacity): "more than the \(capacity) that the fleet has room for"
        }
    }
}

/// An ended instance of which something is left.
public struct Remains: Sendable, Equatable, Codable {
    public var instance: InstanceID
    /// When its removal is to be ordered; nil while the order's outcome is awaited.
    public var due: DueOrder?
    /// Removals that failed in a row.
    public var failures: Int

    public init(instance: InstanceID, due: DueOrder?, failures: Int = 0) {
        self.instance = instance
        self.due = due
        self.failures = failures
    }
}
