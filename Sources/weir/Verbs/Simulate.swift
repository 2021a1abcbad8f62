import ArgumentParser
import FoundationEssentials
import WeirCore
import WeirPolicy
import WeirSimulator

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replays a recorded load against a policy, on made-up time, and tells what came of it.",
        discussion: """
            The group is decided about by the very code that runs it; instances and jobs are made up. A trace is a CSV file with \
            a line for each job (submit_s,service_s) or for each interval (timestamp,arrivals).

            Example:
              weir simulate policies/thumbnails.yaml --trace yesterday.csv --startup-time 30s --price 0.04
            """)

    @Argument(help: ArgumentHelp("The policy file of one group.", valueName: "PATH"))
    var path: String

    @Option(help: ArgumentHelp("The load: a CSV file.", valueName: "FILE"))
    var trace: String?

    @OptionGroup var recorded: SimulationRecords

    @Option(
        help: """
            From the launch of an instance until it is in service: 60s, or drawn, as exponential(60s). Default: what the records \
            say, else 10s.
            """)
    var startupTime: SpanArgument?

    @Option(
        help: "How long jobs take, for traces that do not say: 20s, or drawn, as lognormal(20s,10s) or pareto(5s,1.5).")
    var serviceTime: SpanArgument?

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

    @OptionGroup var format: FormatOption

    func validate() throws {
        if (trace == nil) == (recorded.fromRecords == nil) {
            throw ValidationError("name the load: either --trace FILE or --from-records RECORDS")
        }
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

    func run() throws {
        let read = try PolicyLoading.read([path])
        guard let file = read.files.first, read.files.count == 1 else {
            throw Failure.mistake("\(path) has \(read.files.count) groups; one is simulated at a time: name its file")
        }
        let began = ContinuousClock.now
        var model = model
        let jobs = try load(file.group, &model)
        let simulation = Simulation(
            file.group, model, jobs, beginsAt: Instant(milliseconds: jobs.beginsAt ?? Self.someMonday))
        let writer = try recorded.records.map { try RecordWriter($0) }
        simulation.onRecord = writer.map { writer in { writer.write($0) } }
        do throws(TraceFailure) {
            try simulation.run()
        } catch {
            throw Failure.mistake("\(error)")
        }
        try writer?.end()
        let took = ContinuousClock.now - began
        let report = simulation.report(trace: trace ?? recorded.fromRecords ?? "")
        switch format.format {
        case .text: Terminal.out(SimulationText.text(report, model))
        case .json: Terminal.out(try json(SimulationJSON(report, wall: took)))
        }
    }

    /// The jobs; and what their records say of instances, where nothing else was said.
    private func load(_ policy: GroupPolicy, _ model: inout SimulationModel) throws(Failure) -> any JobSource {
        if let trace {
            do throws(TraceFailure) {
                return try CSVTrace(trace, service: serviceTime?.model, seed: seed)
            } catch {
                throw .mistake("\(error)")
            }
        }
        let load = try recorded.load(of: policy.name)
        if startupTime == nil, let startup = load.meanStartup { model.startup = .constant(startup) }
        guard let service = serviceTime?.model ?? load.meanService.map({ .constant($0) }) else {
            throw .mistake(
                "the records do not say how long a job takes, as the source does not count what is completed: "
                    + "name it with --service-time, such as 20s")
        }
        if case .constant(let seconds) = service, !(seconds > 0) {
            throw .mistake("by the records a job takes no time: name it with --service-time, such as 20s")
        }
        recorded.tell(load, service, model.startup)
        return load.jobs(service, seed: seed)
    }

    /// 2026-01-05T00:00:00Z, where a trace of jobs that knows no calendar begins.
    private static let someMonday: Int64 = 1_767_571_200_000

    private var model: SimulationModel {
        var model = SimulationModel()
        if let startupTime { model.startup = startupTime.model }
        model.stop = stopTime.model
        model.service = serviceTime?.model
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

/// `60s`, `exponential(60s)`, `lognormal(60s,20s)`, `pareto(5s,1.5)`.
struct SpanArgument: ExpressibleByArgument {
    let model: SpanModel

    init(_ model: SpanModel) {
        self.model = model
    }

    init?(argument: String) {
        func seconds(_ text: Substring) -> Double? { Quantity.time(String(text))?.inSeconds }
        if let constant = seconds(argument[...]) {
            model = .constant(constant)
            return
        }
        guard argument.last == ")", let open = argument.firstIndex(of: "(") else { return nil }
        let name = argument[..<open]
        let parts = argument[argument.index(after: open)...].dropLast().split(
            separator: ",", omittingEmptySubsequences: false
        ).map { $0.drop { $0 == " " } }
        switch (name, parts.count) {
        case ("exponential", 1):
            guard let mean = seconds(parts[0]) else { return nil }
            model = .exponential(mean: mean)
        case ("lognormal", 2):
            guard let mean = seconds(parts[0]), let deviation = seconds(parts[1]) else { return nil }
            model = .lognormal(mean: mean, deviation: deviation)
        case ("pareto", 2):
            guard let smallest = seconds(parts[0]), let shape = Double(parts[1]), shape > 1 else { return nil }
            model = .pareto(smallest: smallest, shape: shape)
        default: return nil
        }
    }

    var defaultValueDescription: String {
        if case .constant(let seconds) = model { return Duration.milliseconds(Int64(seconds * 1000)).text }
        return "\(model)"
    }
}
