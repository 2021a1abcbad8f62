import Testing
import WeirCore

@testable import WeirSimulator

@Suite("What a queue keeps: for how long, and how many in flight")
struct KeepingSpecs {
    private func jobs(_ count: Int, taking seconds: Int64) -> ListedJobs {
        ListedJobs((0..<count).map { _ in Job(arrivalNs: 0, serviceNs: seconds * 1_000_000_000) })
    }

    @Test("a message that nobody has received by then is deleted for its age")
    func retention() throws {
        var model = SimulationModel()
        model.retention = .seconds(60)
        let report = try Sample.run(Sample.fixed(1), jobs(4, taking: 50), model).report(trace: "")
        #expect(report.completed == 2 && report.expired == 2 && report.wait.max == 50)
        #expect(report.span == 100 && !report.wasEndedEarly)
    }

    @Test("so is one whose attempts failed until then")
    func failed() throws {
        var model = SimulationModel()
        model.retention = .seconds(60)
        model.poisonRate = 1
        let report = try Sample.run(Sample.fixed(1), jobs(1, taking: 1), model).report(trace: "")
        // Received at 0 and 30 s.
        #expect(report.failedAttempts == 2 && report.expired == 1 && report.completed == 0)
    }

    @Test("where nobody ever comes the simulation ends when the last message has gone")
    func nobody() throws {
        var model = SimulationModel()
        model.retention = .seconds(3600)
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 0)
        let report = try Sample.run(policy, jobs(3, taking: 1), model).report(trace: "")
        #expect(report.expired == 3 && !report.wasEndedEarly && report.span == 3600)
    }

    @Test("while as many are in flight as may be, idle workers get nothing")
    func inFlight() throws {
        var model = SimulationModel()
        model.mostInFlight = 2
        let report = try Sample.run(Sample.fixed(5), jobs(6, taking: 10), model).report(trace: "")
        #expect(report.completed == 6 && report.span == 30 && report.wait.max == 20)
    }

    @Test("messages that failed are in flight until their timeout is over")
    func hidden() throws {
        var model = SimulationModel()
        model.mostInFlight = 1
        model.poisonRate = 1
        model.maxReceiveCount = 1
        let report = try Sample.run(Sample.fixed(2), jobs(2, taking: 1), model).report(trace: "")
        #expect(report.deadLetters == 2 && report.wait.max == 30)
    }
}
