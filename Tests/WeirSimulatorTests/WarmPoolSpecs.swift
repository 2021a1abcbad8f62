import Testing
import WeirCore

@testable import WeirSimulator

@Suite("A warm pool, on made-up time")
struct WarmPoolSpecs {
    /// From zero as soon as somebody waits.
    private func policy(_ pool: WarmPool?) -> GroupPolicy {
        let step = StepScaling(
            adjustmentType: .exactCapacity, steps: [StepAdjustment(adjustment: 1)], instanceWarmup: .zero)
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 1,
            alarms: [
                AlarmDefinition(
                    name: "waiting", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
                    evaluationPeriods: 1, comparison: .greaterThanOrEqual, threshold: 1)
            ],
            scalingPolicies: [ScalingPolicy(name: "out", alarm: "waiting", kind: .step(step))])
        policy.warmPool = pool
        return policy
    }

    private func report(_ pool: WarmPool?) throws -> SimulationReport {
        var model = SimulationModel()
        model.startup = .constant(60)
        model.warmStartup = .constant(5)
        let jobs = [Job(arrivalNs: 3_600_000_000_000, serviceNs: 10_000_000_000)]
        return try Sample.run(policy(pool), ListedJobs(jobs), model).report(trace: "")
    }

    @Test("one that was made before is there sooner, and costs nothing until it is started")
    func stopped() throws {
        let without = try report(nil)
        #expect(without.wait.max >= 60 && without.wait.max < 61)
        let with = try report(WarmPool(state: .stopped))
        #expect(with.wait.max >= 5 && with.wait.max < 6, "\(with.wait.max)")
        #expect(abs(with.workerHours * 3600 - 15) < 1, "\(with.workerHours * 3600)")
    }

    @Test("one that was paused is there at once, and costs something all the time")
    func hibernated() throws {
        let report = try report(WarmPool(state: .hibernated))
        #expect(report.wait.max < 1, "\(report.wait.max)")
        #expect(report.workerHours * 3600 > 3500)
    }
}
