import Testing
import WeirCore

@testable import WeirSimulator

@Suite("A wait target, with nothing told but the target")
struct WaitTargetSpecs {
    private func run(
        _ target: WaitTarget, startup: Double = 60, service: SpanModel, gap: SpanModel, jobs: Int, seed: UInt64 = 1,
        concurrency: Int = 1
    ) throws -> (report: SimulationReport, work: Double) {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 500, pollInterval: .seconds(60), concurrency: concurrency,
            scalingPolicies: [ScalingPolicy(name: "keep", waiting: target)])
        var model = SimulationModel()
        model.startup = .constant(startup)
        var chance = Randomness(seed: seed)
        var clock: Int64 = 0
        var work = 0.0
        let list = (0..<jobs).map { _ in
            clock += gap.draw(&chance)
            let job = Job(arrivalNs: clock, serviceNs: service.draw(&chance))
            work += Double(job.serviceNs) / 1e9 / 3600
            return job
        }
        return (try Sample.run(policy, ListedJobs(list), model).report(trace: ""), work)
    }

    @Test("a minute, with a start-up of a minute: nineteen of twenty wait no longer; little is bought beyond the work")
    func oneMinute() throws {
        let (report, work) = try run(
            WaitTarget(target: .seconds(60)), service: .exponential(mean: 45), gap: .exponential(mean: 6), jobs: 1200)
        #expect(report.completed == 1200)
        #expect(report.wait.p95 <= 60, "\(report.wait)")
        #expect(report.workerHours < work * 1.4, "\(report.workerHours) for \(work)")
        #expect(report.busyTerminations == 0)
    }

    @Test("a start-up that is shorter than the target is used: less is bought still")
    func shortStartup() throws {
        let (report, work) = try run(
            WaitTarget(target: .seconds(60)), startup: 10, service: .exponential(mean: 45),
            gap: .exponential(mean: 6), jobs: 600)
        #expect(report.wait.p95 <= 60, "\(report.wait)")
        #expect(report.workerHours < work * 1.2, "\(report.workerHours) for \(work)")
    }

    @Test("a start-up that is longer than the target: spare instances are kept, as many as it takes")
    func longStartup() throws {
        let (report, work) = try run(
            WaitTarget(target: .seconds(20)), startup: 60, service: .exponential(mean: 45),
            gap: .exponential(mean: 6), jobs: 1200)
        #expect(report.wait.p95 <= 20, "\(report.wait)")
        #expect(report.workerHours < work * 2.5, "\(report.workerHours) for \(work)")
    }

    @Test("of several messages at a time, instances that are to spare go although hardly one is ever idle")
    func severalAtATime() throws {
        let (report, work) = try run(
            WaitTarget(target: .seconds(60)), startup: 300, service: .exponential(mean: 15),
            gap: .exponential(mean: 1), jobs: 8000, concurrency: 4)
        // It begins with a dozen, when hundreds wait for the first launch; half as many are enough from then on.
        #expect(report.workerHours < work / 4 * 2.4, "\(report.workerHours) for \(work / 4)")
        #expect(report.busyTerminations == 0)
    }

    @Test("heavy tails do not mislead it")
    func heavyTail() throws {
        let (report, work) = try run(
            WaitTarget(target: .seconds(60)), service: .pareto(smallest: 5, shape: 1.3), gap: .exponential(mean: 4),
            jobs: 6000)
        #expect(report.wait.p95 <= 60, "\(report.wait)")
        #expect(report.workerHours < work * 1.3, "\(report.workerHours) for \(work)")
    }

    @Test("instances that work on several messages at a time")
    func concurrency() throws {
        let (report, _) = try run(
            WaitTarget(target: .seconds(60)), service: .exponential(mean: 45), gap: .exponential(mean: 2), jobs: 1500,
            concurrency: 4)
        #expect(report.completed == 1500)
        #expect(report.wait.p95 <= 60, "\(report.wait)")
        #expect(report.busyTerminations == 0)
    }

    @Test("however much comes, it looks as often as the daemon does")
    func looks() throws {
        let policy = GroupPolicy(
            name: "g", minSize: 1, maxSize: 5,
            scalingPolicies: [ScalingPolicy(name: "keep", waiting: WaitTarget(target: .seconds(60)))])
        let jobs = (0..<2000).map { Job(arrivalNs: Int64($0) * 500_000, serviceNs: 1_000_000) }
        var simulation = Simulation(policy, SimulationModel(), ListedJobs(jobs), beginsAt: Sample.noon)
        var looks = 0
        simulation.onTick = { now, _, seen in
            if seen != nil, now - Sample.noon < .seconds(1) { looks += 1 }
        }
        try simulation.run()
        let atMost = Int(1000 / Limits.shortestTrafficInterval.wholeMilliseconds)
        #expect(looks > atMost / 2 && looks <= atMost + 2, "\(looks)")
    }

    @Test("the first message of a group at zero brings one instance, and the last one ends it")
    func fromZeroToZero() throws {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 5,
            scalingPolicies: [ScalingPolicy(name: "keep", waiting: WaitTarget(target: .seconds(60)))])
        var model = SimulationModel()
        model.startup = .constant(30)
        let job = Job(arrivalNs: 5_000_000_000, serviceNs: 1_000_000_000)
        let report = try Sample.run(policy, ListedJobs([job]), model).report(trace: "")
        #expect(report.launches == 1 && report.completed == 1)
        #expect(report.wait.max >= 30 && report.wait.max < 30.1)
    }
}
