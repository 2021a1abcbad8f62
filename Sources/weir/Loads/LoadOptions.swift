import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// What a group is rehearsed with: traces.
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
            How long jobs take, for loads that do not say: 20s, or drawn, as exponential(20s), lognormal(20s,10s) or \
            pareto(5s,1.5).
            """)
    var serviceTime: SpanArgument?

    @Option(
        help: ArgumentHelp(
            "Which metric of a CloudWatch document the arrivals are, by its id or its label.", valueName: "NAME"))
    var metric: String?

    @Option(help: "How long one datapoint of a CloudWatch document covers. Default: as its timestamps have it.")
    var period: TimeArgument?

    func validate() throws {
        if trace.isEmpty { throw ValidationError("name the load: --trace FILE") }
        if trace.count(where: { $0 == "-" }) > 1 { throw ValidationError("--trace - can be read only once") }
        if let period, period.time <= .zero { throw ValidationError("--period has to be longer than nothing") }
    }

    /// A load, and how the report names it.
    struct Load {
        var name: String
        var open: (_ seed: UInt64) throws(TraceFailure) -> any JobSource
    }

    /// In the order in which they are simulated.
    var loads: [Load] {
        trace.map { path in
            Load(name: path) { seed throws(TraceFailure) in try open(path, seed) }
        }
    }

    private func open(_ path: String, _ seed: UInt64) throws(TraceFailure) -> any JobSource {
        let lines = try LineReader(path)
        switch try TraceForm.of(lines) {
        case .csv: return try CSVTrace(lines, service: serviceTime?.model, seed: seed)
        case .swf: return try WorkloadTrace(lines)
        case .json:
            return try MetricTrace(
                CloudWatchJSON(try lines.rest(), path: lines.path).series, wanted: metric, period: period?.time,
                service: serviceTime?.model, seed: seed, path: lines.path)
        }
    }
}
