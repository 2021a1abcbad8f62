import Testing
import WeirCore

@testable import WeirSimulator

@Suite("A simulation that is remembered")
struct GoldenSpecs {
    /// Everything that chance can do is in it: starts of all lengths, attempts and launches that fail, crashes, poison.
    private var model: SimulationModel {
        var model = SimulationModel()
        model.startup = .lognormal(mean: 30, deviation: 10)
        model.failureRate = 0.02
        model.crashRate = 0.001
        model.poisonRate = 0.001
        model.launchFailureRate = 0.02
        model.maxReceiveCount = 3
        model.billing.hourlyPrice = 0.1
        model.seed = 7
        return model
    }

    private var policy: GroupPolicy {
        let up = AlarmDefinition(
            name: "up", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            comparison: .greaterThanOrEqual, threshold: 1)
        let down = AlarmDefinition(
            name: "down", metric: .builtIn(.outstanding), statistic: .average, period: .seconds(60),
            evaluationPeriods: 3, comparison: .lessThan, threshold: 4)
        let out = StepScaling(
            adjustmentType: .changeInCapacity,
            steps: [StepAdjustment(lower: 0, upper: 10, adjustment: 1), StepAdjustment(lower: 10, adjustment: 5)],
            instanceWarmup: .seconds(60))
        return GroupPolicy(
            name: "g", minSize: 0, maxSize: 40, defaultCooldown: .seconds(60), pollInterval: .seconds(10),
            concurrency: 2, alarms: [up, down],
            scalingPolicies: [
                ScalingPolicy(name: "out", alarm: "up", kind: .step(out)),
                ScalingPolicy(
                    name: "in", alarm: "down",
                    kind: .simple(SimpleScaling(adjustmentType: .changeInCapacity, adjustment: -2))),
            ])
    }

    @Test("however it is computed, what comes of it stays the same to the last digit")
    func golden() throws {
        let jobs = DrawnJobs(
            20_000, each: .pareto(smallest: 0.2, shape: 1.5), taking: .lognormal(mean: 8, deviation: 12), seed: 3)
        let report = try Sample.run(policy, jobs, model).report(trace: "golden")
        #expect(
            report
                == SimulationReport(
                    group: "g", trace: "golden", seed: 7, jobs: 20_000, completed: 19_974, deadLetters: 26,
                    failedAttempts: 532, span: 12196.630145,
                    wait: SimulationReport.Waits(
                        p50: 0, p90: 0, p95: 0, p99: 62.574466, p999: 87.610043, mean: 1.4461618657000002,
                        max: 93.339462,
                        isExact: true),
                    workerHours: 47.42822490416667, utilisation: 0.4815659996596042, peakInstances: 16, launches: 50,
                    failedLaunches: 1, terminations: 16, protectedDelays: 0, busyTerminations: 0,
                    alarmTransitions: 34, maxBacklog: 128, events: 42_809, ticks: 1691, begun: 20_000,
                    cost: 4.743555555555555))
    }
}
