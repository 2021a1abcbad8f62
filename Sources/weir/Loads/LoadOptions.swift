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
            one after the other. Of several groups each has its own: GROUP=FILE.
            """, valueName: "FILE"))
    var trace: [String] = []

    @Option(
        name: .customLong("service-time"),
        help: """
            How long jobs take, for loads that do not say: 20s, or drawn, as exponential(20s), lognormal(20s,10s), \
            pareto(5s,1.5) or drawn(FILE).
            """, transform: SpanText.init)
    var service: SpanText?

    @Option(
        help: ArgumentHelp(
            """
            A load that is made up, as 'poisson rate=2/s for=24h'. Several add up. Kinds: constant, poisson, diurnal, weekly, \
            profile, bursts, on-off. Of several groups each has its own: 'GROUP=poisson rate=2/s for=24h'.
            """, valueName: "LOAD"))
    var generate: [String] = []

    @Option(
        help: ArgumentHelp(
            "Writes the load that is simulated as CSV, with its beginning and a line for each job.", valueName: "FILE"))
    var writeTrace: String?

    @Option(
        help: ArgumentHelp(
            "Which metric of a CloudWatch document the arrivals are, by its id or its label.", valueName: "NAME"))
    var metric: String?

    @Option(
        help: """
            How long one datapoint of a CloudWatch document covers, or one interval of counts. Default: as the timestamps have it.
            """)
    var period: TimeArgument?

    var serviceTime: SpanModel? { service?.model }

    /// Files with measured lengths that jobs are drawn from.
    var lengths: [String] {
        let taking = generate.flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("taking=") }
        let drawn = taking.map { SpanText.path(in: $0.dropFirst("taking=".count)) } + [service?.path]
        return drawn.compactMap(\.self)
    }

    func validate() throws {
        if trace.count(where: { $0 == "-" || $0.hasSuffix("=-") }) > 1 {
            throw ValidationError("--trace - can be read only once")
        }
        for text in generate { try read(text) }
        if let option = formOptions.named.first, trace.isEmpty {
            throw ValidationError("\(option.name) is about \(option.forms), and none is named with --trace")
        }
        try TimeArgument.check([("--period", period)])
        if let period, period.time <= .zero { throw ValidationError("--period has to be longer than nothing") }
    }

    @discardableResult
    private func read(_ text: String) throws -> LoadPart {
        do {
            return try GeneratorText(OfGroup(load: text).load).part
        } catch let error as ValidationError {
            throw ValidationError("--generate '\(text)': \(error.message)")
        }
    }

    /// A load, and how the report names it.
    struct Load {
        var name: String
        /// How long instances take to start, where the load says so.
        var startup: SpanModel?
        /// What is read is written there as well, where that was asked for.
        var writtenTo: String?
        var open: (_ seed: UInt64) throws(TraceFailure) -> any JobSource

        /// Nobody sends anything.
        static var none: Load {
            Load(name: "none") { _ throws(TraceFailure) in ListedJobs([]) }
        }

        /// What it brings, from its beginning.
        func jobs(_ seed: UInt64) throws(Failure) -> any JobSource {
            let source: any JobSource
            do throws(TraceFailure) {
                source = try open(seed)
            } catch {
                throw .load(error)
            }
            guard let writtenTo else { return source }
            let file = try OutputFile(writtenTo)
            return WrittenLoad(source, to: writtenTo) { file.append(Array($0.utf8)) }
        }
    }

    /// Of each of these groups, in the order in which they are simulated. Where there is one group it does not have to be named.
    /// - Throws: `Failure.mistake` for a load of which nobody knows whose it is.
    func loads(of groups: [String]) throws -> [[Load]] {
        var loads = groups.map { _ in [Load]() }
        try checkForms(trace.map { OfGroup(trace: $0, groups).load })
        let watch = FormWatch(formOptions, traces: trace.count)
        for text in trace {
            let named = OfGroup(trace: text, groups)
            loads[try place(named, groups, "--trace \(text)")].append(
                Load(name: named.load, writtenTo: writeTrace) { seed throws(TraceFailure) in
                    let jobs = try open(named.load, seed)
                    try watch.opened(jobs, at: named.load)
                    return jobs
                })
        }
        let parts = try generate.map { text in
            let named = OfGroup(load: text)
            return (place: try place(named, groups, "--generate '\(text)'"), named.load, part: try read(text))
        }
        for place in groups.indices {
            let own = parts.filter { $0.place == place }
            guard !own.isEmpty else { continue }
            let name = own.map(\.1).joined(separator: " + ")
            loads[place].append(
                Load(name: name, writtenTo: writeTrace) { seed throws(TraceFailure) in
                    try GeneratedLoad(own.map(\.part), service: serviceTime, seed: seed, name: name)
                })
        }
        return loads
    }

    private func place(_ named: OfGroup, _ groups: [String], _ option: String) throws -> Int {
        guard let group = named.group else {
            if groups.count == 1 { return 0 }
            throw Failure.mistake(
                "\(option): for which group? Name it, as in \(groups[0])=…; there are \(groups.joined(separator: ", "))"
            )
        }
        guard let place = groups.firstIndex(of: group) else {
            let nearest = NearestWord.to(group, among: groups).map { "did you mean '\($0)'?" }
            throw Failure.mistake(
                "\(option): there is no group '\(group)'; "
                    + (nearest ?? "there are \(groups.joined(separator: ", "))"))
        }
        return place
    }

    /// What was named that is about some forms of traces only.
    private var formOptions: FormOptions { FormOptions(metric: metric, period: period?.time) }

    private func open(_ path: String, _ seed: UInt64) throws(TraceFailure) -> any JobSource {
        let jobs = try Self.open(path, service: serviceTime, seed, metric: metric, period: period?.time)
        if trace.count == 1, let option = formOptions.first(thatIsOfNoneOf: [jobs]) {
            throw TraceFailure(path: path, problem: "is not \(option.forms): leave out \(option.name)")
        }
        return jobs
    }

    /// Of several traces, each option is about one at least.
    /// - Throws: `Failure.mistake` for one that is about none.
    private func checkForms(_ paths: [String]) throws {
        // What can be read only once may be what is meant, and is seen when it is read.
        guard paths.count > 1, !formOptions.named.isEmpty, paths.allSatisfy(NamedFiles.canBeReadAgain) else { return }
        let sources: [any JobSource]
        do throws(TraceFailure) {
            sources = try paths.map { path throws(TraceFailure) in try open(path, 1) }
        } catch {
            throw Failure.load(error)
        }
        if let option = formOptions.first(thatIsOfNoneOf: sources) {
            throw Failure.mistake("none of the traces is \(option.forms): leave out \(option.name)")
        }
    }

    /// A recorded load, in whatever form it begins like.
    static func open(
        _ path: String, service: SpanModel?, _ seed: UInt64, metric: String? = nil, period: Duration? = nil
    ) throws(TraceFailure) -> any JobSource {
        let lines = try LineReader(path)
        switch try TraceForm.of(lines) {
        case .csv: return try CSVTrace(lines, service: service, seed: seed, period: period)
        case .swf: return try WorkloadTrace(lines)
        case .json:
            let bytes = try lines.rest()
            guard !WeirRecords.begin(bytes) else {
                throw TraceFailure(path: lines.path, problem: "has records of weir in it: name it with --from-records")
            }
            return try MetricTrace(
                CloudWatchJSON(bytes, path: lines.path).series, wanted: metric, period: period, service: service,
                seed: seed, path: lines.path)
        }
    }
}

/// A load as it is written, perhaps with the group that it is for in front: `urgent=yesterday.csv`.
private struct OfGroup {
    var group: String?
    var load: String

    /// A file's name may have an equals sign in it, too: then the group has to be known, or there to be several to choose from.
    init(trace text: String, _ groups: [String]) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isGroup = sides.count == 2 && (groups.contains(sides[0]) || (groups.count > 1 && !sides[0].contains("/")))
        (group, load) = isGroup ? (sides[0], sides[1]) : (nil, text)
    }

    /// A kind of load has no equals sign in it.
    init(load text: String) {
        let word = text.prefix { $0 != " " }
        guard let sign = word.firstIndex(of: "=") else {
            load = text
            return
        }
        group = String(word[..<sign])
        load = String(text[text.index(after: sign)...])
    }
}
