/// Names one instance for all its life, and is the token that makes its launch idempotent.
///
/// - Form: `i-` and 17 lower-case hexadecimal digits, as an EC2 instance id.
public struct InstanceID: Hashable, Sendable, CustomStringConvertible {
    /// One text has one form. Ids are compared and copied all the time, and numbers cost next to nothing.
    @usableFromInline
    enum Form: Hashable, Sendable {
        /// The digits of the usual form as numbers: the first, and the sixteen that follow.
        case digits(UInt8, UInt64)
        case other(String)

        @inlinable
        static func == (left: Form, right: Form) -> Bool {
            switch (left, right) {
            case (.digits(let first, let rest), .digits(let otherFirst, let otherRest)):
                rest == otherRest && first == otherFirst
            case (.other(let text), .other(let otherText)): text == otherText
            case (.digits, .other), (.other, .digits): false
            }
        }
    }

    @usableFromInline
    let form: Form

    @inlinable
    public static func == (left: InstanceID, right: InstanceID) -> Bool { left.form == right.form }

    public init(_ text: String) {
        form = Self.digits(text) ?? .other(text)
    }

    /// `i-0` and sixteen digits.
    init(_ number: UInt64) {
        form = .digits(0, number)
    }

    public var text: String {
        switch form {
        case .digits(let first, let rest):
            let digits = String(rest, radix: 16)
            return "i-" + String(first, radix: 16) + String(repeating: "0", count: 16 - digits.utf8.count) + digits
        case .other(let text): return text
        }
    }

    public var description: String { text }

    /// The digits of the usual form: the first, and the sixteen that follow. Nil: it has another form.
    package var digits: (first: UInt8, rest: UInt64)? {
        switch form {
        case .digits(let first, let rest): (first, rest)
        case .other: nil
        }
    }

    private static func digits(_ text: String) -> Form? {
        guard text.utf8.count == 19, text.hasPrefix("i-") else { return nil }
        var first: UInt8?
        var rest: UInt64 = 0
        for byte in text.utf8.dropFirst(2) {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if first == nil { first = digit } else { rest = rest << 4 | UInt64(digit) }
        }
        return first.map { .digits($0, rest) }
    }
}

/// In the order of their texts, which is also that of the numbers.
extension InstanceID: Comparable {
    public static func < (left: InstanceID, right: InstanceID) -> Bool {
        guard case .digits(let first, let rest) = left.form, case .digits(let otherFirst, let otherRest) = right.form
        else { return left.text < right.text }
        return first == otherFirst ? rest < otherRest : first < otherFirst
    }
}

/// Travels as its plain text.
extension InstanceID: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Where an instance is in its life. Raw values are those of the Auto Scaling API.
public enum LifecycleState: String, Sendable, Codable, CaseIterable {
    /// Its launch was decided; it is not running yet, as far as we know.
    case pending = "Pending"
    /// It runs, and launch hooks are not completed yet.
    case pendingWait = "Pending:Wait"
    /// It runs and takes messages.
    case inService = "InService"
    /// It is to stand by: it receives no more messages, and finishes those that it holds.
    case enteringStandby = "EnteringStandby"
    /// It runs, but takes no messages, does not count and is not ended.
    case standby = "Standby"
    /// It was chosen to end and receives no more messages; it can still come back. (On AWS an instance is deregistered from
    /// its load balancer in this state.)
    case draining = "Terminating"
    /// It is idle and about to end; termination hooks are not completed yet.
    case terminatingWait = "Terminating:Wait"
    /// It was told to stop. There is no way back.
    case terminating = "Terminating:Proceed"
    /// It is being prepared for the warm pool.
    case warmedPending = "Warmed:Pending"
    /// In the warm pool: made, but not started.
    case warmedStopped = "Warmed:Stopped"
    /// In the warm pool: started, then paused, with all that it has in memory.
    case warmedHibernated = "Warmed:Hibernated"
}

/// One instance of a group, as the group remembers it. An instance that has ended is not remembered.
public struct Instance: Sendable, Equatable, Codable {
    public let id: InstanceID
    public var lifecycleState: LifecycleState
    /// When its launch was decided.
    public internal(set) var launchedAt: Instant
    /// When it was first seen running. Nil until then.
    public var runningSince: Instant?
    /// When it came into service; its warmup and its health check grace period count from here. Nil until then.
    public var inServiceAt: Instant?
    /// When it entered the present lifecycle state.
    public var stateSince: Instant
    /// It, or an operator for it, asked not to be chosen for scale-in; or the group's instances start so.
    public var protectedFromScaleIn: Bool
    /// Messages that it holds, as last seen; 0 where the source cannot tell.
    public var heldMessages: Int
    /// An order that is to be given, or given again.
    @Boxed public var dueOrder: DueOrder?
    /// Orders that failed in a row.
    public var failedOrders: Int = 0
    /// Drains that were ordered and whose outcome is not known yet.
    public var drainsAwaited: Int = 0
    /// Its launch failed, as far as the launcher said. The next listing tells whether it is there all the same.
    public var launchFailed: Bool = false
    /// It is draining, and was found to hold nothing after the last drain took effect.
    public var foundIdle: Bool = false
    /// What it was launched from; nil when that is not known.
    @Boxed public var template: LaunchTemplate?
    /// Where it runs, if the launcher has more than one place.
    public var zone: String?
    /// The hooks that it waits for, in Pending:Wait or Terminating:Wait.
    public var hooks: [HookWait] = []
    /// Why it is unhealthy; nil while it is healthy.
    @Boxed public var unhealthy: Unhealthiness?
    /// Health checks that failed in a row.
    public var failedHealthChecks: Int = 0
    /// Why it is on its way out; nil while it is not.
    public var departure: Departure?
    /// It was paused for the warm pool, and no order to resume it has succeeded since.
    public var isPaused: Bool = false
    /// It was taken out of the warm pool for work; nil when it was launched for it.
    public var cameFromPool: Bool?

    public init(
        id: InstanceID, lifecycleState: LifecycleState, launchedAt: Instant, inServiceAt: Instant? = nil,
        stateSince: Instant, protectedFromScaleIn: Bool = false, heldMessages: Int = 0
    ) {
        self.id = id
        self.lifecycleState = lifecycleState
        self.launchedAt = launchedAt
        self.runningSince = inServiceAt
        self.inServiceAt = inServiceAt
        self.stateSince = stateSince
        self.protectedFromScaleIn = protectedFromScaleIn
        self.heldMessages = heldMessages
    }
}
