import ArgumentParser
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

    @OptionGroup var rehearsal: RehearsalOptions

    @OptionGroup var recorded: SimulationRecords

    @OptionGroup var plots: PlotOptions

    @OptionGroup var format: FormatOption

    func run() throws {
        let file = try rehearsal.policy(path)
        let loads = try rehearsal.loads(of: file.group.name)
        if plots.isWanted || recorded.records != nil, loads.count > 1 {
            throw Failure.mistake(
                "a picture is of one load, and so are records, and there are \(loads.count): simulate them one by one")
        }
        for (number, load) in loads.enumerated() { try simulate(file.group, load, isFirst: number == 0) }
    }

    private func simulate(_ group: GroupPolicy, _ load: LoadOptions.Load, isFirst: Bool) throws {
        let files = try plots.open()
        let began = ContinuousClock.now
        let model = rehearsal.model(of: load)
        let jobs = try rehearsal.open(load)
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
                    policyPath: path, origin: origin, knowsCalendar: jobs.beginsAt != nil
                ).page(facts: SimulationText.rows(report, model)))
        }
        switch format.format {
        case .text: Terminal.out((isFirst ? "" : "\n") + SimulationText.text(report, model))
        case .json: Terminal.out(try json(SimulationJSON(report, wall: took)))
        }
        if report.wasInterrupted { throw ExitCode(128 + SIGINT) }
    }
}
