import ArgumentParser
import WeirBackends
import WeirCore
import WeirPolicy
import WeirSimulator

/// What the made-up world around a group is like.
struct WorldOptions: ParsableArguments {
    @Option(
        help: """
            From the launch of an instance until it is in service: 60s, or drawn, as exponential(60s). Default: what the records \
            say, else 10s.
            """)
    var startupTime: SpanArgument?

    @Option(help: "The same for one from a stopped warm pool. Default: as --startup-time.")
    var warmStartupTime: SpanArgument?

    @Option(help: "How long lifecycle hooks take to be completed.")
    var hookTime = TimeArgument(.seconds(1))

    @Option(help: "From the order to stop until an instance has ended.")
    var stopTime = SpanArgument(.constant(1))

    @Option(
        help: """
            For how long a received message is hidden. It is there again then, when the attempt has failed. Default: what the \
            policy file says, else 30s.
            """)
    var visibilityTimeout: TimeArgument?

    @Option(help: "Share of attempts that fail, 0 to 1.")
    var failureRate = 0.0

    @Option(help: "Share of messages with which every attempt fails, 0 to 1.")
    var poisonRate = 0.0

    @Option(help: "Share of attempts in which the instance dies, 0 to 1.")
    var crashRate = 0.0

    @Option(help: "Share of launches that fail, 0 to 1.")
    var launchFailureRate = 0.0

    @Option(
        help: """
            A message that was received so often goes to the dead letters instead. Default: what the policy file says, else \
            never.
            """)
    var maxReceiveCount: Int?

    @Option(
        help: """
            A message of this age is deleted. Default: what the policy file says; 4d for an embedded queue, else never.
            """)
    var retention: TimeArgument?

    @Option(
        help: """
            From the begin of an instance until it hangs, and works no more: 12h, or drawn, as exponential(12h). Default: \
            never.
            """)
    var unhealthyAfter: SpanArgument?

    @Option(
        help: ArgumentHelp(
            """
            When the source fails: 2h..2h30m after the beginning, or 'every=exponential(6h) for=5m'; with says=zero or says=stale \
            it answers, but not what is so. Can be given several times.
            """, valueName: "TIMES"), transform: { try OutageText($0, saysWhat: true).outage })
    var sourceOutage: [Outage] = []

    @Option(
        help: ArgumentHelp(
            "When the launcher fails, in the same form: it neither lists instances nor does what it is told.",
            valueName: "TIMES"), transform: { try OutageText($0, saysWhat: false).outage })
    var launcherOutage: [Outage] = []

    @Flag(
        help:
            "Workers do not protect themselves while they work, where weir cannot see it (sources other than embedded)."
    )
    var unprotected = false

    @Option(help: "What an instance costs in an hour; then the report tells what all of them cost.")
    var price: Double?

    @Option(help: "What is paid in full once it has begun: a second, or an hour.")
    var billing = Billing.Unit.second

    func validate() throws {
        try TimeArgument.check([
            ("--hook-time", hookTime), ("--visibility-timeout", visibilityTimeout), ("--retention", retention),
        ])
        let shares = [
            ("--failure-rate", failureRate), ("--poison-rate", poisonRate), ("--crash-rate", crashRate),
            ("--launch-failure-rate", launchFailureRate),
        ]
        for (name, share) in shares where !(0...1).contains(share) {
            throw ValidationError("\(name) takes a share from 0 to 1, not \(share)")
        }
        if launchFailureRate == 1 { throw ValidationError("when every launch fails nothing is ever done") }
        if let price, !(0...Self.highestPrice).contains(price) {
            throw ValidationError("--price takes an amount from 0 to a thousand million")
        }
        if billing != .second, price == nil {
            throw ValidationError("--billing says how a price is paid: name it with --price, such as 0.04")
        }
        if let maxReceiveCount, !(1...1000).contains(maxReceiveCount) {
            throw ValidationError("--max-receive-count takes a number from 1 to 1000")
        }
        if let retention, retention.time < .seconds(1) {
            throw ValidationError("--retention takes a time from 1s, such as 4d")
        }
        if let unhealthyAfter, !(unhealthyAfter.model.mean >= 1) {
            throw ValidationError("--unhealthy-after takes a time from 1s, such as exponential(12h)")
        }
    }

    private static let highestPrice = 1e9

    /// What was named, and changes nothing about a group.
    func tell(of file: PolicyFile) {
        let name = file.group.name
        if unprotected, file.group.workIsSeen {
            Terminal.error(
                "weir: note: --unprotected changes nothing about '\(name)': its queue is embedded, so weir sees who is at "
                    + "work")
        }
        if warmStartupTime != nil, file.group.warmPool?.state != .stopped {
            Terminal.error(
                "weir: note: --warm-startup-time changes nothing about '\(name)': it has no stopped warm pool")
        }
    }

    /// The world of one group: what its policy file says of its queue and its health checks, and what the flags say.
    func model(of file: PolicyFile, seed: UInt64) throws(Failure) -> SimulationModel {
        var model = model
        model.seed = seed
        if let queue = StatedQueue(of: file.source) {
            model.visibilityTimeout = queue.visibilityTimeout
            model.retention = queue.retention
            model.maxReceiveCount = queue.maxReceiveCount
            model.mostInFlight = queue.mostInFlight
        }
        if let visibilityTimeout { model.visibilityTimeout = visibilityTimeout.time }
        if let retention { model.retention = retention.time }
        if let maxReceiveCount { model.maxReceiveCount = maxReceiveCount }
        model.untold = Registry.untold(by: file.source)
        model.healthCheck = file.healthProbe.map { HealthChecks(interval: $0.interval, timeout: $0.timeout) }
        // Nobody would ever be done.
        if poisonRate > 0 || failureRate == 1 || crashRate == 1, model.maxReceiveCount == nil {
            throw .mistake(
                "messages with which every attempt fails would come back for ever: name --max-receive-count as well")
        }
        return model
    }

    private var model: SimulationModel {
        var model = SimulationModel()
        if let startupTime { model.startup = startupTime.model }
        model.warmStartup = warmStartupTime?.model
        model.hookCompletion = hookTime.time
        model.stop = stopTime.model
        model.failureRate = failureRate
        model.poisonRate = poisonRate
        model.crashRate = crashRate
        model.launchFailureRate = launchFailureRate
        model.unhealthyAfter = unhealthyAfter?.model
        model.sourceOutages = sourceOutage
        model.launcherOutages = launcherOutage
        model.workersProtectThemselves = !unprotected
        model.billing.hourlyPrice = price
        model.billing.unit = billing
        return model
    }
}

extension Billing.Unit: ExpressibleByArgument {}

/// `60s`, `1h30m`.
struct TimeArgument: ExpressibleByArgument {
    let time: Duration

    init(_ time: Duration) {
        self.time = time
    }

    init?(argument: String) {
        guard let time = Quantity.time(argument) else { return nil }
        self.time = time
    }

    /// Nobody rehearses more: ten years.
    static let longest = Duration.seconds(3653 * 86_400)

    /// - Throws: `ValidationError`, for one that is longer.
    static func check(_ times: [(option: String, time: TimeArgument?)]) throws {
        for (option, argument) in times {
            guard let time = argument?.time, time > longest else { continue }
            throw ValidationError("\(option) takes a time of at most ten years, not \(Quantity.text(time))")
        }
    }

    var defaultValueDescription: String { time.text }
}
