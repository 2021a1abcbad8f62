import Testing
import WeirCore

@Suite("Launches that do not help: work waits, and nothing is completed")
struct NoProgressTimelines {
    private let hour = 3600.0

    private func world(_ desired: Int = 2, timeout: Duration? = .seconds(7200)) -> MiniWorld {
        var policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 100, pollInterval: .seconds(60), alarms: [.up(), .down(threshold: 0)],
            scalingPolicies: [
                .always("out", on: "up", .changeInCapacity, 1), .always("in", on: "down", .exactCapacity, 0),
            ])
        policy.noProgressTimeout = timeout
        return MiniWorld(policy, desired: desired, fleet: fleet(desired))
    }

    /// A poisoned backlog: it waits, and nobody completes any of it.
    private func poisoned(_ world: inout MiniWorld, rate: Reading = .value(0), inFlight: Double = 1) {
        world.see(visible: 40, inFlight: inFlight)
        world.measurement.completionRate = rate
    }

    /// The minutes at which desired capacity rose.
    private func rises(_ world: inout MiniWorld, from start: Double, until end: Double) -> [Double] {
        var minutes: [Double] = []
        for second in stride(from: start, through: end, by: 60) {
            let before = world.state.desiredCapacity
            if world.tick(at: second).decision.desired > before { minutes.append(second / 60) }
        }
        return minutes
    }

    @Test("after two hours without a completed message no more are added, but one now and then, more and more seldom")
    func breaker() throws {
        var world = world()
        world.policy.maxSize = 1000
        poisoned(&world)
        let minutes = rises(&world, from: 0, until: 48 * hour)
        let free = minutes.filter { $0 < 120 }
        let later = minutes.filter { $0 >= 120 }
        #expect(free.count > 50, "for two hours, one a minute or two")
        let pauses = zip(later, [120] + later).map { $0 - $1 }
        #expect(later.count >= 7 && later.count <= 10, "\(later)")
        for (pause, hours) in zip(pauses, [2.0, 4, 6, 6, 6]) {
            #expect(pause >= hours * 60 * 0.8 - 1 && pause <= hours * 60 * 1.2 + 2, "\(pauses)")
        }
        let reason = try #require(world.last?.decision.reasons.first)
        #expect(reason.code == "held_by_no_progress")
        #expect(reason.sentence.hasPrefix("out: scale-out held until "))
        #expect(reason.sentence.contains("nothing was completed since 12:00:00, with "))
        #expect(reason.sentence.contains("in service and 41 messages; look at the instances' logs"))
        #expect(reason.sentence.hasSuffix("; where a job takes longer than that, raise no_progress_after"))
    }

    @Test("one completed message ends it, and the group grows as before")
    func progress() {
        var world = world()
        poisoned(&world)
        #expect(!rises(&world, from: 0, until: 2 * hour).isEmpty)
        #expect(rises(&world, from: 2 * hour + 60, until: 3 * hour).isEmpty)
        #expect(world.state.noProgress?.failures == 1)
        poisoned(&world, rate: .value(0.01))
        world.tick(at: 3 * hour + 60)
        #expect(world.state.noProgress == nil && world.state.progressWatch == nil)
        #expect(!rises(&world, from: 3 * hour + 120, until: 3 * hour + 360).isEmpty)
    }

    struct Row: CustomTestStringConvertible {
        var rate: Reading = .missing(.notTold)
        var inFlight: Reading = .value(0)
        var falls = false
        var isHeld: Bool
        var testDescription: String
    }

    @Test(arguments: [
        Row(rate: .value(0), inFlight: .value(3), isHeld: true, testDescription: "completions are told, and none"),
        Row(rate: .value(0.1), isHeld: false, testDescription: "completions are told, and some"),
        Row(isHeld: true, testDescription: "completions are not told, nothing is in flight, the backlog stays"),
        Row(inFlight: .value(3), isHeld: false, testDescription: "something is in flight: somebody is at work on it"),
        Row(falls: true, isHeld: false, testDescription: "the backlog falls, however slowly"),
        Row(inFlight: .missing(.notTold), isHeld: false, testDescription: "who cannot see the work cannot miss it"),
        Row(rate: .estimate(0), inFlight: .value(3), isHeld: false, testDescription: "no completions, as estimated"),
    ])
    func evidence(_ row: Row) {
        var world = world()
        for second in stride(from: 0.0, through: 3 * hour, by: 60) {
            world.see(visible: row.falls ? 9000 - second / 60 : 9000)
            world.measurement.inFlight = row.inFlight
            world.measurement.completionRate = row.rate
            world.tick(at: second)
        }
        #expect((world.state.noProgress != nil) == row.isHeld)
    }

    @Test("time in which nobody was in service, or in which nothing was seen, does not count")
    func interruptions() {
        var world = world(1)
        poisoned(&world)
        _ = rises(&world, from: 0, until: hour)
        world.measurement = .unreachable
        _ = rises(&world, from: hour + 60, until: hour + 360)
        poisoned(&world)
        _ = rises(&world, from: hour + 420, until: 3 * hour)
        #expect(world.state.noProgress == nil)
        world.kill()
        world.tick(at: 30 * hour)
        #expect(world.state.noProgress == nil, "nor while weir was away")
        #expect(world.state.progressWatch?.since == .at(30 * hour))
    }

    @Test("while nothing waits, jobs may take hours: for what comes then others are launched, for two hours")
    func longJobs() {
        var world = world()
        world.policy.alarms = [.up()]
        world.policy.scalingPolicies = [.always("out", on: "up", .changeInCapacity, 1)]
        world.see(visible: 0, inFlight: 2)
        world.measurement.completionRate = .value(0)
        for second in stride(from: 0.0, through: 5 * hour, by: 60) { world.tick(at: second) }
        #expect(world.state.noProgress == nil && world.state.desiredCapacity == 2)
        poisoned(&world)
        #expect(!rises(&world, from: 5 * hour + 60, until: 6.9 * hour).isEmpty)
        #expect(world.state.noProgress == nil)
        _ = rises(&world, from: 6.9 * hour, until: 7.1 * hour)
        #expect(world.state.noProgress != nil)
    }

    @Test("nothing is visible, but more is in flight than there are hands: it was given up, and counts as waiting")
    func hidden() {
        var world = world()
        world.policy.alarms = []
        world.policy.scalingPolicies = []
        world.see(visible: 0, inFlight: 50)
        world.measurement.completionRate = .value(0)
        for second in stride(from: 0.0, through: 3 * hour, by: 60) { world.tick(at: second) }
        #expect(world.state.noProgress != nil)
    }

    @Test("it holds scale-out alone: not scale-in, not the replacement of what died, not what an operator wants")
    func onlyScaleOut() {
        var world = world()
        poisoned(&world)
        _ = rises(&world, from: 0, until: 2.5 * hour)
        #expect(world.state.noProgress != nil)
        let desired = world.state.desiredCapacity
        world.end(world.workers[0].id, code: 0)
        #expect(world.tick(at: 2.5 * hour + 60).instances("launch").count == 1)
        #expect(world.state.desiredCapacity == desired)
        world.see(visible: 0)
        for minute in 2...6 { world.tick(at: 2.5 * hour + Double(minute) * 60) }
        #expect(world.state.desiredCapacity == 0)
        poisoned(&world)
        world.tick(at: 2.7 * hour, requests: [.setDesired(9, honorCooldown: false)])
        #expect(world.state.desiredCapacity == 9)
    }

    @Test("an operator's wish, and another version of what is launched, are fresh starts")
    func freshStart() {
        for isTemplate in [true, false] {
            var world = world()
            world.policy.templateDigest = "one"
            poisoned(&world)
            _ = rises(&world, from: 0, until: 2.5 * hour)
            #expect(world.state.noProgress != nil)
            if isTemplate { world.policy.templateDigest = "two" }
            world.tick(
                at: 2.5 * hour + 60,
                requests: isTemplate ? [] : [.setDesired(9, honorCooldown: false)])
            #expect(world.state.noProgress == nil)
        }
    }

    @Test("switched off, it never holds anything")
    func off() {
        var world = world(timeout: nil)
        poisoned(&world)
        _ = rises(&world, from: 0, until: 5 * hour)
        #expect(world.state.noProgress == nil && world.state.progressWatch == nil)
        #expect(world.state.desiredCapacity == 100)
    }
}
