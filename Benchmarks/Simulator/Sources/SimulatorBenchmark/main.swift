import Foundation
import WeirCore
import WeirSimulator

// Measures the simulator and the core by themselves; each prints one JSON object.
//
//     SimulatorBenchmark mmc JOBS SERVERS LOAD    exponential jobs for a fixed fleet
//     SimulatorBenchmark waiting JOBS             one worker and JOBS that come at once: memory for those that wait
//     SimulatorBenchmark month                    43,200 counts under a step policy with two alarms
//     SimulatorBenchmark patient-month            the same counts under alarms that wait for 3 and for 15 minutes
//     SimulatorBenchmark example-month            the same counts under AWS's example, on a queue that only counts
//     SimulatorBenchmark embedded-month           the same, on a queue that knows who works on what
//     SimulatorBenchmark busy                     1.86 million jobs in 27 days under the same
//     SimulatorBenchmark trace PATH SECONDS       a trace as CSV under the same; SECONDS for a job that says none
//     SimulatorBenchmark large                    some 3,000 instances, each with a long job
//     SimulatorBenchmark groups COUNT             a tick of so many groups: deciding, and the record as a value
//     SimulatorBenchmark loops COUNT KEEPING      a tick of the daemon's loops of so many groups; KEEPING is nothing or lines
//     SimulatorBenchmark replay COUNT             the records of a simulated group, from lines and decided again

let words = Array(CommandLine.arguments.dropFirst())

func number(_ index: Int, _ otherwise: Double) -> Double {
    words.indices.contains(index) ? Double(words[index]) ?? otherwise : otherwise
}

switch words.first {
case "mmc":
    let (servers, load) = (number(2, 100), number(3, 0.95))
    let jobs = PoissonJobs(Int(number(1, 1e6)), rate: load * servers)
    try simulate(Policies.fixed(Int(servers)), startup: 10, jobs)
case "waiting": try simulate(Policies.fixed(1), startup: 10, JobsAtOnce(Int(number(1, 1e6))))
case "month": try simulate(Policies.steps, startup: 30, MinuteCounts.month)
case "patient-month": try simulate(Policies.patientSteps, startup: 30, MinuteCounts.month)
case "example-month": try simulate(Policies.example(workIsSeen: false), startup: 60, MinuteCounts.month)
case "embedded-month": try simulate(Policies.example(workIsSeen: true), startup: 60, MinuteCounts.month)
case "busy": try simulate(Policies.steps, startup: 60, MinuteCounts.busy)
case "large": try simulate(Policies.steps, startup: 60, MinuteCounts.large)
case "trace":
    try simulate(Policies.steps, startup: 60, CSVTrace(words[1], service: .constant(number(2, 10)), seed: 1))
case "groups": GroupTicks(Int(number(1, 10_000))).run()
case "loops":
    try GroupLoops(Int(number(1, 10_000)), GroupLoops.Keeping(rawValue: words.last ?? "") ?? .nothing).run()
case "replay": try Replaying(Int(number(1, 100_000))).run()
default:
    print("usage: SimulatorBenchmark mmc|waiting|month|busy|trace|large|groups|loops|replay …")
    exit(2)
}

/// The time is that of the simulation alone, with the making or reading of its jobs.
func simulate(_ policy: GroupPolicy, startup: Double, _ jobs: any JobSource) throws {
    var model = SimulationModel()
    model.startup = .constant(startup)
    let before = Resident.bytes
    let cpuBefore = Processor.seconds
    var simulation = Simulation(policy, model, jobs, beginsAt: Instant(milliseconds: 1_767_571_200_000))
    let took = try ContinuousClock().measure { try simulation.run() }
    let cpuSeconds = Processor.seconds - cpuBefore
    let report = simulation.report(trace: "")
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    print(
        """
        {"jobs":\(report.jobs),"events":\(report.events),"ticks":\(report.ticks),"seconds":\(seconds),\
        "cpu_seconds":\(cpuSeconds),\
        "mean":\(report.wait.mean),"max":\(report.wait.max),"p95":\(report.wait.p95),"p99":\(report.wait.p99),\
        "peak_instances":\(report.peakInstances),"max_backlog":\(report.maxBacklog),\
        "bytes":\(Resident.mostBytes - before)}
        """)
}

enum Resident {
    static var bytes: Int { read("VmRSS:") }
    static var mostBytes: Int { read("VmHWM:") }

    private static func read(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
