import Testing
import WeirCore
import WeirSimulator

@testable import WeirSearch

@Suite("Parts of a load")
struct LoadSplitSpecs {
    private static let hourNs: Int64 = 3_600_000_000_000

    /// A job each hour.
    private static func hourly(_ hours: Int) -> [Job] {
        (0..<hours).map { Job(arrivalNs: Int64($0) * hourNs, serviceNs: 1) }
    }

    @Test("of nine days the fourth and the eighth are held out, and every job is in one part")
    func days() {
        let split = LoadSplit(Self.hourly(9 * 24), beginsAt: 0, rule: .automatic)
        #expect(split.heldOut.map(\.jobs) == [72..<96, 168..<192])
        #expect(split.searched.map(\.jobs) == [0..<72, 96..<168, 192..<216])
        #expect(split.searched.map(\.fromNs) == [0, 96 * Self.hourNs, 192 * Self.hourNs])
        #expect(split.heldOutWords == "every fourth day")
    }

    @Test("days are those of the calendar, where the load knows it")
    func calendar() {
        // It begins at 18:00, so the fourth day begins 54 hours later.
        let split = LoadSplit(Self.hourly(100), beginsAt: 18 * 3_600_000, rule: .automatic)
        #expect(split.heldOut.map(\.jobs) == [54..<78])
        #expect(LoadSplit(Self.hourly(100), beginsAt: nil, rule: .automatic).heldOut.map(\.jobs) == [72..<96])
    }

    @Test("of a day the last quarter is held out, of an hour nothing")
    func short() {
        let day = LoadSplit(Self.hourly(25), beginsAt: 0, rule: .automatic)
        #expect(day.searched.map(\.jobs) == [0..<18] && day.heldOut.map(\.jobs) == [18..<25])
        #expect(day.heldOut[0].fromNs == 18 * Self.hourNs)
        let hour = LoadSplit(Self.hourly(2), beginsAt: 0, rule: .automatic)
        #expect(hour.heldOut.isEmpty && hour.searched.map(\.jobs) == [0..<2] && hour.heldOutWords == nil)
        #expect(LoadSplit(Self.hourly(200), beginsAt: 0, rule: .nothing).heldOut.isEmpty)
        #expect(LoadSplit([], beginsAt: 0, rule: .automatic).searched.count == 1)
    }
}

@Suite("Trying a policy on parts of a load")
struct TrackSpecs {
    /// A fixed number of instances.
    private static func fixed(_ count: Int) -> GroupPolicy {
        GroupPolicy(name: "g", minSize: count, maxSize: count, pollInterval: .seconds(120))
    }

    /// Six days with a job each minute, which takes 90 s: two instances keep up, one does not.
    private static let jobs = (0..<(6 * 1440)).map {
        Job(arrivalNs: Int64($0) * 60_000_000_000, serviceNs: 90_000_000_000)
    }

    private static func track(_ objective: String) throws -> Track {
        let names = ReportField.names(hasPrice: false, hasBase: false)
        return Track(
            [Track.Load(jobs, beginsAt: 0, SimulationModel())], try Objective(objective, over: names),
            holdingOut: .everyFourthDay)
    }

    private static let wanted = "min worker_hours subject to wait_s.p95 <= 60"

    @Test("all parts together are what their simulations are")
    func whole() throws {
        let track = try Self.track(Self.wanted)
        #expect(track.rungs == [1, 2])
        let progress = try #require(
            track.go(Self.fixed(3), nil, rung: track.rungs.count - 1, toBeat: nil, goesOn: { true }))
        let report = try #require(progress.totals.whole())
        #expect(report.jobs == 5 * 1440 && report.completed == 5 * 1440)
        #expect(abs(report.workerHours - 3 * 5 * 24) < 1)
        #expect(abs(report.utilisation - 0.5) < 0.01)
        let verdict = try #require(track.verdict(progress))
        #expect(verdict.isWhole && verdict.violation == 0 && verdict.objective == report.workerHours)
        let heldOut = try #require(track.heldOut(Self.fixed(3), goesOn: { true }))
        #expect(heldOut.jobs == 1440)
    }

    @Test("what was tried on a part goes on from there, and comes to the same")
    func goingOn() throws {
        let track = try Self.track(Self.wanted)
        let part = try #require(track.go(Self.fixed(2), nil, rung: 0, toBeat: nil, goesOn: { true }))
        #expect(part.totals.count == 1)
        let rest = try #require(track.go(Self.fixed(2), part, rung: 1, toBeat: nil, goesOn: { true }))
        let once = try #require(track.go(Self.fixed(2), nil, rung: 1, toBeat: nil, goesOn: { true }))
        #expect(track.verdict(rest) == track.verdict(once))
        #expect(rest.totals.whole() == once.totals.whole())
    }

    @Test("who has cost more than the best is given up within a simulation, and is not the best")
    func tooDear() throws {
        let track = try Self.track(Self.wanted)
        let progress = try #require(track.go(Self.fixed(9), nil, rung: 1, toBeat: 300, goesOn: { true }))
        #expect(progress.isHopeless)
        let report = try #require(progress.totals.whole())
        #expect((300..<330).contains(report.workerHours), "\(report.workerHours)")
        let verdict = try #require(track.verdict(progress))
        #expect(!verdict.isWhole)
        // What it had in hand then says nothing against it.
        #expect(report.undone > 0 && verdict.undone == 0)
        // One that is better than that is not.
        let better = try #require(track.go(Self.fixed(2), nil, rung: 1, toBeat: 300, goesOn: { true }))
        #expect(!better.isHopeless)
    }

    @Test("who lets more jobs wait than may of all is given up after the part in which it did")
    func tooSlow() throws {
        let track = try Self.track(Self.wanted)
        let progress = try #require(track.go(Self.fixed(1), nil, rung: 1, toBeat: 300, goesOn: { true }))
        #expect(progress.isHopeless && progress.totals.count == 1)
        let verdict = try #require(track.verdict(progress))
        #expect(!verdict.isWhole && verdict.violation > 0)
        // While nobody keeps the condition it counts by how much it is missed.
        let alone = try #require(track.go(Self.fixed(1), nil, rung: 1, toBeat: nil, goesOn: { true }))
        #expect(alone.totals.count == 2)
    }

    @Test("who lets just as many wait as may is not given up")
    func justAsMany() throws {
        // Of ten jobs one has to wait for the one before it.
        let arrivals: [Int64] = [0, 0] + (1...8).map { $0 * 3600 }
        let jobs = arrivals.map { Job(arrivalNs: $0 * 1_000_000_000, serviceNs: 90_000_000_000) }
        for (limited, isHopeless) in [("wait_s.p90", false), ("wait_s.p95", true), ("wait_s.p999", true)] {
            let names = ReportField.names(hasPrice: false, hasBase: false)
            let track = Track(
                [Track.Load([], beginsAt: 0, SimulationModel()), Track.Load(jobs, beginsAt: 0, SimulationModel())],
                try Objective("min worker_hours subject to \(limited) <= 60", over: names), holdingOut: .nothing)
            let progress = try #require(track.go(Self.fixed(1), nil, rung: 0, toBeat: 300, goesOn: { true }))
            #expect(progress.totals.whole()?.jobs == 10 && progress.isHopeless == isHopeless, "\(limited)")
        }
    }

    @Test("nobody is asked to go on for nothing")
    func interrupted() throws {
        let track = try Self.track(Self.wanted)
        #expect(track.go(Self.fixed(2), nil, rung: 1, toBeat: nil, goesOn: { false }) == nil)
        #expect(track.heldOut(Self.fixed(2), goesOn: { false }) == nil)
    }

    @Test("jobs that nobody comes for are no short wait")
    func nobody() throws {
        let track = try Self.track(Self.wanted)
        let progress = try #require(track.go(Self.fixed(0), nil, rung: 1, toBeat: nil, goesOn: { true }))
        #expect(try #require(track.verdict(progress)).violation > 1)
    }

    @Test("nor are those that were deleted for their age, and no slow policy is worse than that")
    func expired() throws {
        var model = SimulationModel()
        model.retention = .seconds(86_400)
        let names = ReportField.names(hasPrice: false, hasBase: false)
        let track = Track(
            [Track.Load(Self.jobs, beginsAt: 0, model)], try Objective(Self.wanted, over: names),
            holdingOut: .everyFourthDay)
        func verdict(_ count: Int) throws -> Verdict {
            let progress = try #require(track.go(Self.fixed(count), nil, rung: 1, toBeat: nil, goesOn: { true }))
            return try #require(track.verdict(progress))
        }
        let nobody = try verdict(0)
        #expect(nobody.limited?.value == 0 && nobody.objective == 0)
        #expect(nobody.undone > 0 && nobody.violation >= nobody.undone)
        #expect(try verdict(1).isBetter(than: nobody))
        let report = try #require(track.heldOut(Self.fixed(0), goesOn: { true }))
        #expect(report.expired == 1440 && report.undone == 1440 && !track.objective.isKept(by: report))
    }

    @Test("nothing is worse than an objective that divides by zero", arguments: ["min", "max"])
    func dividing(_ aim: String) throws {
        for wanted in ["completed / launches", "failed_attempts / dead_letters", "-jobs / launches"] {
            let track = try Self.track("\(aim) \(wanted)")
            let progress = try #require(track.go(Self.fixed(2), nil, rung: 1, toBeat: nil, goesOn: { true }))
            let verdict = try #require(track.verdict(progress))
            #expect(verdict.objective == .infinity && verdict.violation > 0, "\(wanted)")
            #expect(Verdict(objective: 1e300, violation: 0).isBetter(than: verdict))
        }
    }
}
