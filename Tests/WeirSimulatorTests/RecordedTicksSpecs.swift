import Testing
import WeirCore

@testable import WeirSimulator

@Suite("What is recorded of a simulation")
struct RecordedTicksSpecs {
    /// Its queue says nothing of who works on what, so that workers protect themselves.
    private var policy: GroupPolicy {
        let out = StepScaling(adjustmentType: .changeInCapacity, steps: [StepAdjustment(adjustment: 1)])
        let home = StepScaling(
            adjustmentType: .changeInCapacity, steps: [StepAdjustment(upper: 0, adjustment: -1)])
        var policy = GroupPolicy(
            name: "g", minSize: 1, maxSize: 60,
            alarms: [
                AlarmDefinition(
                    name: "waiting", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
                    evaluationPeriods: 1, comparison: .greaterThanOrEqual, threshold: 1),
                AlarmDefinition(
                    name: "few", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
                    evaluationPeriods: 2, comparison: .lessThanOrEqual, threshold: 0),
            ],
            scalingPolicies: [
                ScalingPolicy(name: "out", alarm: "waiting", kind: .step(out)),
                ScalingPolicy(name: "in", alarm: "few", kind: .step(home)),
            ])
        policy.workIsSeen = false
        return policy
    }

    private func jobs(_ seed: UInt64) -> ListedJobs {
        var chance = Randomness(seed: seed)
        var atNs: Int64 = 0
        return ListedJobs(
            (0..<400).map { _ in
                atNs += SpanModel.exponential(mean: 20).draw(&chance)
                return Job(arrivalNs: atNs, serviceNs: SpanModel.exponential(mean: 90).draw(&chance))
            })
    }

    @Test("each tick is there, and follows from the one before it by what was seen", arguments: [1, 2, 3])
    func allTicks(_ seed: UInt64) throws {
        let kept = try Kept(policy, jobs(seed), SimulationModel())
        #expect(kept.records.map(\.tick) == Array(1...kept.records.count))
        #expect(kept.records.contains { !$0.observation.requests.isEmpty })
        var state: GroupState?
        for record in kept.records {
            if let checkpoint = record.checkpoint {
                #expect(state == nil || state == checkpoint.state)
                state = checkpoint.state
            }
            let before = try #require(state)
            let again = evaluate(policy, before, record.observation, at: record.at)
            try #require(again.decision == record.decision, "tick \(record.tick)")
            state = again.state
        }
    }

    @Test("it goes on as if nobody recorded it", arguments: [1, 2, 3])
    func same(_ seed: UInt64) throws {
        let kept = try Kept(policy, jobs(seed), SimulationModel())
        let unseen = try Sample.run(policy, jobs(seed))
        #expect(kept.report == unseen.report(trace: ""))
        #expect((kept.report?.protectedDelays ?? 0) > 0)
    }

    @Test("it does so where instances die, too", arguments: 1...20)
    func sameWithCrashes(_ seed: UInt64) throws {
        var restless = policy
        restless.pollInterval = .seconds(60)
        // On each look some are added or go.
        restless.alarms[1].evaluationPeriods = 1
        restless.alarms[1].datapointsToAlarm = 1
        restless.alarms[1].threshold = 1000
        restless.alarms[0].threshold = 3
        var model = SimulationModel()
        model.crashRate = 0.3
        model.seed = seed
        let kept = try Kept(restless, jobs(seed), model)
        #expect(kept.report == (try Sample.run(restless, jobs(seed), model)).report(trace: ""))
    }

    @Test("two workers that are there from the beginning, and two jobs")
    func smallest() throws {
        let jobs = ListedJobs([1, 2].map { Job(arrivalNs: $0 * 1_000_000_000, serviceNs: 150_000_000_000) })
        var policy = Sample.fixed(2)
        policy.workIsSeen = false
        let kept = try Kept(policy, jobs, SimulationModel())
        #expect(kept.records.contains { !$0.observation.requests.isEmpty })
        #expect(kept.records.map(\.tick) == Array(1...kept.records.count))
        #expect(kept.records.count { $0.checkpoint != nil } == 1)
    }
}
