import WeirCore

/// How the made-up world behaves around the real decisions: what launching, working and failing are like there.
public struct SimulationModel: Sendable, Equatable {
    /// From the launch of an instance until it is in service. Default: 10 s.
    public var startup: SpanModel = .constant(10)
    /// The same for one that was made before, for a stopped warm pool. Default: nil, as `startup`.
    public var warmStartup: SpanModel?
    /// From the order to stop until it has ended. Default: 1 s.
    public var stop: SpanModel = .constant(1)
    /// Share of attempts that fail: the message is not deleted, and is there again when its visibility timeout is over.
    /// Range: 0…1. Default: 0.
    public var failureRate = 0.0
    /// Share of messages with which every attempt fails. Range: 0…1. Default: 0.
    public var poisonRate = 0.0
    /// Share of attempts with which the instance dies. Range: 0…1. Default: 0.
    public var crashRate = 0.0
    /// Share of launches that fail. Range: 0…1. Default: 0.
    public var launchFailureRate = 0.0
    /// From the moment at which an instance runs until it hangs: then it receives nothing more, and what it has in hand is not done.
    /// Default: nil, never.
    public var unhealthyAfter: SpanModel?
    /// How instances are asked for their health; nil: nobody asks. How many failures count is for the policy to say.
    public var healthCheck: HealthChecks?
    /// What the source never tells. Default: nothing.
    public var untold: Set<BuiltInMetric> = []
    /// When the source does not tell what is so.
    public var sourceOutages: [Outage] = []
    /// When the launcher neither lists instances nor does what it is told.
    public var launcherOutages: [Outage] = []
    /// For how long a message that was received is hidden. A worker that needs longer prolongs it, so that nobody else
    /// receives what is being worked on. Default: 30 s, as of SQS.
    public var visibilityTimeout: Duration = .seconds(30)
    /// After so many receives a message goes to the dead letters; nil: never.
    public var maxReceiveCount: Int?
    /// A message that was not deleted by then is lost. Default: nil, never.
    public var retention: Duration?
    /// While so many messages are in flight nobody receives one. Default: nil, no limit.
    public var mostInFlight: Int?
    /// From the launch until a lifecycle hook is completed; nil: nobody completes it, and its timeout decides. Default: 1 s.
    public var hookCompletion: Duration? = .seconds(1)
    /// Where nobody sees who works on what (sources other than `embedded`), workers protect themselves from scale-in while
    /// they work. Default: true; without it scale-in ends busy instances, as on AWS.
    public var workersProtectThemselves = true
    /// A limit that the group is under and has to itself; groups that share one are simulated together, by `SimulatedWorld`. Default:
    /// nil, none.
    public var fleetLimit: FleetLimit?
    public var billing = Billing()
    /// Everything that chance decides follows from it.
    public var seed: UInt64 = 1

    public init() {}
}

/// How often instances in service are asked for their health, and how long they have to answer.
public struct HealthChecks: Sendable, Equatable {
    public var interval: Duration
    /// Below the interval.
    public var timeout: Duration

    public init(interval: Duration, timeout: Duration) {
        self.interval = interval
        self.timeout = timeout
    }
}

/// What instances cost.
public struct Billing: Sendable, Equatable {
    /// Of one instance for an hour; nil: no costs are told.
    public var hourlyPrice: Double?
    /// Begun ones are paid in full.
    public var unit: Unit = .second
    /// The shortest time that is paid. Default: none. (EC2 bills Linux instances by the second, at least 60 s.)
    public var least: Duration = .zero

    public enum Unit: String, Sendable, CaseIterable {
        case second
        case hour
    }

    public init() {}

    /// What is paid for an instance that was there for so long. Unit: nanoseconds.
    func paid(_ spanNs: Int64) -> Int64 {
        let unitNs: Int64 = unit == .second ? 1_000_000_000 : 3_600_000_000_000
        let span = max(spanNs, least.wholeMilliseconds * 1_000_000)
        return (span + unitNs - 1) / unitNs * unitNs
    }
}
