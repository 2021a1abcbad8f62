import ArgumentParser
import FoundationEssentials
import Glibc
import WeirCore
import WeirPolicy
import WeirSimulator

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replays a recorded load against a policy, on made-up time, and tells what came of it.",
        discussion: """
            The group is decided about by the very code that runs it; instances and jobs are made up. A trace is a CSV file with \
            a line for each job (submit_s,service_s) or for each interval (timestamp,arrivals), what CloudWatch's \
            get-metric-data or get-metric-statistics prints, or a log in the Standard Workload Format.

            Example:
              weir simulate policies/thumbnails.yaml --trace yesterday.csv --startup-time 30s --price 0.04
            """)

    @Argument(help: ArgumentHelp("The policy file of one group.", valueName: "PATH"))
    var path: String

    @OptionGroup var load: LoadOptions

    @OptionGroup var recorded: SimulationRecords

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

    @OptionGroup var plots: PlotOptions

    @OptionGroup var format: FormatOption

    func validate() throws {
        if load.trace.isEmpty, load.generate.isEmpty, recorded.fromRecords == nil {
            throw ValidationError(
                "name the load: --trace FILE, --generate 'poisson rate=2/s for=24h', or --from-records RECORDS")
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
        for feature in NotSimulated.features(of: file) { Terminal.error("weir: warning: \(path): \(feature)") }
        var loads = try load.loads()
        if recorded.fromRecords != nil { loads.append(try recordedLoad(of: file.group.name)) }
        if plots.isWanted || recorded.records != nil, loads.count > 1 {
            throw Failure.mistake(
                "a picture is of one load, and so are records, and there are \(loads.count): simulate them one by one")
        }
        for (number, load) in loads.enumerated() { try simulate(file.group, load, isFirst: number == 0) }
    }

    private func simulate(_ group: GroupPolicy, _ load: LoadOptions.Load, isFirst: Bool) throws {
        let files = try plots.open()
        let began = ContinuousClock.now
        var model = model
        if let startup = load.startup { model.startup = startup }
        let jobs: any JobSource
        do throws(TraceFailure) {
            jobs = try load.open(seed)
        } catch {
            throw Failure.mistake("\(error)")
        }
        let origin = Instant(milliseconds: jobs.beginsAt ?? GeneratedLoad.monday)
        var simulation = Simulation(
            group, model, jobs, beginsAt: origin, timeline: plots.isWanted ? Timeline(of: group) : nil)
        let writer = try recorded.records.map { try RecordWriter($0) }
        simulation.onRecord = writer.map { writer in { writer.write($0) } }
        let watch = SimulationWatch()
        simulation.goesOn = watch.goesOn
        do throws(TraceFailure) {
            defer { watch.clear() }
            try simulation.run()
        } catch {
            throw Failure.mistake("\(error)")
        }
        try writer?.end()
        let report = simulation.report(trace: load.name)
        let took = ContinuousClock.now - began
        for remark in jobs.remarks { Terminal.error("weir: note: \(load.name): \(remark)") }
        if let timeline = simulation.timeline {
            try files.write(
                SimulationFigure(
                    timeline: timeline, report: report, waits: simulation.waits, concurrency: group.concurrency,
                    policyPath: path, origin: origin, knowsCalendar: jobs.beginsAt != nil),
                facts: SimulationText.rows(report, model))
        }
        switch format.format {
        case .text: Terminal.out((isFirst ? "" : "\n") + SimulationText.text(report, model))
        case .json: Terminal.out(try json(SimulationJSON(report, wall: took)))
        }
        if report.wasInterrupted { throw ExitCode(128 + SIGINT) }
    }

    /// What was recorded; and what it says of jobs and instances, where nothing else was said.
    private func recordedLoad(of group: String) throws(Failure) -> LoadOptions.Load {
        let recording = try recorded.load(of: group)
        guard let service = load.serviceTime ?? recording.meanService.map({ .constant($0) }) else {
            throw .mistake(
                "the records do not say how long a job takes, as the source does not count what is completed: "
                    + "name it with --service-time, such as 20s")
        }
        if case .constant(let seconds) = service, !(seconds > 0) {
            throw .mistake("by the records a job takes no time: name it with --service-time, such as 20s")
        }
        let startup = startupTime == nil ? recording.meanStartup.map { SpanModel.constant($0) } : nil
        recorded.tell(recording, service, startup ?? model.startup)
        return LoadOptions.Load(name: recorded.fromRecords ?? "", startup: startup) { seed throws(TraceFailure) in
            try load.written(recording.jobs(service, seed: seed))
        }
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
