import FoundationEssentials
import WeirCore
import WeirSimulator

/// A simulation's report for people.
enum SimulationText {
    static func text(_ report: SimulationReport, _ model: SimulationModel) -> String {
        Table.text(rows(report, model))
    }

    /// Each with what it is about, and what is said about it.
    static func rows(_ report: SimulationReport, _ model: SimulationModel) -> [[String]] {
        var rows = [
            ["group", report.group],
            ["trace", "\(report.trace), \(span(report.span))"],
        ]
        if report.wasInterrupted { rows.append(["interrupted", "all figures are of the part until then"]) }
        rows += [
            ["jobs", jobs(report)],
            ["wait", wait(report)],
            ["backlog", "at most \(report.maxBacklog) waiting"],
            [
                "instances",
                "\(decimal(report.workerHours, 2)) hours, \(decimal(report.utilisation * 100, 1)) % at work, "
                    + "at most \(report.peakInstances) at once; \(report.launches) launched, \(report.terminations) ended",
            ],
        ]
        if let cost = report.cost { rows.append(["cost", decimal(cost, 2)]) }
        rows.append(
            [
                "scale-in",
                "kept \(counted(report.protectedDelays, "time")) for work or protection; \(report.busyTerminations) ended at work",
            ])
        rows.append(["alarms", "\(counted(report.alarmTransitions, "change")) of state"])
        if report.hungInstances > 0 { rows.append(["health", "\(counted(report.hungInstances, "instance")) hung"]) }
        if report.failedMeasurements > 0 {
            rows.append([
                "source", "\(counted(report.failedMeasurements, "measurement")) failed, or said what was not so",
            ])
        }
        if report.failedLaunches > 0 { rows.append(["launches", "\(report.failedLaunches) failed"]) }
        let kept = report.wait.isExact ? "" : "; percentiles within a thousandth"
        rows.append(["seed", "\(report.seed)\(kept)"])
        return rows
    }

    private static func wait(_ report: SimulationReport) -> String {
        guard report.jobs > 0 else { return "nobody waited, as no job came" }
        guard report.begun > 0 else { return "not known, as no job was begun" }
        let wait = report.wait
        return "mean \(span(wait.mean)), median \(span(wait.p50)), 95 % within \(span(wait.p95)), "
            + "99 % within \(span(wait.p99)), at most \(span(wait.max))"
            + (report.undone > 0 ? "; only of jobs that were begun" : "")
    }

    private static func jobs(_ report: SimulationReport) -> String {
        var parts = ["\(report.jobs)", "\(report.completed) completed"]
        if report.wasEndedEarly {
            let reason = report.isTooLong ? "no simulation is longer" : "nobody came for a week to do them"
            parts.append("\(report.undone - report.expired) left, as \(reason)")
        }
        if report.failedAttempts > 0 { parts.append("\(counted(report.failedAttempts, "attempt")) failed") }
        if report.deadLetters > 0 { parts.append(counted(report.deadLetters, "dead letter")) }
        if report.expired > 0 { parts.append("\(report.expired) deleted for their age") }
        return parts.joined(separator: ", ")
    }

    /// `0 s`, `2.4 s`, `3 min 20 s`, `5 h 3 min`, `27.1 days`.
    static func span(_ seconds: Double) -> String {
        if seconds == 0 { return "0 s" }
        guard seconds < 1e15 else { return "\(decimal(seconds / 86_400, 1)) days" }
        if seconds < 0.01 { return "\(decimal(seconds * 1000, 2)) ms" }
        if seconds < 60 { return "\(decimal(seconds, seconds < 10 ? 2 : 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        if whole < 172_800 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
        return "\(decimal(seconds / 86_400, 1)) days"
    }

    /// Rounded to so many places; as it is where it has more digits than a number can hold.
    static func decimal(_ number: Double, _ places: Int) -> String {
        guard number.isFinite else { return "not known" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        guard abs(number) * scale < 1e15 else { return "\(number)" }
        let whole = Int((number * scale).rounded())
        guard places > 0 else { return "\(whole)" }
        let digits = String(abs(whole))
        let padded = String(repeating: "0", count: max(places + 1 - digits.count, 0)) + digits
        return (whole < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }
}

/// The report for programs. Durations are in seconds.
struct SimulationJSON: Encodable {
    struct Wait: Encodable {
        var p50: Double
        var p90: Double
        var p95: Double
        var p99: Double
        var p999: Double
        var mean: Double
        var max: Double
        var exact: Bool
    }

    var group: String
    var trace: String
    var seed: UInt64
    var jobs: Int
    var completed: Int
    var deadLetters: Int
    var failedAttempts: Int
    /// Messages that were deleted for their age.
    var expired: Int
    /// Jobs that were sent and are not done, these among them.
    var undone: Int
    var spanS: Double
    /// Not all jobs are done: nobody came for them for a week.
    var endedEarly: Bool
    /// It was stopped; everything is of the part until then.
    var interrupted: Bool
    var waitS: Wait
    var workerHours: Double
    var utilisation: Double
    var peakInstances: Int
    var launches: Int
    var failedLaunches: Int
    var terminations: Int
    var protectedDelays: Int
    var busyTerminations: Int
    var hungInstances: Int
    var failedMeasurements: Int
    var alarmTransitions: Int
    var maxBacklog: Int
    var events: Int
    var ticks: Int
    /// Left out where no price was named.
    var cost: Double?
    /// How long the simulation took; it alone differs from run to run. Left out where several ran beside each other.
    var wallS: Double?

    init(_ report: SimulationReport, wall: Duration?) {
        group = report.group
        trace = report.trace
        seed = report.seed
        jobs = report.jobs
        completed = report.completed
        deadLetters = report.deadLetters
        failedAttempts = report.failedAttempts
        expired = report.expired
        undone = report.undone
        spanS = report.span
        endedEarly = report.wasEndedEarly
        interrupted = report.wasInterrupted
        waitS = Wait(
            p50: report.wait.p50, p90: report.wait.p90, p95: report.wait.p95, p99: report.wait.p99,
            p999: report.wait.p999, mean: report.wait.mean, max: report.wait.max, exact: report.wait.isExact)
        workerHours = report.workerHours
        utilisation = report.utilisation
        peakInstances = report.peakInstances
        launches = report.launches
        failedLaunches = report.failedLaunches
        terminations = report.terminations
        protectedDelays = report.protectedDelays
        busyTerminations = report.busyTerminations
        hungInstances = report.hungInstances
        failedMeasurements = report.failedMeasurements
        alarmTransitions = report.alarmTransitions
        maxBacklog = report.maxBacklog
        events = report.events
        ticks = report.ticks
        cost = report.cost
        wallS = wall.map { Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18 }
    }
}
