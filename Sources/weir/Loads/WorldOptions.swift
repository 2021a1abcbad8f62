import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// The made-up world around the decisions: how launching, working and failing go there, what an instance costs, and the seed.
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

    @Option(help: "For how long a received message is hidden. It is there again then, when the attempt has failed.")
    var visibilityTimeout = TimeArgument(.seconds(30))

    @Option(help: "Share of attempts that fail, 0 to 1.")
    var failureRate = 0.0

    @Option(help: "Share of messages with which every attempt fails, 0 to 1.")
    var poisonRate = 0.0

    @Option(help: "Share of attempts in which the instance dies, 0 to 1.")
    var crashRate = 0.0

    @Option(help: "Share of launches that fail, 0 to 1.")
    var launchFailureRate = 0.0

    @Option(help: "A message that was received so often goes to the dead letters instead. Default: never.")
    var maxReceiveCount: Int?

    @Flag(
        help:
            "Workers do not protect themselves while they work, where weir cannot see it (sources other than embedded)."
    )
    var unprotected = false

    @Option(help: "What an instance costs in an hour; then the report tells what all of them cost.")
    var price: Double?

    @Option(help: "What is paid in full once it has begun: a second, or an hour.")
    var billing = Billing.Unit.second

    @Option(help: "Everything that chance decides follows from it.")
    var seed: UInt64 = 1

    func validate() throws {
        let shares = [
            ("--failure-rate", failureRate), ("--poison-rate", poisonRate), ("--crash-rate", crashRate),
            ("--launch-failure-rate", launchFailureRate),
        ]
        for (name, share) in shares where !(0...1).contains(share) {
            throw ValidationError("\(name) takes a share from 0 to 1, not \(share)")
        }
        // Nobody would ever be done.
        if poisonRate > 0 || failureRate == 1 || crashRate == 1, maxReceiveCount == nil {
            throw ValidationError(
                "messages with which every attempt fails would come back for ever: name --max-receive-count as well")
        }
        if launchFailureRate == 1 { throw ValidationError("when every launch fails nothing is ever done") }
        if let price, !(price >= 0) || !price.isFinite { throw ValidationError("--price takes an amount from 0") }
        if let maxReceiveCount, !(1...1000).contains(maxReceiveCount) {
            throw ValidationError("--max-receive-count takes a number from 1 to 1000")
        }
    }

    var model: SimulationModel {
        var model = SimulationModel()
        if let startupTime { model.startup = startupTime.model }
        model.warmStartup = warmStartupTime?.model
        model.hookCompletion = hookTime.time
        model.stop = stopTime.model
        model.failureRate = failureRate
        model.poisonRate = poisonRate
        model.crashRate = crashRate
        model.launchFailureRate = launchFailureRate
        model.visibilityTimeout = visibilityTimeout.time
        model.maxReceiveCount = maxReceiveCount
        model.workersProtectThemselves = !unprotected
        model.billing.hourlyPrice = price
        model.billing.unit = billing
        model.seed = seed
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

    var defaultValueDescription: String { time.text }
}
