import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// What a group is rehearsed with: traces, or a load that is made up.
struct LoadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The load: CSV, CloudWatch's JSON, or the Standard Workload Format; - is the standard input. Several are simulated \
            one after the other.
            """, valueName: "FILE"))
    var trace: [String] = []

    @Option(
        help: """
            How long jobs take, for loads that do not say: 20s, or drawn, as exponential(20s), lognormal(20s,10s), \
            pareto(5s,1.5) or drawn(FILE).
            """, transform: SpanText.model)
    var serviceTime: SpanModel?

    @Option(
        help: ArgumentHelp(
            """
            A load that is made up, as 'poisson rate=2/s for=24h'. Several add up. Kinds: constant, poisson, diurnal, weekly, \
            profile, bursts, on-off.
            """, valueName: "LOAD"))
    var generate: [String] = []

    @Option(help: ArgumentHelp("Writes the load that is simulated, a line for each job, as CSV.", valueName: "FILE"))
    var writeTrace: String?

    @Option(
        help: ArgumentHelp(
            "Which metric of a CloudWatch document the arrivals are, by its id or its label.", valueName: "NAME"))
    var metric: String?

    @Option(help: "How long one datapoint of a CloudWatch document covers. Default: as its timestamps have it.")
    var period: TimeArgument?

    func validate() throws {
        if writeTrace != nil, trace.count + (generate.isEmpty ? 0 : 1) > 1 {
            throw ValidationError("--write-trace writes one load, and there are several")
        }
        if trace.count(where: { $0 == "-" }) > 1 { throw ValidationError("--trace - can be read only once") }
        for text in generate { try read(text) }
        if let period, period.time <= .zero { throw ValidationError("--period has to be longer than nothing") }
    }

    @discardableResult
    private func read(_ text: String) throws -> LoadPart {
        do {
            return try GeneratorText(text).part
        } catch let error as ValidationError {
            throw ValidationError("--generate '\(text)': \(error.message)")
        }
    }

    /// A load, and how the report names it.
    struct Load {
        var name: String
        /// How long instances take to start, where the load says so.
        var startup: SpanModel?
        var open: (_ seed: UInt64) throws(TraceFailure) -> any JobSource
    }

    /// In the order in which they are simulated.
    func loads() throws -> [Load] {
        var loads = trace.map { path in
            Load(name: path) { seed throws(TraceFailure) in try written(try open(path, seed)) }
        }
        if !generate.isEmpty {
            let parts = try generate.map(read)
            let name = generate.joined(separator: " + ")
            loads.append(
                Load(name: name) { seed throws(TraceFailure) in
                    try written(try GeneratedLoad(parts, service: serviceTime, seed: seed, name: name))
                })
        }
        return loads
    }

    /// What is read is written as well, where that was asked for.
    func written(_ jobs: any JobSource) throws(TraceFailure) -> any JobSource {
        guard let writeTrace else { return jobs }
        return try WrittenLoad(jobs, to: writeTrace)
    }

    private func open(_ path: String, _ seed: UInt64) throws(TraceFailure) -> any JobSource {
        let lines = try LineReader(path)
        switch try TraceForm.of(lines) {
        case .csv: return try CSVTrace(lines, service: serviceTime, seed: seed)
        case .swf: return try WorkloadTrace(lines)
        case .json:
            return try MetricTrace(
                CloudWatchJSON(try lines.rest(), path: lines.path).series, wanted: metric, period: period?.time,
                service: serviceTime, seed: seed, path: lines.path)
        }
    }
}
