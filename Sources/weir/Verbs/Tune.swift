import ArgumentParser
import FoundationEssentials
import Glibc
import WeirBackends
import WeirCore
import WeirPolicy
import WeirSearch
import WeirSimulator

struct Tune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Searches for a better policy on a recorded load, and writes it.",
        discussion: """
            Policies that differ from the given one in their figures, or in their kind of scaling, are tried on the load, on all cores. \
            Part of the load is held out, to see whether what was found holds there too.

            Example:
              weir tune policies/thumbnails.yaml --trace yesterday.csv --objective 'min worker_hours subject to wait_s.p95 <= 60' \
            --output tuned.yaml
            """)

    @Argument(help: ArgumentHelp("The policy file of one group.", valueName: "PATH"))
    var path: String

    @OptionGroup var rehearsal: RehearsalOptions

    @OptionGroup var searching: SearchOptions

    @Option(help: ArgumentHelp("Writes the policy that was found.", valueName: "FILE"))
    var output: String?

    @OptionGroup var plots: PlotOptions

    @OptionGroup var format: FormatOption

    func run() async throws {
        let objective = try searching.objective(hasPrice: rehearsal.world.price != nil)
        let read = PolicyLoading.look(groupAt: path)
        // What is tuned may take the place of what it was.
        let kept = read.files.map(\.path).filter { path in output.map { !NamedFiles.areOne($0, path) } ?? true }
        try rehearsal.checkFiles(
            policies: kept + read.fleets.map(\.path), written: plots.named + [("--output", output)])
        let given = try GivenPolicy(path, rehearsal)
        rehearsal.world.tell(of: given.file)
        let loads = try rehearsal.collected(for: RehearsedPolicy(file: given.file, limit: given.limit))
        guard loads.contains(where: { !$0.jobs.isEmpty }) else { throw Failure.mistake("no job comes in this load") }
        let setting = Setting(given.sized, loads.map(\.jobs), keeping: objective.waitLimit)
        let space = try searching.space(given, setting)
        let track = Track(
            loads.map { Track.Load($0.jobs, beginsAt: $0.beginsAt, lastsNs: $0.lastsNs, $0.model) }, objective,
            holdingOut: searching.holdOut)
        let files = try plots.open(for: nil)
        let file = try output.map(OutputFile.init)

        Interrupt.listen()
        var search = Search(
            space.families, rungs: track.rungs.count, budget: searching.simulations, seed: rehearsal.seed)
        let run = TuneRun(
            space: space, track: track, read: given.group, cores: searching.cores ?? Cores.count,
            deadline: searching.time.map { ContinuousClock.now + $0.time })
        let watch = TuneWatch(objective, space, budget: searching.simulations, deadline: run.deadline)
        await run.run(&search, watch.tell)
        watch.clear()
        guard let best = search.best else {
            let ending = searching.time == nil ? "the search ended" : "out of time"
            Terminal.error(
                "weir: \(Interrupt.wasHeard ? "interrupted" : ending) before anything was tried on all of the load")
            throw ExitCode(Interrupt.wasHeard ? 128 + SIGINT : 1)
        }
        let wasInterrupted = Interrupt.wasHeard
        // What was found is still to be told: only a second Ctrl-C ends that.
        Interrupt.listen()
        let findings = try await self.findings(search, best, run, loads, objective, wasInterrupted)
        try file?.write(findings.policyText)
        if plots.isWanted { try files.write(TuneFigure(findings: findings).page) }
        switch format.format {
        case .text: Terminal.out(TuneText.text(findings, output: output))
        case .json: Terminal.out(try json(TuneJSON(findings, output: output)))
        }
        for warning in findings.warnings { Terminal.error("weir: warning: \(warning)") }
        if wasInterrupted {
            Terminal.error("weir: interrupted: this is the best until then")
            throw ExitCode(128 + SIGINT)
        }
    }

    /// The given policy and the one that was found, on all of the load and on its parts.
    private func findings(
        _ search: Search, _ best: Trial, _ run: TuneRun, _ loads: [CollectedLoad], _ objective: Objective,
        _ wasInterrupted: Bool
    ) async throws -> Findings {
        let isDrawn = plots.isWanted
        let given = Candidate(family: 0, places: run.space.families[0].start ?? [])
        let candidates = [given, best.candidate]
        let groups = try candidates.map { candidate in
            guard let group = run.read(run.space.text(of: candidate)) else {
                throw Failure.world("the policy that was found cannot be read again")
            }
            return group
        }
        let parts = await Cores.map(groups, atOnce: run.cores) { group in
            Findings.Parts(
                searched: run.track.go(group, nil, rung: run.track.rungs.count - 1, toBeat: nil) { !Interrupt.wasHeard }
                    .flatMap { $0.totals.whole() },
                heldOut: run.track.heldOut(group) { !Interrupt.wasHeard })
        }
        let names = [path, output ?? "tuned"]
        let items = loads.flatMap { load in
            zip(names, groups).map { PolicyRun(path: $0, group: $1, model: load.model, load: load) }
        }
        let outcomes = await Cores.map(items, atOnce: run.cores) { $0.outcome(drawn: isDrawn) }.compactMap { $0 }
        guard outcomes.count == items.count, parts.count == 2 else { throw ExitCode(128 + SIGINT) }
        let comparisons = loads.enumerated().map { number, load in
            Comparison(load: load, outcomes: Array(outcomes[(number * 2)..<(number * 2 + 2)]))
        }
        return Findings(
            path: path, objective: objective, search: search, space: run.space, track: run.track, best: best,
            before: parts[0], after: parts[1], comparisons: comparisons, wasInterrupted: wasInterrupted,
            holdOut: searching.holdOut)
    }
}

/// The policy that is tuned, without what an earlier tuning wrote above it.
struct GivenPolicy: Sendable {
    let file: PolicyFile
    let figures: [PolicyFigure]
    let editing: PolicyEditing?
    /// That it is under, and has to itself here; nil: none.
    let limit: FleetLimit?
    private let path: String

    init(_ path: String, _ rehearsal: RehearsalOptions) throws(Failure) {
        let given = try rehearsal.policy(path)
        let read = PolicyReader(catalogue: Registry.catalogue).read(
            former: Remarks.removed(from: given.file.text), path: path)
        guard let file = read.files.first else { throw .mistake("\(path): cannot be read again") }
        self.path = path
        figures = read.figures(of: file)
        editing = read.editing(file)
        limit = given.limit
        self.file = file
    }

    /// With no larger a maximum than its limit has room for: more need not be tried.
    var sized: GroupPolicy {
        var group = file.group
        if let limit, let fleet = group.fleet { group.maxSize = min(group.maxSize, limit.maxSize / fleet.units) }
        return group
    }

    private static let reader = PolicyReader(catalogue: Registry.catalogue)

    /// - Returns: nil when the reader refuses it.
    func group(_ text: String) -> GroupPolicy? {
        let read = Self.reader.read(former: text, path: path)
        return read.hasErrors ? nil : read.files.first?.group
    }
}
