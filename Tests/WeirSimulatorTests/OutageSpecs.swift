import Testing
import WeirCore

@testable import WeirSimulator

@Suite("Times at which the source or the launcher does not work")
struct OutageSpecs {
    private func seconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

    private func once(_ from: Double, _ until: Double, says: Outage.Answer = .failure) -> [Outage] {
        [Outage(.once(fromNs: seconds(from), untilNs: seconds(until)), says: says)]
    }

    private func isDoubted(_ record: Record) -> Bool {
        record.decision.reasons.contains { if case .notBelieved = $0.fact { true } else { false } }
    }

    /// Nobody is there, and nobody comes but by the fallback.
    private func policy(_ fallback: SourceFallback.Kind = .hold) -> GroupPolicy {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 5, pollInterval: .seconds(10))
        policy.fallback = SourceFallback(fallback, after: .seconds(60))
        return policy
    }

    @Test("after a minute without an answer the fallback brings instances, and they do the job")
    func fallback() throws {
        var model = SimulationModel()
        model.sourceOutages = once(100, 200)
        let jobs = ListedJobs([Job(arrivalNs: seconds(155), serviceNs: seconds(1))])
        let kept = try Kept(policy(.floor(3)), jobs, model)
        let failed = kept.times {
            if case .missing(.sourceFailed)? = $0.observation.measurement?.visible { true } else { false }
        }
        #expect(failed.first == 100_000)
        let raised = kept.times { $0.decision.desired == 3 && $0.decision.previousDesired == 0 }
        #expect(raised == [160_000])
        let report = try #require(kept.report)
        #expect(report.launches == 3 && report.failedMeasurements == failed.count)
        // 5 s until then, and 10 s to start.
        #expect(report.wait.max >= 15 && report.wait.max < 15.1, "\(report.wait.max)")
    }

    @Test("a source that says zero at once is believed at the third time")
    func zero() throws {
        var model = SimulationModel()
        model.sourceOutages = once(100, 160, says: .zero)
        let jobs = ListedJobs((0..<25).map { _ in Job(arrivalNs: 0, serviceNs: 1) })
        let doubted = try Kept(policy(), jobs, model).times(where: isDoubted)
        #expect(doubted == [100_000, 110_000])
    }

    @Test("figures that are more than five minutes old are not believed")
    func stale() throws {
        var model = SimulationModel()
        model.sourceOutages = once(95, 1095, says: .stale)
        let jobs = ListedJobs([Job(arrivalNs: seconds(1), serviceNs: 1)])
        let doubted = try Kept(policy(), jobs, model).times(where: isDoubted)
        // The job woke the group at 1 s, so the last true ones are of 91 s.
        #expect(doubted.first == 401_000 && doubted.last == 1_091_000, "\(doubted)")
    }

    @Test("while the launcher is out nothing is launched, and afterwards it is")
    func launcher() throws {
        var model = SimulationModel()
        model.launcherOutages = once(0, 120)
        var policy = policy()
        policy.fallback = SourceFallback(.capacity(1), after: .seconds(10))
        model.sourceOutages = once(5, 100)
        let kept = try Kept(policy, ListedJobs([Job(arrivalNs: seconds(5), serviceNs: seconds(1))]), model)
        let report = try #require(kept.report)
        #expect(report.completed == 1 && report.failedLaunches > 0 && report.launches == 1)
        // From the end of the outage: at most as long as launches are put off after several failures, and the start.
        #expect(report.wait.max >= 125 && report.wait.max < 500, "\(report.wait.max)")
        let blind = kept.times { if case .failed? = $0.observation.listing { true } else { false } }
        #expect((blind.last ?? .max) < 120_000)
    }

    @Test("again and again: every ten minutes, for one")
    func again() {
        let outage = Outage(.again(every: .constant(600), lasting: .constant(60)))
        var course = OutageCourse([outage], Randomness(seed: 1))
        let out = (0..<60).filter { course.answer(atNs: Int64($0) * 60_000_000_000) != nil }
        #expect(out == [10, 20, 30, 40, 50])
    }

    @Test("of two at one time the first one counts")
    func two() {
        var course = OutageCourse(once(10, 20, says: .zero) + once(15, 30), Randomness(seed: 1))
        let answers = stride(from: 5, to: 35, by: 5).map { course.answer(atNs: seconds(Double($0))) }
        #expect(answers == [nil, .zero, .zero, .failure, .failure, nil])
    }

    @Test("what a source never tells is missing in each measurement, and what is made of it")
    func untold() throws {
        var policy = Sample.fixed(1)
        policy.alarms = [
            AlarmDefinition(
                name: "old", metric: .builtIn(.oldestAge), statistic: .maximum, period: .seconds(60),
                evaluationPeriods: 1, comparison: .greaterThan, threshold: 1),
            AlarmDefinition(
                name: "much", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(60),
                evaluationPeriods: 1, comparison: .greaterThan, threshold: 1),
        ]
        let jobs = (1...60).map { Job(arrivalNs: $0 * 1_000_000_000, serviceNs: 30_000_000_000) }
        func transitions(_ untold: Set<BuiltInMetric>) throws -> (report: SimulationReport, seen: Set<String>) {
            var model = SimulationModel()
            model.untold = untold
            var simulation = Simulation(policy, model, ListedJobs(jobs), beginsAt: Sample.noon)
            var seen: Set<String> = []
            simulation.onTick = { _, evaluation, _ in
                for transition in evaluation.alarmTransitions where transition.to == .alarm {
                    seen.insert(transition.alarm)
                }
            }
            try simulation.run()
            return (simulation.report(trace: ""), seen)
        }
        #expect(try transitions([]).seen == ["old", "much"])
        #expect(try transitions([.oldestAge]).seen == ["much"])
        #expect(try transitions([.inFlight]).seen == ["old"])
        #expect(try transitions(Set(BuiltInMetric.allCases)).report.completed == 60)
    }
}
