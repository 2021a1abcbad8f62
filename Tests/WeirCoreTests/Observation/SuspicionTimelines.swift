import Testing
import WeirCore

@Suite("What a source says, and what of it is believed")
struct SuspicionTimelines {
    private let policy = GroupPolicy(
        name: "g", minSize: 0, maxSize: 20, alarms: [.down()],
        scalingPolicies: [.always("in", on: "down", .exactCapacity, 0)])

    private func world(_ instances: Int = 4) -> MiniWorld {
        MiniWorld(policy, desired: instances, fleet: fleet(instances))
    }

    @Test("a backlog that is gone at once is gone when three readings in a row say so")
    func suddenZero() {
        var world = world()
        world.see(visible: 500)
        world.tick(at: 0)
        world.see(visible: 0)
        let first = world.tick(at: 200)
        #expect(first.codes == ["not_believed"])
        #expect(
            first.decision.reasons[0].sentence
                == "not believed: 0 messages at once, after 500 at 12:00:00; believed when 3 readings in a row say so")
        #expect(world.state.alarms[0].state == .insufficientData, "a missing datapoint, as any other")
        #expect(world.tick(at: 210).decision.desired == 4)
        #expect(world.tick(at: 220).decision.desired == 0)
    }

    @Test("a single reading of zero between two that are full changes nothing at all")
    func glitch() {
        var world = world()
        for second in stride(from: 0.0, through: 600, by: 10) {
            world.see(visible: second.truncatingRemainder(dividingBy: 20) == 0 ? 500 : 0)
            #expect(world.tick(at: second).decision.desired == 4)
        }
        #expect(world.state.alarms[0].state == .ok)
    }

    @Test("the readings that say so need not be next to each other in time: a failure in between does not count")
    func failureInBetween() {
        var world = world()
        world.see(visible: 500)
        world.tick(at: 0)
        world.see(visible: 0)
        world.tick(at: 70)
        world.measurement = .unreachable
        world.tick(at: 80)
        world.see(visible: 0)
        #expect(world.tick(at: 90).decision.desired == 4)
        #expect(world.tick(at: 100).decision.desired == 0)
    }

    struct Fall: CustomTestStringConvertible {
        var before: Double
        var inFlight = 0.0
        var instances = 4
        var concurrency = 1
        var rate: Reading = .missing(.notTold)
        var after = 3
        var isBelieved: Bool
        var testDescription: String
    }

    @Test(arguments: [
        Fall(before: 19, isBelieved: true, testDescription: "a few messages may be gone by the next look"),
        Fall(before: 20, isBelieved: false, testDescription: "twenty, with four at work, may not"),
        Fall(before: 0, inFlight: 20, isBelieved: false, testDescription: "what is in flight counts like what waits"),
        Fall(before: 20, instances: 20, isBelieved: true, testDescription: "each instance may have had one of them"),
        Fall(before: 20, concurrency: 5, isBelieved: true, testDescription: "or five"),
        Fall(before: 500, rate: .value(50), isBelieved: true, testDescription: "500 were completed in 10 s"),
        Fall(before: 500, rate: .value(20), isBelieved: false, testDescription: "200 were, and 300 are nowhere"),
        Fall(before: 500, rate: .estimate(50), isBelieved: false, testDescription: "an estimate accounts for nothing"),
        Fall(before: 500, after: 1, isBelieved: true, testDescription: "believed at once where the policy says so"),
    ])
    func falls(_ fall: Fall) {
        var world = world(fall.instances)
        world.policy.concurrency = fall.concurrency
        world.policy.suspicion.believeZeroAfter = fall.after
        world.see(visible: fall.before, inFlight: fall.inFlight)
        world.tick(at: 0)
        world.see(visible: 0)
        world.measurement.completionRate = fall.rate
        #expect(world.tick(at: 10).codes.contains("not_believed") == !fall.isBelieved)
    }

    struct Age: CustomTestStringConvertible {
        var asOf: Double?
        var isBelieved: Bool
        var testDescription: String
    }

    @Test(arguments: [
        Age(asOf: nil, isBelieved: true, testDescription: "a source that says no time means now"),
        Age(asOf: -300, isBelieved: true, testDescription: "five minutes old"),
        Age(asOf: -301, isBelieved: false, testDescription: "older"),
        Age(asOf: 300, isBelieved: true, testDescription: "a clock that is a little ahead"),
        Age(asOf: 301, isBelieved: false, testDescription: "from the future"),
    ])
    func ages(_ age: Age) {
        var world = world()
        world.see(visible: 0)
        world.measurement.asOf = age.asOf.map { .at($0) }
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == (age.isBelieved ? 0 : 4))
        #expect(evaluation.codes.contains("not_believed") == !age.isBelieved)
    }

    @Test("a figure that cannot be is missing, never zero; the others are believed")
    func impossible() {
        for number: Double in [-1, -Double.infinity, .infinity, .nan] {
            var world = world()
            world.see(visible: number)
            let evaluation = world.tick(at: 0)
            #expect(evaluation.decision.desired == 4)
            #expect(world.state.alarms[0].state == .insufficientData)
            #expect(evaluation.decision.reasons[0].sentence.hasPrefix("not believed: visible is "))
            #expect(world.state.lastMeasured == nil && world.state.silence != nil)
        }
        var world = world()
        world.see(visible: 0)
        world.measurement.completionRate = .value(-4)
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.reasons[0].sentence == "not believed: completion_rate is -4")
        #expect(evaluation.decision.desired == 0)
    }

    @Test("a source that is not believed is asked as often as before")
    func noBackoff() {
        var world = world()
        world.see(visible: -1)
        for second in stride(from: 0.0, through: 100, by: 10) {
            #expect(world.tick(at: second).nextMeasurement == .at(second + 10))
        }
        #expect(world.state.sourceBackoff == nil)
    }

    @Test("a false zero is no evidence, also for an alarm that takes missing data as breaching")
    func breaching() {
        var world = world()
        world.policy.alarms[0].missingData = .breaching
        world.see(visible: 500)
        world.tick(at: 0)
        world.policy.suspicion.believeZeroAfter = 1000
        world.see(visible: 0)
        world.run(until: 900, every: 10)
        #expect(world.state.alarms[0].state == .alarm)
        #expect(world.state.desiredCapacity == 4)
    }
}
