import Testing
import WeirCore
import WeirSimulator

@Suite("The load that records tell")
struct RecordedLoadSpecs {
    /// A tick that saw this.
    static func record(
        second: Double, visible: Double, inFlight: Double = 0, age: Double = 0, arrivals: Reading = .missing(.notTold),
        completions: Reading = .missing(.notTold)
    ) -> Record {
        let now = Instant(milliseconds: Int64(second * 1000))
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 1)
        let observation = Observation(
            measurement: Measurement(
                visible: .value(visible), inFlight: .value(inFlight), delayed: .value(0), oldestAge: .value(age),
                arrivalRate: arrivals, completionRate: completions))
        return Record(
            group: "g", at: now, dryRun: false, observation: observation,
            evaluation: evaluate(policy, GroupState(startingWith: policy, seed: 1, at: now), observation, at: now))
    }

    static func load(_ records: [Record]) -> (load: RecordedLoad, seconds: [Double]) {
        var load = RecordedLoad()
        for record in records { load.take(record) }
        var jobs: ContiguousArray<Job> = []
        // Jobs from memory have no line that could be wrong.
        try? load.jobs(.constant(1), seed: 1).read(1000, into: &jobs)
        return (load, jobs.map { Double($0.arrivalNs) / 1e9 })
    }

    @Test("what the source counts comes evenly over the interval; what was there at first comes at once")
    func counted() {
        let (load, seconds) = Self.load([
            Self.record(second: 100, visible: 1, inFlight: 1),
            Self.record(second: 110, visible: 0, inFlight: 2, arrivals: .value(0.2), completions: .value(0.2)),
        ])
        #expect(load.arrivals == 4 && load.guessed == 0)
        #expect(seconds == [0, 0, 2.5, 7.5])
        #expect(load.beginsAt == Instant(milliseconds: 100_000))
        // One and a half in flight for ten seconds, and two were completed.
        #expect(load.meanService == 7.5)
    }

    @Test("where the source tells of each message how long it took, that counts, and not what a look found in flight")
    func toldOfEach() {
        var busy = Self.record(second: 10, visible: 0, arrivals: .value(0.4), completions: .value(0.4))
        busy.observation.measurement?.traffic = Traffic(arrivals: 4)
        busy.observation.measurement?.traffic?.services.add(4, of: LogScale.work.bucket(0.7))
        let service = Self.load([Self.record(second: 0, visible: 0), busy]).load.meanService
        #expect(service.map { abs($0 - 0.7) < 0.7 / 23 } == true, "\(service ?? 0)")
    }

    @Test("messages that a worker has fetched ahead wait there: what it works on counts")
    func fetchedAhead() {
        func record(_ second: Double, held: Int) -> Record {
            var record = Self.record(
                second: second, visible: 0, inFlight: Double(held), arrivals: .value(1), completions: .value(1))
            record.observation.held = [HeldMessages(instance: InstanceID("i-1"), messages: held)]
            record.observation.measurement?.traffic = Traffic(arrivals: 10)
            record.observation.measurement?.traffic?.services.add(10, of: LogScale.work.bucket(5))
            return record
        }
        var first = record(0, held: 10)
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 1)
        first.checkpoint = Record.Checkpoint(
            policy: policy, state: GroupState(startingWith: policy, seed: 1, at: first.at))
        #expect(Self.load([first, record(10, held: 10)]).load.meanService == 1)
        // One at a time: as the source tells it.
        first.observation.held = [HeldMessages(instance: InstanceID("i-1"), messages: 1)]
        let single = Self.load([first, record(10, held: 1)]).load.meanService ?? 0
        #expect(abs(single - 5) < 5 / 23.0, "\(single)")
    }

    @Test("it goes on until the records end, also where nothing comes any more, alone and beside others")
    func untilTheEnd() throws {
        let policy = Sample.fixed(2)
        func source() -> ListedJobs {
            ListedJobs([Job(arrivalNs: 1_000_000_000, serviceNs: 1_000_000_000)], lastsNs: 600_000_000_000)
        }
        let report = try Sample.run(policy, source()).report(trace: "")
        #expect(report.span == 600 && abs(report.workerHours - 2 * 600 / 3600.0) < 1e-9 && report.completed == 1)
        let short = ListedJobs([Job(arrivalNs: 0, serviceNs: 1_000_000_000)])
        let groups = [source(), short].map {
            SimulatedGroup(Simulation(policy, SimulationModel(), $0, beginsAt: Sample.noon))
        }
        try SimulatedWorld(groups, limits: []).run()
        #expect(groups.map { $0.report(trace: "").span } == [600, 600])
        let load = Self.load([
            Self.record(second: 0, visible: 1), Self.record(second: 50, visible: 0),
        ]).load
        #expect(load.jobs(.constant(1), seed: 1).lastsNs == 50_000_000_000)
    }

    @Test("where the clock was set back, even behind the beginning, time goes on from there", arguments: [40, 105])
    func setBack(to second: Double) {
        let told = Reading.value(0.2)
        let (load, seconds) = Self.load([
            Self.record(second: 100, visible: 0),
            Self.record(second: 110, visible: 0, arrivals: told, completions: told),
            Self.record(second: second, visible: 0, arrivals: told, completions: told),
            Self.record(second: second + 10, visible: 0, arrivals: told, completions: told),
        ])
        #expect(seconds == [2.5, 7.5, 12.5, 17.5])
        #expect(load.jobs(.constant(1), seed: 1).lastsNs == 20_000_000_000 && !load.isTooLong)
    }

    @Test("records with a wrong clock are left out, and said to be there", arguments: [9.2e15, -9.2e15, 4e9, -4e9])
    func wrongClock(second: Double) {
        let good = Self.record(second: 0, visible: 1)
        var wrong = Self.record(second: 10, visible: 9)
        wrong.at = Instant(milliseconds: Int64(second * 1000))
        let (load, seconds) = Self.load([good, wrong, Self.record(second: 20, visible: 1)])
        #expect(load.isTooLong && seconds == [0] && load.jobs(.constant(1), seed: 1).lastsNs == 20_000_000_000)
    }

    @Test("more messages than any load has are left out, and said to be there")
    func tooMany() {
        let good = [Self.record(second: 0, visible: 1), Self.record(second: 10, visible: 3)]
        for wrong in [
            Self.record(second: 20, visible: 1e19),
            Self.record(second: 20, visible: 3, arrivals: .value(1e19), completions: .value(0)),
        ] {
            let (load, seconds) = Self.load(good + [wrong])
            #expect(load.hasTooMany && load.arrivals == 3 && load.guessed == 2 && seconds.count == 3)
        }
        #expect(!Self.load(good).load.hasTooMany)
    }

    @Test("into an empty queue nothing came before the oldest that waits")
    func afterNothing() {
        let seconds = Self.load([
            Self.record(second: 0, visible: 0),
            Self.record(second: 10, visible: 2, age: 4, arrivals: .value(0.2), completions: .value(0)),
        ]).seconds
        #expect(seconds == [7, 9])
    }

    @Test("where nobody counts it is what the backlog grew by, and is said to be a guess")
    func guessed() {
        let (load, seconds) = Self.load([
            Self.record(second: 0, visible: 1), Self.record(second: 10, visible: 3),
            Self.record(second: 20, visible: 2),
        ])
        #expect(seconds == [0, 2.5, 7.5])
        #expect(load.arrivals == 3 && load.guessed == 2)
        #expect(load.meanService == nil && load.meanStartup == nil)
    }
}
