import ArgumentParser
import Foundation
import Synchronization
import WeirStorm

/// Storms over the real control code, seed after seed.
@main
struct WeirStorm: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-storm",
        abstract: "Runs the control code of weir through storms in a made-up world. One seed decides everything.",
        discussion: """
            A failing seed is printed with the rule that it broke and the command that replays it. Exit code 1 when any rule \
            was broken.
            """)

    @Option(help: "One seed, or a range of them: 7 or 1-2000.")
    var seeds = "1-200"

    @Option(help: "Simulated hours of storm for each seed; four hours of calm come after them.")
    var hours = 8.0

    @Option(help: "Plants a mistake, to see that it is found; --list-bugs names them.")
    var bug: String?

    @Option(help: "Threads. Default: as many as there are processors.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Lines of the story that are printed of a seed that failed.")
    var lines = 30

    @Flag(help: "Prints each seed with its digest.")
    var verbose = false

    @Option(help: "Writes the records of the storm of one seed to this file, for weir replay.")
    var records: String?

    @Flag(help: "Names the mistakes that can be planted.")
    var listBugs = false

    @Flag(help: "Looks for each mistake with these seeds, and prints who found it and how soon, as a table.")
    var tableOfBugs = false

    func validate() throws {
        if Self.range(seeds) == nil { throw ValidationError("'\(seeds)' is neither a seed nor a range like 1-2000") }
        if let bug, PlantedBug(rawValue: bug) == nil {
            throw ValidationError("there is no mistake named '\(bug)'; --list-bugs names them")
        }
        if hours <= 0 || hours > 1000 { throw ValidationError("--hours takes a number above 0, and at most 1000") }
        if records != nil, Self.range(seeds)?.count != 1 {
            throw ValidationError("--records takes one seed, not \(seeds)")
        }
        if threads < 1 { throw ValidationError("--threads takes a number from 1") }
    }

    func run() throws {
        if listBugs {
            for bug in PlantedBug.allCases { print(bug.rawValue) }
            return
        }
        if tableOfBugs { return try printTable() }
        guard let range = Self.range(seeds) else { return }
        if let records {
            var options = options(range.lowerBound, nil)
            options.keepsRecords = true
            let lines = try Storm(options).run().recordLines()
            return try lines.reduce(into: Data()) { $0 += $1 }.write(to: URL(filePath: records))
        }
        let began = ContinuousClock.now
        let totals = storm(range, bug.flatMap { PlantedBug(rawValue: $0) }, stopsAtFirst: false, tells: true)
        printTotals(totals, took: ContinuousClock.now - began)
        if !totals.failures.isEmpty { throw ExitCode(1) }
    }

    private static func range(_ text: String) -> ClosedRange<UInt64>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
        return first...last
    }

    private func options(_ seed: UInt64, _ bug: PlantedBug?) -> StormOptions {
        var options = StormOptions(seed: seed)
        options.stormHours = hours
        options.bug = bug
        return options
    }

    private func storm(
        _ range: ClosedRange<UInt64>, _ bug: PlantedBug?, stopsAtFirst: Bool, tells: Bool
    ) -> StormTotals {
        let dispenser = SeedDispenser(range)
        let totals = Mutex(StormTotals())
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while let seed = dispenser.take() {
                let report = Storm(options(seed, bug)).run()
                totals.withLock { totals in
                    totals.add(report)
                    if tells { tell(report) }
                }
                if stopsAtFirst, !report.violations.isEmpty { dispenser.stop() }
            }
        }
        return totals.withLock { $0 }
    }

    private func tell(_ report: StormReport) {
        if verbose {
            print(
                "seed \(report.seed): \(report.ticks) ticks, \(report.launches) launches, \(report.faults.total) faults, "
                    + "digest \(String(report.digest, radix: 16))")
        }
        guard let violation = report.violations.first else { return }
        print("seed \(report.seed) breaks a rule: \(violation.checker.rawValue)")
        print("  \(violation.text)")
        print("  after \(text(violation.at)) of simulated time; again with:")
        let planted = bug.map { " --bug \($0)" } ?? ""
        let span = hours == 8 ? "" : " --hours \(hours)"
        print("  swift run -c release weir-storm --seeds \(report.seed)\(span)\(planted) --lines 200")
        var again = options(report.seed, bug.flatMap { PlantedBug(rawValue: $0) })
        again.keepsStory = true
        for line in Storm(again).run().story.suffix(lines) { print("    \(line)") }
    }

    private func text(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        return "\(seconds / 3600) h \(seconds / 60 % 60) min \(seconds % 60) s"
    }

    private func printTotals(_ totals: StormTotals, took: Duration) {
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        print("\(totals.seeds) seeds, \(Int(totals.hours)) simulated hours, \(totals.ticks) ticks,")
        print("\(totals.launches) launches, \(totals.restarts) restarts of weir, \(totals.faults.total) faults:")
        for kind in FaultKind.allCases {
            print("  \(totals.faults[kind])  \(kind.rawValue)")
        }
        print("digest \(String(totals.digest, radix: 16))")
        print(String(format: "%.1f s, %.0f simulated hours a second", seconds, totals.hours / max(seconds, 0.001)))
        print(totals.failures.isEmpty ? "no rule was broken" : "\(totals.failures.count) seeds broke a rule")
    }

    /// For each mistake the first seed that finds it.
    private func printTable() throws {
        guard let range = Self.range(seeds) else { return }
        print("| mistake | found by | seed | seconds |")
        print("|---|---|---:|---:|")
        var missed = 0
        for bug in PlantedBug.allCases {
            let began = ContinuousClock.now
            let totals = storm(range, bug, stopsAtFirst: true, tells: false)
            let took = ContinuousClock.now - began
            let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
            guard let first = totals.failures.first, let violation = first.violations.first else {
                missed += 1
                print("| \(bug.rawValue) | nobody | – | \(String(format: "%.1f", seconds)) |")
                continue
            }
            print(
                "| \(bug.rawValue) | \(violation.checker.rawValue) | \(first.seed) "
                    + "| \(String(format: "%.2f", seconds)) |")
        }
        if missed > 0 { throw ExitCode(1) }
    }
}
