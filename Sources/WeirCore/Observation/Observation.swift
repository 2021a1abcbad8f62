/// Everything that was seen on one tick, and everything that could not be seen.
///
/// There is no other way into a decision: queue depths, the fleet, the outcome of earlier actions and what an operator
/// or a worker asks for all arrive here. A thing that failed is also something we saw.
public struct Observation: Sendable, Equatable, Codable {
    /// What the queue source said; nil when it was not asked on this tick (which is different from *missing*).
    public var measurement: Measurement?
    /// What the launcher said is there; nil when it was not asked on this tick.
    public var listing: Listing?
    /// How many messages each instance holds, for every instance that holds any; nil when the source cannot tell who
    /// holds what, and only protection that the worker asked for keeps an instance.
    public var held: [HeldMessages]?
    /// How the actions of earlier plans ended, in the order in which they did.
    public var outcomes: [ActionOutcome]
    /// What was asked of the group since the last tick, in the order in which it was.
    public var requests: [Request]
    /// This is the first tick of this process: outcomes of earlier orders will not come any more, and nothing that an
    /// earlier process had under way can be relied on. What was ordered is ordered again.
    public var restarted: Bool
    /// Health checks that were made since the last tick, in their order.
    public var health: [HealthReport] = []
    /// What the limit of the group's fleet leaves to it at this moment; nil when there is no limit.
    @Boxed public var ceiling: FleetCeiling?

    public init(
        measurement: Measurement? = nil, listing: Listing? = nil, held: [HeldMessages]? = nil,
        outcomes: [ActionOutcome] = [], requests: [Request] = [], restarted: Bool = false
    ) {
        self.restarted = restarted
        self.measurement = measurement
        self.listing = listing
        self.held = held
        self.outcomes = outcomes
        self.requests = requests
    }
}

/// One answer of a queue source. Each figure is a value or missing on its own.
public struct Measurement: Sendable, Equatable, Codable {
    /// Messages ready to be received.
    public var visible: Reading
    /// Messages received and not yet deleted.
    public var inFlight: Reading
    /// Messages not yet due.
    public var delayed: Reading
    /// Age of the oldest visible message, in seconds.
    public var oldestAge: Reading
    /// Messages sent per second since the last measurement.
    public var arrivalRate: Reading
    /// Messages deleted per second since the last measurement.
    public var completionRate: Reading
    /// The moment that the source says its figures are of; nil when it says none, and they are of the moment of asking.
    public var asOf: Instant?
    /// What happened since the last measurement, where the source hands out the messages itself; nil where it only counts.
    @Boxed public var traffic: Traffic?

    @inlinable
    public init(
        visible: Reading, inFlight: Reading, delayed: Reading, oldestAge: Reading,
        arrivalRate: Reading = .missing(.notTold), completionRate: Reading = .missing(.notTold),
        asOf: Instant? = nil
    ) {
        self.asOf = asOf
        self.visible = visible
        self.inFlight = inFlight
        self.delayed = delayed
        self.oldestAge = oldestAge
        self.arrivalRate = arrivalRate
        self.completionRate = completionRate
    }

    /// The answer of a source that gave none.
    public static func missing(_ reason: MissingReason) -> Measurement {
        let reading = Reading.missing(reason)
        return Measurement(
            visible: reading, inFlight: reading, delayed: reading, oldestAge: reading,
            arrivalRate: reading, completionRate: reading)
    }
}

/// One figure, or that it is not known. Missing never becomes zero.
public enum Reading: Sendable, Equatable, Codable {
    case value(Double)
    /// A value that the source could only estimate.
    case estimate(Double)
    case missing(MissingReason)

    /// The number, exact or estimated; nil when missing.
    @inline(__always)
    public var number: Double? {
        switch self {
        case .value(let value), .estimate(let value): value
        case .missing: nil
        }
    }
}

/// Why a figure is missing.
public enum MissingReason: Sendable, Equatable, Codable {
    /// The source has no such figure.
    case notTold
    /// The source could not be asked or gave no usable answer; the sentence says what happened, without secrets.
    indirect case sourceFailed(String)
    /// An operand of an expression was missing, or it divided by zero.
    case notComputable
    /// The source told something that is not believed; the sentence says what was read.
    indirect case notBelieved(String)
}

/// What a launcher said is there, or why it could not say.
public enum Listing: Sendable, Equatable, Codable {
    case instances([ListedInstance])
    case failed(String)
    /// It could not say, and has not been able to since this process began: there may be others than those remembered.
    case neverSucceeded(String)
}

/// One instance as its launcher sees it.
public struct ListedInstance: Sendable, Equatable, Codable {
    public var id: InstanceID
    public var phase: Phase
    /// What the launcher itself knows of its health; nil when it does not check.
    public var health: HealthCheckResult?
    /// Which version of the launch template it was made from; nil when the launcher does not know.
    public var templateVersion: Int?

    @inlinable
    public init(
        id: InstanceID, phase: Phase, health: HealthCheckResult? = nil, templateVersion: Int? = nil
    ) {
        self.id = id
        self.phase = phase
        self.health = health
        self.templateVersion = templateVersion
    }

    public enum Phase: Sendable, Equatable, Codable {
        /// Created, not running yet.
        case starting
        case running
        /// Started, and paused.
        case paused
        /// Has ended, and what is left of it can be removed.
        case exited(Exit)
    }
}

/// How an instance ended.
public struct Exit: Sendable, Equatable, Codable {
    /// The exit code, as a shell would report it (128 + signal); nil when nobody saw it.
    public var code: Int?
    /// The kernel ended it for want of memory.
    public var outOfMemory: Bool
    /// The last lines that it printed, oldest first.
    public var logTail: [String]

    @inlinable
    public init(code: Int?, outOfMemory: Bool = false, logTail: [String] = []) {
        self.code = code
        self.outOfMemory = outOfMemory
        self.logTail = logTail
    }
}

/// How many messages one instance holds.
public struct HeldMessages: Sendable, Equatable, Codable {
    public var instance: InstanceID
    public var messages: Int

    public init(instance: InstanceID, messages: Int) {
        self.instance = instance
        self.messages = messages
    }
}
