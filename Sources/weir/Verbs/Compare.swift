import ArgumentParser
import Glibc
import WeirCore
import WeirPolicy
import WeirSearch
import WeirSimulator

struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replays one load against several policies, and tells how they differ.",
        discussion: """
            The first policy is the base: the others are compared with it. --fail-if takes a condition over the figures of the \
            report (as --format json names them), with + - * /, comparisons, and, or, not and parentheses; base. before a figure \
            means that of the base. Where it holds for one of the others, or one leaves more jobs undone than the base, what got \
            worse is said, and the exit status is 1. Of several conditions each counts.

            Example:
              weir compare now.yaml next.yaml --trace yesterday.csv --fail-if 'wait_s.p95 > 60 or worker_hours > 105% * base.worker_hours'
            """)

    @Argument(help: ArgumentHelp("The policy files, the base first.", valueName: "PATH"))
    var paths: [String]

    @OptionGroup var rehearsal: RehearsalOptions

    @Option(
        help: ArgumentHelp(
            """
            When this is true of a policy other than the base, on any load, or one leaves more jobs undone than the base, the exit \
            status is 1. Can be given several times.
            """,
            valueName: "CONDITION"))
    var failIf: [String] = []

    @OptionGroup var plots: PlotOptions

    @OptionGroup var format: FormatOption

    func validate() throws {
        if paths.count < 2 { throw ValidationError("name at least two policies, the base first") }
    }

    func run() async throws {
        let conditions = try failIf.map { try condition($0) }
        try rehearsal.checkFiles(
            policies: paths.flatMap { PolicyLoading.look(groupAt: $0).paths }, written: plots.named)
        let policies = try paths.map { path in (path: path, rehearsed: try rehearsal.policy(path)) }
        for policy in policies { rehearsal.world.tell(of: policy.rehearsed.file) }
        let loads = try rehearsal.collected(for: policies[0].rehearsed)
        if let empty = loads.first(where: \.jobs.isEmpty) {
            throw Failure.mistake("\(empty.name): no job comes in this load, so there is nothing to compare")
        }
        let files = try plots.open(for: nil)
        let isDrawn = plots.isWanted
        let items = try loads.flatMap { load in
            try policies.map { policy in
                let (file, limit) = (policy.rehearsed.file, policy.rehearsed.limit)
                return PolicyRun(
                    path: policy.path, group: file.group,
                    model: try rehearsal.model(of: file, under: limit, startup: load.startup), load: load)
            }
        }
        Interrupt.listen()
        let outcomes = await outcomes(of: items, drawn: isDrawn)
        guard !Interrupt.wasHeard else {
            Terminal.error("weir: interrupted: nothing is compared")
            throw ExitCode(128 + SIGINT)
        }
        let found = outcomes.compactMap { $0 }
        let comparisons = loads.enumerated().map { number, load in
            Comparison(load: load, outcomes: Array(found[(number * policies.count)..<((number + 1) * policies.count)]))
        }
        let failures = conditions.isEmpty ? nil : comparisons.flatMap { $0.failures(conditions) }
        let losses = comparisons.flatMap(\.losses)
        if isDrawn { try files.write(ComparisonFigure(comparisons: comparisons, failures: failures ?? losses).page) }
        switch format.format {
        case .text: Terminal.out(comparisons.map { ComparisonText.text($0) }.joined(separator: "\n\n"))
        case .json: Terminal.out(try json(ComparisonJSON(comparisons, failures)))
        }
        guard let failures else {
            for loss in losses { Terminal.error("weir: warning: \(loss)") }
            return
        }
        guard !failures.isEmpty else { return }
        throw Failure.world(failures.joined(separator: "\nweir: "))
    }

    /// Of each item, in their order; nil when somebody had enough of it.
    private func outcomes(of items: [PolicyRun], drawn isDrawn: Bool) async -> [PolicyRun.Outcome?] {
        let watch = ComparisonWatch(of: items.count)
        defer { watch.clear() }
        return await Cores.map(Array(items.enumerated()), atOnce: Cores.count) { number, item in
            defer { watch.ended(number) }
            return item.outcome(drawn: isDrawn) { watch.tell($0, of: number) }
        }
    }

    private func condition(_ text: String) throws(Failure) -> Expression {
        do throws(ExpressionMistake) {
            let names = ReportField.names(hasPrice: rehearsal.world.price != nil, hasBase: true)
            return try Expression.condition(text, over: names)
        } catch {
            throw .mistake("--fail-if: \(error)")
        }
    }
}
