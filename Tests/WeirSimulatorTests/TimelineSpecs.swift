import Testing
import WeirCore

@testable import WeirSimulator

@Suite("How a simulation went")
struct TimelineSpecs {
    private struct Sum: Joinable, Equatable {
        var value = 0
        mutating func join(_ later: Sum) { value += later.value }
    }

    @Test("however long time is, there are never more pieces than agreed, and nothing in them is lost")
    func bounded() {
        var buckets = Buckets<Sum>(most: 8)
        var moment: Int64 = 0
        for count in 1...500 {
            buckets[buckets.reach(moment)].value += count
            moment += 3_000_000 * Int64(count)
            #expect(buckets.contents.count <= 8)
        }
        #expect(buckets.contents.reduce(0) { $0 + $1.value } == 500 * 501 / 2)
        #expect(Int64(buckets.contents.count) * buckets.widthNs >= moment - 3_000_000 * 500)
    }

    @Test("joined pieces keep the mean over time, and the least and the most")
    func levels() {
        var early = TimelinePiece()
        early.backlog.hold(10, forNs: 3)
        early.backlog.touch(40)
        var late = TimelinePiece()
        late.backlog.hold(2, forNs: 1)
        early.join(late)
        #expect(early.backlog.mean == 8 && early.backlog.least == 2 && early.backlog.most == 40)
        early.join(TimelinePiece())
        #expect(early.backlog.mean == 8, "a piece in which nothing is known changes nothing")
    }

    /// More hands for each minute in which somebody waits, and none after two quiet ones.
    private let policy = GroupPolicy(
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
            ScalingPolicy(
                name: "out", alarm: "waiting",
                kind: .step(
                    StepScaling(
                        adjustmentType: .changeInCapacity, steps: [StepAdjustment(adjustment: 1)],
                        instanceWarmup: .zero))),
            ScalingPolicy(
                name: "in", alarm: "empty",
                kind: .step(
                    StepScaling(
                        adjustmentType: .exactCapacity, steps: [StepAdjustment(adjustment: 0)], instanceWarmup: .zero))),
        ])

    private func run(watched: Bool) throws -> Simulation {
        var chance = Randomness(seed: 3)
        let jobs = (0..<3000).map { number in
            Job(
                arrivalNs: Int64(number / 50) * 1_200_000_000_000 + Int64(number % 50) * 1_000_000_000,
                serviceNs: SpanModel.exponential(mean: 30).draw(&chance))
        }
        var simulation = Simulation(
            policy, SimulationModel(), ListedJobs(jobs), beginsAt: Sample.noon,
            timeline: watched ? Timeline(of: policy) : nil)
        try simulation.run()
        return simulation
    }

    @Test("it agrees with the report: jobs, waits, the largest backlog, capacity, and what was worked")
    func agrees() throws {
        let simulation = try run(watched: true)
        let kept = simulation.timeline
        let timeline = try #require(kept)
        let report = simulation.report(trace: "")
        let pieces = timeline.pieces.contents
        let width = Double(timeline.pieces.widthNs) / 1e9
        #expect(pieces.reduce(0) { $0 + $1.arrivals } == report.jobs)
        #expect(pieces.reduce(0) { $0 + $1.waits.count } == report.jobs)
        #expect(pieces.map(\.waits.max).max() == report.wait.max)
        #expect(pieces.map(\.backlog.most).max() == report.maxBacklog)
        #expect(pieces.map(\.busiestMinute).max() == 50)
        #expect(Double(timeline.endNs) / 1e9 == report.span)
        // The last piece is not full.
        let last = report.span - width * Double(pieces.count - 1)
        let worked =
            pieces.dropLast().reduce(0) { $0 + $1.working.mean * width } + (pieces.last?.working.mean ?? 0) * last
        let hours = report.workerHours * report.utilisation
        #expect(abs(worked / 3600 - hours) < hours * 1e-6, "\(worked / 3600) \(hours)")
        // Nobody works who is not in service, and an instance costs from its launch to its end.
        let served =
            pieces.dropLast().reduce(0) { $0 + $1.inService.mean * width } + (pieces.last?.inService.mean ?? 0) * last
        #expect(served > worked && served / 3600 <= report.workerHours)
        let alarms = timeline.alarms.reduce(0) { $0 + $1.spans.count - 1 }
        #expect(alarms == report.alarmTransitions)
    }

    @Test("changes of capacity follow from each other, and have their reasons")
    func decisions() throws {
        let timeline = try #require(try run(watched: true).timeline)
        let all = timeline.decisions
        #expect(all.count > 100 && timeline.decisionsLeftOut == 0, "however close to each other, all are there")
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(all.map(\.atNs) == all.map(\.atNs).sorted())
        #expect(all.allSatisfy { $0.from != $0.to && !$0.reasons.isEmpty })
    }

    @Test("being watched changes nothing")
    func unchanged() throws {
        #expect(try run(watched: true).report(trace: "") == run(watched: false).report(trace: ""))
    }

    @Test("all changes are kept up to a bound, and beyond it the largest of each piece; nothing goes uncounted")
    func manyDecisions() {
        var decisions = TimelineDecisions()
        for number in 0..<TimelineDecisions.most {
            decisions.add(
                TimelineDecision(atNs: Int64(number) * 1000, from: number % 2, to: 1 - number % 2, reasons: []))
        }
        #expect(decisions.all.count == TimelineDecisions.most && decisions.leftOut == 0)
        decisions.add(TimelineDecision(atNs: 60_000_000_000, from: 0, to: 5, reasons: []))
        #expect(decisions.all.last?.to == 5 && decisions.all.count <= TimelineDecisions.most)
        #expect(decisions.leftOut > 0 && decisions.all.count + decisions.leftOut == TimelineDecisions.most + 1)
    }

    @Test("of many changes in one piece of time the largest is kept, and the others are counted")
    func largest() {
        var piece = DecisionPiece()
        for (moment, to) in [(1, 3), (2, 9), (3, 4)] {
            piece.add(TimelineDecision(atNs: Int64(moment), from: 2, to: to, reasons: []))
        }
        var later = DecisionPiece()
        later.add(TimelineDecision(atNs: 4, from: 9, to: 2, reasons: []))
        piece.join(later)
        #expect(piece.largest?.to == 9 && piece.others == 3)
    }

    @Test("an alarm that comes and goes without end is told in bounded memory, and no ALARM is lost")
    func flapping() {
        var course = AlarmCourse("a")
        let hour: Int64 = 3_600_000_000_000
        for number in 0..<10_000 {
            course.changes(to: number % 2 == 0 ? .alarm : .ok, atNs: Int64(number) * 60_000_000_000)
        }
        course.changes(to: .alarm, atNs: 20_000 * hour)
        course.changes(to: .ok, atNs: 20_000 * hour + 1)
        #expect(course.spans.count <= AlarmCourse.mostSpans)
        #expect(course.joinedBelowNs > 0)
        #expect(course.spans.suffix(2).map(\.state) == [.alarm, .ok])
        #expect(zip(course.spans, course.spans.dropFirst()).allSatisfy { $0.state != $1.state })
    }

    @Test("told to stop, it stops between two events, and tells what came of it until then")
    func interrupted() throws {
        var simulation = Simulation(
            Sample.fixed(1), SimulationModel(),
            ListedJobs((0..<100).map { Job(arrivalNs: $0 * 600_000_000_000, serviceNs: 1_000_000_000) }),
            beginsAt: Sample.noon)
        simulation.goesOn = { $0.nowNs < 6_000_000_000_000 }
        try simulation.run()
        let report = simulation.report(trace: "")
        #expect(report.wasInterrupted && !report.wasEndedEarly)
        #expect(report.jobs == 11 && report.completed >= 10 && report.span >= 6000 && report.span < 6100)
        #expect(report.workerHours == report.span / 3600)
    }

    @Test("of what was in hand when it was told to stop, only what was done counts as work")
    func interruptedAtWork() throws {
        // Two jobs of a day each on two slots of one instance, and nobody waits for their ends.
        var simulation = Simulation(
            Sample.fixed(1, concurrency: 4), SimulationModel(),
            ListedJobs([0, 600].map { Job(arrivalNs: $0 * 1_000_000_000, serviceNs: 86_400_000_000_000) }),
            beginsAt: Sample.noon)
        simulation.goesOn = { $0.nowNs < 6_000_000_000_000 }
        try simulation.run()
        let report = simulation.report(trace: "")
        #expect(report.wasInterrupted && report.undone == 2)
        #expect(abs(report.utilisation - (2 * report.span - 600) / (4 * report.span)) < 1e-9, "\(report.utilisation)")
    }

    @Test("jobs that take longer than time has numbers are left, and said to be")
    func tooLong() throws {
        let tenYears: Int64 = 315_576_000_000_000_000
        var policy = Sample.fixed(1)
        policy.pollInterval = .seconds(30 * 86_400)
        let jobs = (0..<40).map { _ in Job(arrivalNs: 0, serviceNs: tenYears) }
        let report = try Sample.run(policy, ListedJobs(jobs)).report(trace: "")
        #expect(report.wasEndedEarly && report.isTooLong)
        #expect(report.completed == 15 && report.undone == 25)
        #expect(report.span > 150 * 31_557_600 && report.span < 151 * 31_557_600)
    }

    @Test("a source may tell anything of what is in flight", arguments: [1e300, -5, .nan, 3])
    func told(inFlight: Double) throws {
        var simulation = Simulation(
            Sample.fixed(2, concurrency: 2), SimulationModel(), ListedJobs([]), beginsAt: Sample.noon)
        var script = Script(endNs: 600_000_000_000)
        script.source = { _ in
            Measurement(visible: .value(0), inFlight: .value(inFlight), delayed: .value(0), oldestAge: .value(0))
        }
        simulation.script = script
        var held: Set<Int> = []
        simulation.onRecord = { record in held.insert((record.observation.held ?? []).reduce(0) { $0 + $1.messages }) }
        try simulation.run()
        #expect(held.max() == (inFlight > 3 ? 4 : inFlight > 0 ? 3 : 0), "\(held)")
    }

    @Test(
        "of 1000 that wait one second longer each, so many percent wait at most so long",
        arguments: [(50, 500), (90, 900), (95, 950), (99, 990), (99.9, 999), (100, 1000)])
    func percentiles(_ percent: Double, _ seconds: Double) {
        var waits = WaitStatistics()
        for second in 1...1000 { waits.add(Int64(second) * 1_000_000_000) }
        #expect(waits.percentile(percent) == seconds)
        let report = SimulationReport.Waits(waits)
        #expect(report.p90 == 900 && report.p999 == 999)
    }

    @Test("the distribution of waits has everybody in it, each within a sixteenth of an octave")
    func distribution() {
        var waits = WaitStatistics()
        for wait in [0, 0, 1, 31, 32, 33, 1_000_000_000, 60_000_000_000] as [Int64] { waits.add(wait) }
        let classes = waits.distribution()
        #expect(classes.map(\.count) == [2, 1, 1, 2, 1, 1])
        #expect(classes.first?.upTo == 0 && classes.last?.upTo == 60)
        #expect(classes[3].from == 32e-9 && classes[3].upTo == 33e-9, "a class is as wide as its waits are apart")
        #expect(classes[4].from == 1 && classes[4].upTo == 1)
    }
}
