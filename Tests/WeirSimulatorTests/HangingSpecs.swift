import Testing
import WeirCore

@testable import WeirSimulator

/// What was recorded of a simulation.
final class Kept {
    var records: [Record] = []

    /// Unit: milliseconds since the beginning.
    func times(where isMeant: (Record) -> Bool) -> [Int64] {
        records.filter(isMeant).map { $0.at.milliseconds - Sample.noon.milliseconds }
    }

    init(_ policy: GroupPolicy, _ jobs: any JobSource, _ model: SimulationModel) throws {
        var simulation = Simulation(policy, model, jobs, beginsAt: Sample.noon)
        simulation.onRecord = { self.records.append($0) }
        try simulation.run()
        report = simulation.report(trace: "")
    }

    private(set) var report: SimulationReport?
}

@Suite("Instances that hang, and health checks that find them")
struct HangingSpecs {
    /// Each hangs 100 s after it began to run.
    private var model: SimulationModel {
        var model = SimulationModel()
        model.unhealthyAfter = .constant(100)
        model.healthCheck = HealthChecks(interval: .seconds(10), timeout: .seconds(5))
        return model
    }

    private func seconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

    private func isFailure(_ record: Record) -> Bool { !record.observation.health.isEmpty }

    @Test("three checks in a row fail, the instance is replaced, and the next one does the job")
    func replaced() throws {
        let jobs = ListedJobs([Job(arrivalNs: seconds(130), serviceNs: seconds(1))])
        let kept = try Kept(Sample.fixed(1), jobs, model)
        // Asked at 100, 110 and 120 s; each time nobody answers within 5 s, and the group looks a moment later.
        #expect(kept.times(where: isFailure) == [105_001, 115_001, 125_001])
        let report = try #require(kept.report)
        // The new one starts in 10 s.
        #expect(report.wait.max >= 5 && report.wait.max < 5.1, "\(report.wait.max)")
        #expect(report.completed == 1 && report.hungInstances == 1 && report.launches == 1)
    }

    @Test("without a health check nobody notices, and the jobs are left")
    func unnoticed() throws {
        var model = model
        model.healthCheck = nil
        let report = try Sample.run(
            Sample.fixed(1), ListedJobs([Job(arrivalNs: seconds(130), serviceNs: 1)]), model
        ).report(trace: "")
        #expect(report.wasEndedEarly && report.completed == 0 && report.hungInstances == 1)
    }

    @Test("what it has in hand is visible again after its timeout, and done by the next one: 5 s and 20 s of work")
    func inHand() throws {
        let job = Job(arrivalNs: seconds(95), serviceNs: seconds(20))
        let report = try Sample.run(Sample.fixed(1), ListedJobs([job]), model).report(trace: "")
        #expect(report.completed == 1 && report.wait.max == 0)
        // Visible at 125 s, which wakes the group; 10 s to start.
        #expect(report.span == 155, "\(report.span)")
        #expect(abs(report.utilisation * report.workerHours * 3600 - 25) < 1e-6)
        #expect(report.busyTerminations == 0)
    }

    @Test("one that is ended while it holds a message takes nothing with it")
    func endedInHand() throws {
        var model = model
        model.visibilityTimeout = .seconds(600)
        var policy = Sample.fixed(1)
        policy.healthCheck.busyTimeout = .seconds(60)
        let job = Job(arrivalNs: seconds(95), serviceNs: seconds(20))
        let report = try Sample.run(policy, ListedJobs([job]), model).report(trace: "")
        #expect(report.completed == 1 && report.busyTerminations == 1)
        #expect(report.span > 95 + 600 && report.span < 95 + 600 + 21, "\(report.span)")
    }

    @Test("within the grace period no check is believed")
    func grace() throws {
        var policy = Sample.fixed(1)
        policy.healthCheckGracePeriod = .seconds(200)
        let jobs = ListedJobs([Job(arrivalNs: seconds(230), serviceNs: seconds(1))])
        let report = try #require(try Kept(policy, jobs, model).report)
        // Believed are those of 205, 215 and 225 s.
        #expect(report.wait.max >= 5 && report.wait.max < 5.1, "\(report.wait.max)")
    }

    @Test("sixteen are asked at a time: a round in which seventeen do not answer takes twice as long")
    func rounds() throws {
        let jobs = ListedJobs([Job(arrivalNs: seconds(50), serviceNs: 1), Job(arrivalNs: seconds(121), serviceNs: 1)])
        let kept = try Kept(Sample.fixed(17), jobs, model)
        #expect(kept.times(where: isFailure).prefix(2) == [110_001, 120_000], "and at 120 s it looks anyway")
    }

    @Test("a job that nobody does for hours is done when instances hang all the time, and every one is done once")
    func again() throws {
        var model = model
        model.unhealthyAfter = .exponential(mean: 900)
        let jobs = (0..<2000).map { Job(arrivalNs: seconds(Double($0) * 20), serviceNs: seconds(30)) }
        let report = try Sample.run(Sample.fixed(4), ListedJobs(jobs), model).report(trace: "")
        #expect(report.completed == 2000 && !report.wasEndedEarly)
        #expect(report.hungInstances > 100 && report.launches >= report.hungInstances - 4)
        #expect(try Sample.run(Sample.fixed(4), ListedJobs(jobs), model).report(trace: "") == report)
    }
}
