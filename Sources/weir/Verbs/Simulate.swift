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
            get-metric-data or get-metric-statistics prints, or a log in the Standard Workload Format. Groups that share a limit \
            are simulated together, each with a load of its own: --trace GROUP=FILE.

            Example:
              weir simulate policies/thumbnails.yaml --trace yesterday.csv --startup-time 30s --price 0.04
            """)

    @Argument(help: ArgumentHelp("Policy files, or folders of them.", valueName: "PATH"))
    var paths: [String]

    @OptionGroup var rehearsal: RehearsalOptions

    @OptionGroup var recorded: SimulationRecords

    @OptionGroup var plots: PlotOptions

    @OptionGroup var format: FormatOption

    func run() throws {
        let read = try PolicyLoading.read(paths)
        guard !read.files.isEmpty else { throw Failure.mistake("no group is in \(paths.joined(separator: ", "))") }
        try rehearsal.checkFiles(
            policies: read.paths,
            written: plots.named(of: read.files.map(\.group.name)) + [("--records", recorded.records)])
        let groups = try read.files.map { file in
            rehearsal.world.tell(of: file)
            return RehearsedGroup(file: file, model: try rehearsal.model(of: file, startup: nil))
        }
        let rehearsals = try rehearsals(of: groups)
        let loads = rehearsals.reduce(0) { $0 + $1.parts.count }
        if rehearsal.load.writeTrace != nil, loads > 1 {
            throw Failure.mistake("--write-trace writes one load, and there are \(loads)")
        }
        if plots.isWanted || recorded.records != nil, groups.count == 1, loads > 1 {
            throw Failure.mistake(
                "a picture is of one load, and so are records, and there are \(loads): simulate them one by one")
        }
        let writer = try recorded.records.map { try RecordWriter($0) }
        var total = SimulationTotal()
        var isFirst = true
        for one in rehearsals {
            let outcome = try one.run(
                plots: plots, isNamed: groups.count > 1, limits: read.fleets.map(\.limit), writer: writer,
                seed: rehearsal.seed)
            for told in outcome.groups {
                try tell(told, isFirst: isFirst)
                isFirst = false
            }
            total.add(outcome)
            if total.wasInterrupted { break }
        }
        try writer?.end()
        if groups.count > 1 {
            switch format.format {
            case .text: Terminal.out("\n" + total.text)
            case .json: Terminal.out(try json(total.json))
            }
        }
        if total.wasInterrupted { throw ExitCode(128 + SIGINT) }
    }

    private func tell(_ told: RehearsalOutcome.Group, isFirst: Bool) throws {
        switch format.format {
        case .text: Terminal.out((isFirst ? "" : "\n") + SimulationText.text(told.report, told.model))
        case .json: Terminal.out(try json(SimulationJSON(told.report, wall: told.took)))
        }
    }

    // MARK: Who is simulated with what

    /// One group with each of its loads; or of several groups those together that share a limit, and each of the others on its own.
    private func rehearsals(of groups: [RehearsedGroup]) throws -> [Rehearsal] {
        var loads = try rehearsal.load.loads(of: groups.map(\.file.group.name))
        if rehearsal.recorded.fromRecords != nil {
            for index in groups.indices where groups.count == 1 || loads[index].isEmpty {
                loads[index].append(try rehearsal.recordedLoad(of: groups[index].file))
            }
        }
        guard groups.count > 1 else { return loads[0].map { Rehearsal([.init(group: groups[0], load: $0)]) } }
        var rehearsals: [Rehearsal] = []
        for (group, loads) in zip(groups, loads) {
            let name = group.file.group.name
            guard loads.count < 2 else {
                throw Failure.mistake(
                    "'\(name)' has \(loads.count) loads: beside other groups it is simulated with one")
            }
            if loads.isEmpty { Terminal.error("weir: note: '\(name)' has no load: nobody sends it anything") }
            let part = Rehearsal.Part(group: group, load: loads.first ?? .none, hasLoad: !loads.isEmpty)
            if let fleet = group.file.group.fleet?.name, let known = rehearsals.firstIndex(where: { $0.fleet == fleet })
            {
                rehearsals[known].parts.append(part)
            } else {
                rehearsals.append(Rehearsal([part]))
            }
        }
        return rehearsals
    }
}
