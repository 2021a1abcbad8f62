import Testing
import WeirCore

@testable import WeirSimulator

/// Jobs that are made as they are read.
final class DrawnJobs: JobSource {
    private var left: Int
    private var clockNs: Int64 = 0
    private var chance: Randomness
    private let gap: SpanModel
    private let service: SpanModel

    init(_ count: Int, each gap: SpanModel, taking service: SpanModel, seed: UInt64) {
        left = count
        self.gap = gap
        self.service = service
        chance = Randomness(seed: seed)
    }

    var beginsAt: Int64? { nil }

    func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        for _ in 0..<min(count, left) {
            clockNs += gap.draw(&chance)
            jobs.append(Job(arrivalNs: clockNs, serviceNs: service.draw(&chance)))
        }
        left -= min(count, left)
    }
}

enum Sample {
    static let noon = Instant(milliseconds: 1_772_366_400_000)

    static func fixed(_ size: Int, concurrency: Int = 1) -> GroupPolicy {
        GroupPolicy(
            name: "fixed", minSize: size, maxSize: size, pollInterval: .seconds(60), concurrency: concurrency)
    }

    static func run(_ policy: GroupPolicy, _ jobs: any JobSource, _ model: SimulationModel = SimulationModel()) throws
        -> Simulation
    {
        var simulation = Simulation(policy, model, jobs, beginsAt: noon)
        try simulation.run()
        return simulation
    }
}

@Suite("Waiting, against what is known of queues")
struct QueueingSpecs {
    /// Erlang's C formula: the share of arrivals that have to wait, for `servers` and `offered` Erlangs.
    private func erlangC(_ servers: Int, _ offered: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for count in 1..<servers {
            term *= offered / Double(count)
            sum += term
        }
        let last = term * offered / Double(servers) * Double(servers) / (Double(servers) - offered)
        return last / (sum + last)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var servers: Int
        var load: Double
        /// How far the mean of all seeds may be off: three standard errors, found from the seeds themselves.
        var jobs: Int
        var testDescription: String { "M/M/\(servers) at a load of \(load)" }
    }

    @Test(
        "the mean wait is that of Erlang C, within three standard errors of twelve seeds",
        arguments: [
            Row(servers: 1, load: 0.5, jobs: 40_000), Row(servers: 1, load: 0.8, jobs: 40_000),
            Row(servers: 4, load: 0.7, jobs: 40_000), Row(servers: 20, load: 0.9, jobs: 40_000),
        ])
    func erlang(_ row: Row) throws {
        let offered = Double(row.servers) * row.load
        let expected = erlangC(row.servers, offered) / (Double(row.servers) - offered)
        var means: [Double] = []
        for seed in 1...12 as ClosedRange<UInt64> {
            let jobs = DrawnJobs(
                row.jobs, each: .exponential(mean: 1 / offered), taking: .exponential(mean: 1), seed: seed)
            means.append(try Sample.run(Sample.fixed(row.servers), jobs).waits.mean)
        }
        let mean = means.reduce(0, +) / 12
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11
        let error = (variance / 12).squareRoot()
        #expect(abs(mean - expected) < 3 * error, "\(mean) and not \(expected) ± \(3 * error)")
        // And that is no wide interval.
        #expect(3 * error < expected * 0.15)
    }

    /// Each job goes to whoever is free first: for fixed servers that is all that there is to it.
    private func exactWaits(_ jobs: [Job], servers: Int) -> [Int64] {
        var free = [Int64](repeating: 0, count: servers)
        return jobs.map { job in
            let first = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = max(free[first], job.arrivalNs)
            free[first] = start + job.serviceNs
            return start - job.arrivalNs
        }
    }

    private func jobs(_ count: Int, seed: UInt64, bursts: Bool = false) -> [Job] {
        var chance = Randomness(seed: seed)
        var clock: Int64 = 0
        return (0..<count).map { number in
            if !bursts || number % 50 == 0 { clock += SpanModel.exponential(mean: bursts ? 100 : 2).draw(&chance) }
            return Job(arrivalNs: clock, serviceNs: SpanModel.lognormal(mean: 7, deviation: 12).draw(&chance))
        }
    }

    @Test(
        "waits of a fixed fleet are those of an independent computation, to the last digit", arguments: [1, 3, 4, 17])
    func exact(_ servers: Int) throws {
        for (seed, bursts) in [(1, false), (2, true), (3, false)] as [(UInt64, Bool)] {
            let jobs = jobs(5000, seed: seed, bursts: bursts)
            let expected = exactWaits(jobs, servers: servers).sorted()
            let simulation = try Sample.run(Sample.fixed(servers), ListedJobs(jobs))
            let report = simulation.report(trace: "made up")
            for (percent, told) in [(50, report.wait.p50), (95, report.wait.p95), (99, report.wait.p99)] {
                #expect(told == Double(expected[percent * 5000 / 100 - 1]) / 1e9)
            }
            #expect(report.wait.max == Double(expected[4999]) / 1e9)
            let sum = expected.reduce(0, +)
            #expect(abs(report.wait.mean - Double(sum) / 5000 / 1e9) <= 1e-12 * Double(sum))
        }
    }

    @Test("slots of one instance are as good as as many instances")
    func concurrency() throws {
        let jobs = jobs(3000, seed: 5)
        let apart = try Sample.run(Sample.fixed(6), ListedJobs(jobs)).report(trace: "")
        let together = try Sample.run(Sample.fixed(2, concurrency: 3), ListedJobs(jobs)).report(trace: "")
        #expect(apart.wait == together.wait)
        #expect(abs(apart.utilisation - together.utilisation) < 1e-12)
        #expect(abs(apart.workerHours - 3 * together.workerHours) < 1e-9)
    }

    @Test("every job arrives, starts and ends once, and work adds up to the last digit")
    func conservation() throws {
        let jobs = jobs(4000, seed: 9)
        let report = try Sample.run(Sample.fixed(5), ListedJobs(jobs)).report(trace: "")
        #expect(report.jobs == 4000 && report.completed == 4000)
        let work = Double(jobs.reduce(0) { $0 + $1.serviceNs }) / 1e9 / 3600
        #expect(abs(report.utilisation * report.workerHours - work) < 1e-9 * work)
        #expect(abs(report.workerHours - 5 * report.span / 3600) < 1e-9)
    }

    @Test("one instance more never makes anybody wait longer")
    func monotonic() throws {
        let jobs = jobs(3000, seed: 11, bursts: true)
        var former: SimulationReport.Waits?
        for servers in 1...12 {
            let wait = try Sample.run(Sample.fixed(servers), ListedJobs(jobs)).report(trace: "").wait
            if let former {
                #expect(wait.mean <= former.mean && wait.max <= former.max && wait.p95 <= former.p95, "\(servers)")
            }
            former = wait
        }
    }
}
