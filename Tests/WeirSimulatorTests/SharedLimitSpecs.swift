import Testing
import WeirCore

@testable import WeirSimulator

@Suite("Groups that share a limit, in one made-up world")
struct SharedLimitSpecs {
    private func seconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

    /// As many as it may have as soon as anybody waits, and none when nobody does.
    private func policy(_ name: String, priority: Int = 0, units: Int = 1, most: Int = 6) -> GroupPolicy {
        let all = StepScaling(
            adjustmentType: .exactCapacity, steps: [StepAdjustment(adjustment: most)], instanceWarmup: .zero)
        let none = StepScaling(
            adjustmentType: .exactCapacity, steps: [StepAdjustment(adjustment: 0)], instanceWarmup: .zero)
        var policy = GroupPolicy(
            name: name, minSize: 0, maxSize: most, pollInterval: .seconds(10),
            alarms: [
                AlarmDefinition(
                    name: "waiting", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
                    evaluationPeriods: 1, comparison: .greaterThanOrEqual, threshold: 1),
                AlarmDefinition(
                    name: "empty", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(10),
                    evaluationPeriods: 2, comparison: .lessThanOrEqual, threshold: 0),
            ],
            scalingPolicies: [
                ScalingPolicy(name: "out", alarm: "waiting", kind: .step(all)),
                ScalingPolicy(name: "in", alarm: "empty", kind: .step(none)),
            ])
        policy.fleet = FleetMembership(name: "machine", priority: priority, units: units)
        return policy
    }

    private func jobs(_ count: Int, at from: Double, taking length: Double) -> ListedJobs {
        ListedJobs((0..<count).map { _ in Job(arrivalNs: seconds(from), serviceNs: seconds(length)) })
    }

    private func world(_ parts: [(GroupPolicy, ListedJobs)], limit: Int) throws -> SimulatedWorld {
        let world = SimulatedWorld(
            parts.map { SimulatedGroup(Simulation($0, SimulationModel(), $1, beginsAt: Sample.noon)) },
            limits: [FleetLimit(name: "machine", maxSize: limit)])
        try world.run()
        return world
    }

    private func reports(_ world: SimulatedWorld) -> [SimulationReport] {
        world.groups.map { $0.simulation.report(trace: "") }
    }

    @Test("one that has the limit to itself is under it as under one that it shares", arguments: [3, 6])
    func alone(limit: Int) throws {
        var policy = policy("a")
        policy.scheduledActions = [ScheduledAction(name: "more", startTime: Sample.noon + .seconds(60), maxSize: 50)]
        var model = SimulationModel()
        model.fleetLimit = FleetLimit(name: "machine", maxSize: limit)
        let alone = try Sample.run(policy, jobs(40, at: 0, taking: 20), model).report(trace: "")
        let shared = try world([(policy, jobs(40, at: 0, taking: 20))], limit: limit)
        #expect(alone == reports(shared)[0] && alone.peakInstances == limit)
    }

    @Test("together they never have more than the limit, and all jobs are done")
    func limit() throws {
        let world = try world(
            [(policy("a"), jobs(40, at: 0, taking: 20)), (policy("b"), jobs(40, at: 5, taking: 20))], limit: 6)
        let reports = reports(world)
        #expect(reports.map(\.completed) == [40, 40])
        #expect(world.limits.peaks == [6])
        #expect(reports.allSatisfy { $0.busyTerminations == 0 })
        // 1600 s of work for six of them, and then the time to notice.
        #expect(reports.allSatisfy { $0.span == reports[0].span } && reports[0].span > 1600 / 6)
    }

    @Test("what one gives back the other has as soon as it is free, and nobody is ended at work")
    func given() throws {
        let bulk = policy("bulk")
        let urgent = policy("urgent", priority: 10)
        let reports = reports(
            try world([(bulk, jobs(30, at: 0, taking: 60)), (urgent, jobs(6, at: 100, taking: 10))], limit: 6))
        // All six places are taken until jobs of bulk end, a minute after they began; then six of urgent start in 10 s.
        let wait = reports[1].wait.max
        #expect(reports[1].completed == 6 && wait > 30 && wait < 50, "\(wait)")
        #expect(reports[0].completed == 30 && reports.allSatisfy { $0.busyTerminations == 0 })
        #expect(reports[0].launches > 6, "they came back when urgent had what it wanted")
    }

    @Test("without a limit in common each is simulated as if it were alone")
    func apart() throws {
        var (left, right) = (policy("a"), policy("b"))
        left.fleet = nil
        right.fleet = nil
        let parts = [(left, [3.0, 700, 1500]), (right, [4.0, 650, 1501])]
        let alone = try parts.map { policy, times in
            try Sample.run(policy, ListedJobs(times.map { Job(arrivalNs: seconds($0), serviceNs: seconds(30)) }))
                .report(trace: "")
        }
        let together = reports(
            try world(
                parts.map { policy, times in
                    (policy, ListedJobs(times.map { Job(arrivalNs: seconds($0), serviceNs: seconds(30)) }))
                }, limit: 6))
        #expect(together.map(\.wait) == alone.map(\.wait))
        #expect(together.map(\.launches) == alone.map(\.launches))
        #expect(together.map(\.span) == [alone.map(\.span).max(), alone.map(\.span).max()])
    }

    @Test("one alone under its limit has that, and no more")
    func alone() throws {
        let world = try world([(policy("a", units: 2), jobs(40, at: 0, taking: 20))], limit: 7)
        #expect(reports(world)[0].peakInstances == 3 && world.limits.peaks == [6])
    }

    @Test("the same seed gives the same reports")
    func deterministic() throws {
        func once() throws -> [SimulationReport] {
            let urgent = (policy("b", priority: 1), jobs(60, at: 50, taking: 9))
            return reports(try world([(policy("a"), jobs(90, at: 0, taking: 7)), urgent], limit: 4))
        }
        #expect(try once() == once())
    }

    @Test("loads that begin at other times are put in their places on one clock")
    func shifted() throws {
        let source = ListedJobs([Job(arrivalNs: 5, serviceNs: 1)], beginsAt: 61_000)
        var jobs: ContiguousArray<Job> = []
        try ShiftedJobs(source, beginsAt: 1000, name: "a").read(10, into: &jobs)
        #expect(jobs == [Job(arrivalNs: 60_000_000_005, serviceNs: 1)])
    }

    @Test("loads that lie centuries apart have no beginning in common")
    func centuries() {
        let source = ListedJobs([], beginsAt: 300 * 366 * 86_400_000)
        let failure = #expect(throws: TraceFailure.self) { try ShiftedJobs(source, beginsAt: 1000, name: "b.csv") }
        #expect(failure?.description.hasPrefix("b.csv: begins too long after the first of these loads") == true)
    }

    @Test("how far they are is how far all of them are; unknown where that of one is")
    func progress() {
        func progress(_ share: Double?) -> SimulationProgress {
            SimulationProgress(nowNs: 5, events: 2, shareRead: share)
        }
        #expect(
            SimulatedWorld.sum([progress(1), progress(0.5)])
                == SimulationProgress(nowNs: 5, events: 4, shareRead: 0.75))
        #expect(SimulatedWorld.sum([progress(1), progress(nil)]).shareRead == nil)
    }
}
