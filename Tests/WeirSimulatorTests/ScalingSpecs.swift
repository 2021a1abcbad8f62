import Testing
import WeirCore

@testable import WeirSimulator

@Suite("A group that scales, on made-up time")
struct ScalingSpecs {
    private func policy() -> GroupPolicy {
        let step = StepScaling(
            adjustmentType: .changeInCapacity, steps: [StepAdjustment(adjustment: 1)], instanceWarmup: .zero)
        let all = StepScaling(
            adjustmentType: .exactCapacity, steps: [StepAdjustment(adjustment: 0)], instanceWarmup: .zero)
        return GroupPolicy(
            name: "g", minSize: 0, maxSize: 8,
            alarms: [
                AlarmDefinition(
                    name: "waiting", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
                    evaluationPeriods: 1, comparison: .greaterThanOrEqual, threshold: 1),
                AlarmDefinition(
                    name: "empty", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(60),
                    evaluationPeriods: 2, comparison: .lessThanOrEqual, threshold: 0),
            ],
            scalingPolicies: [
                ScalingPolicy(name: "out", alarm: "waiting", kind: .step(step)),
                ScalingPolicy(name: "in", alarm: "empty", kind: .step(all)),
            ])
    }

    private func bursts(_ seed: UInt64) -> [Job] {
        var chance = Randomness(seed: seed)
        return (0..<40).flatMap { burst in
            (0..<1 + chance.below(30)).map { _ in
                Job(
                    arrivalNs: Int64(burst) * 1_800_000_000_000,
                    serviceNs: SpanModel.exponential(mean: 45).draw(&chance))
            }
        }
    }

    @Test("from zero and back to zero, burst after burst; nobody is ended at work", arguments: [1, 2, 3])
    func toZeroAndBack(_ seed: UInt64) throws {
        let jobs = bursts(seed)
        let report = try Sample.run(policy(), ListedJobs(jobs)).report(trace: "")
        #expect(report.completed == jobs.count)
        #expect(report.busyTerminations == 0)
        #expect(report.launches > 40 && report.terminations >= report.launches - 8)
        #expect(report.peakInstances <= 8)
        // Less than half of what the maximum would have cost.
        #expect(report.workerHours < 8 * report.span / 3600 / 2)
        #expect(report.alarmTransitions > 80)
    }

    @Test("the first job of a group at zero waits for the launch, and for nothing else")
    func firstWait() throws {
        var model = SimulationModel()
        model.startup = .constant(60)
        let report = try Sample.run(
            policy(), ListedJobs([Job(arrivalNs: 5_000_000_000, serviceNs: 1_000_000_000)]), model
        ).report(trace: "")
        #expect(report.launches == 1)
        #expect(report.wait.max >= 60 && report.wait.max < 60.2, "\(report.wait.max)")
    }

    @Test("a policy that brings nobody leaves the jobs undone, and the simulation ends all the same")
    func nobodyComes() throws {
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 5)
        let jobs = [Job(arrivalNs: 0, serviceNs: 1), Job(arrivalNs: 5, serviceNs: 1)]
        let report = try Sample.run(policy, ListedJobs(jobs)).report(trace: "")
        #expect(report.wasEndedEarly)
        #expect(report.jobs == 2 && report.completed == 0 && report.maxBacklog == 2)
    }

    @Test("failures, poison, crashes and refused launches: every message is done once, or a dead letter")
    func failures() throws {
        var model = SimulationModel()
        model.failureRate = 0.1
        model.poisonRate = 0.05
        model.crashRate = 0.02
        model.launchFailureRate = 0.1
        model.maxReceiveCount = 5
        let jobs = bursts(4)
        let report = try Sample.run(policy(), ListedJobs(jobs), model).report(trace: "")
        #expect(report.completed + report.deadLetters == jobs.count)
        #expect(report.deadLetters > 0 && report.failedAttempts > report.deadLetters)
        #expect(report.failedLaunches > 0)
    }

    @Test("the same seed gives the same report, another one does not; what does not fail needs no chance")
    func deterministic() throws {
        var model = SimulationModel()
        model.failureRate = 0.2
        let jobs = bursts(6)
        let first = try Sample.run(policy(), ListedJobs(jobs), model).report(trace: "")
        #expect(try Sample.run(policy(), ListedJobs(jobs), model).report(trace: "") == first)
        model.seed = 2
        #expect(
            try Sample.run(policy(), ListedJobs(jobs), model).report(trace: "").failedAttempts != first.failedAttempts)
    }

    @Test("an hour that has begun is paid in full where that is agreed")
    func billing() throws {
        var model = SimulationModel()
        model.billing.hourlyPrice = 0.5
        let jobs = [Job(arrivalNs: 0, serviceNs: 4_000_000_000_000)]
        let bySecond = try Sample.run(Sample.fixed(2), ListedJobs(jobs), model).report(trace: "")
        #expect(bySecond.cost == 2 * 4000 * 0.5 / 3600)
        model.billing.unit = .hour
        let byHour = try Sample.run(Sample.fixed(2), ListedJobs(jobs), model).report(trace: "")
        #expect(byHour.cost == 2 * 2 * 0.5)
    }
}
