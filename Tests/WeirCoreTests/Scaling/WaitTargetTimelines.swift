import Foundation
import Testing

@testable import WeirCore

@Suite("Keeping a wait target, tick by tick")
struct WaitTargetTimelines {
    private func group(_ target: WaitTarget = WaitTarget(target: .seconds(60)), max: Int = 100) -> GroupPolicy {
        GroupPolicy(
            name: "mail", minSize: 0, maxSize: max, pollInterval: .seconds(10),
            scalingPolicies: [ScalingPolicy(name: "keep", waiting: target)])
    }

    /// What a queue that hands out its messages tells.
    private func seen(
        visible: Double, age: Double = 0, inHand: [Double] = [], arrivals: Int = 0, services: [Double] = [],
        waits: [Int] = []
    ) -> WeirCore.Measurement {
        var measurement = WeirCore.Measurement.messages(visible: visible, inFlight: Double(inHand.count))
        measurement.oldestAge = .value(age)
        var traffic = Traffic(arrivals: arrivals)
        for seconds in inHand { traffic.inHand.add(of: LogScale.work.bucket(seconds)) }
        for seconds in services { traffic.services.add(of: LogScale.work.bucket(seconds)) }
        for milliseconds in waits { traffic.waits.add(of: milliseconds) }
        measurement.traffic = traffic
        return measurement
    }

    @Test("while it knows nothing, one is tried")
    func first() {
        var world = MiniWorld(group())
        world.measurement = seen(visible: 40, arrivals: 40)
        #expect(world.tick(at: 0).decision.desired == 1)
    }

    @Test("those at work that will soon be free are counted; more are launched for what they will not do in time")
    func launches() {
        var world = MiniWorld(group(), desired: 10, fleet: fleet(10))
        world.startTime = .seconds(60)
        // All that was ever seen took 20 s.
        for id in 1...10 { world.receive(1, by: InstanceID("i-\(id)")) }
        world.measurement = seen(
            visible: 0, inHand: Array(repeating: 9, count: 10), services: Array(repeating: 20, count: 400))
        world.tick(at: 0)
        let inHand = Array(repeating: 10.0, count: 10)
        world.measurement = seen(visible: 20, age: 1, inHand: inHand, arrivals: 30)
        #expect(world.tick(at: 1).decision.desired == 10)
        world.measurement = seen(visible: 60, age: 1, inHand: inHand, arrivals: 40)
        let evaluation = world.tick(at: 2)
        #expect(evaluation.decision.desired > 30 && evaluation.decision.desired < 50)
        guard case .proposed(let proposal) = evaluation.decision.reasons.first?.fact, let waiting = proposal.waiting
        else {
            Issue.record("\(evaluation.decision.reasons)")
            return
        }
        #expect(waiting.due == 60 && waiting.inHand == 10 && waiting.sureness < 0.01)
        #expect(waiting.late > waiting.tolerance && waiting.lateThen ?? .infinity < waiting.tolerance)
        #expect(evaluation.decision.reasons[0].sentence.hasPrefix("keep: 60 waiting, the oldest for 1 s; 10 in hand"))
        // They are on their way, and count as what they will do.
        world.measurement = seen(visible: 60, age: 2, inHand: inHand)
        let desired = evaluation.decision.desired
        #expect(world.tick(at: 3).decision.desired == desired)
    }

    @Test("more comes than those at work will do: a few are launched before any message is due without them")
    func foresees() throws {
        var world = MiniWorld(group(), desired: 10, fleet: fleet(10))
        world.startTime = .seconds(60)
        for id in 1...10 { world.receive(1, by: InstanceID("i-\(id)")) }
        let inHand = Array(repeating: 10.0, count: 10)
        world.measurement = seen(visible: 0, inHand: inHand, arrivals: 1, services: Array(repeating: 20, count: 400))
        world.tick(at: 0)
        // They do one in two seconds, and three come in four.
        var launchedAt: Int?
        for step in 1...60 where launchedAt == nil {
            let waiting = step / 2
            world.measurement = seen(
                visible: Double(waiting), age: Double(waiting), inHand: inHand,
                arrivals: step.isMultiple(of: 2) ? 1 : 2, waits: [0])
            let evaluation = world.tick(at: Double(2 * step))
            guard evaluation.decision.desired > 10 else { continue }
            launchedAt = step
            // A launch for each that will be late would be more.
            #expect(evaluation.decision.desired < 15)
            guard case .proposed(let proposal) = evaluation.decision.reasons.first?.fact else { continue }
            let told = try #require(proposal.waiting)
            #expect(told.late < told.tolerance && told.lateSoon ?? 0 >= told.tolerance)
            #expect(proposal.sentence.contains("of those that will wait when a launch is there"))
        }
        // The 30 that those at work receive within the target are not there yet.
        #expect(launchedAt ?? .max < 60)
    }

    @Test("idle ones that nothing is expected for go at once, and nobody at work does")
    func letsGo() {
        var world = MiniWorld(group(), desired: 5, fleet: fleet(5))
        world.receive(1, by: InstanceID("i-2"))
        world.measurement = seen(visible: 0, inHand: [30], services: [20, 25])
        #expect(world.tick(at: 0).decision.desired == 1)
        #expect(world.state.fleet.first { $0.id == InstanceID("i-2") }?.lifecycleState == .inService)
    }

    @Test("how long launches take is learned from the fleet")
    func startup() {
        var world = MiniWorld(group())
        world.startTime = .seconds(25)
        world.measurement = seen(visible: 1, arrivals: 1)
        world.tick(at: 0)
        world.run(until: 30, every: 5)
        #expect(world.state.waitMemories?.first?.startup == 25)
    }

    @Test("with more time than a launch takes, a message is waited with; it asks to look again when that is over")
    func waitsWithIt() {
        var world = MiniWorld(group(WaitTarget(target: .seconds(100))), desired: 1, fleet: fleet(1))
        world.receive(1, by: InstanceID("i-1"))
        world.measurement = seen(visible: 0, inHand: [0.1], services: Array(repeating: 500, count: 50))
        world.tick(at: 0)
        world.measurement = seen(visible: 1, inHand: [5], arrivals: 1)
        let first = world.tick(at: 5)
        #expect(first.decision.desired == 1)
        world.measurement = seen(visible: 1, age: 5, inHand: [10])
        #expect(world.tick(at: 10).nextMeasurement <= .at(20))
        for second in stride(from: 20.0, through: 40, by: 10) {
            world.measurement = seen(visible: 1, age: second - 5, inHand: [second])
            #expect(world.tick(at: second).decision.desired == 1)
        }
        // 40 s before the target is over, and a launch takes 60 s as far as is known.
        world.measurement = seen(visible: 1, age: 45, inHand: [50])
        #expect(world.tick(at: 50).decision.desired == 2)
    }

    @Test("a launch takes longer than the target: for what is late anyway each that is launched does several")
    func heap() {
        var world = MiniWorld(group())
        world.startTime = .seconds(300)
        world.measurement = seen(visible: 1, arrivals: 1)
        world.tick(at: 0)
        world.run(until: 310, every: 5)
        #expect(world.state.waitMemories?.first?.startup == 300)
        world.measurement = seen(visible: 0, services: Array(repeating: 15, count: 400))
        world.tick(at: 311)
        let before = world.state.desiredCapacity
        world.measurement = seen(visible: 200, age: 1, arrivals: 200)
        let more = world.tick(at: 312).decision.desired - before
        #expect(more > 20 && more < 100, "\(more)")
    }

    @Test("all are at short work now and then, and some are to spare all the same")
    func shortWork() {
        var world = MiniWorld(group(WaitTarget(target: .seconds(10))), desired: 6, fleet: fleet(6))
        world.measurement = seen(visible: 0, services: Array(repeating: 0.5, count: 400))
        world.tick(at: 0)
        for second in 1...150 {
            world.measurement = seen(
                visible: 0, inHand: Array(repeating: 0.1, count: second % 10 == 0 ? 6 : 1), arrivals: 2,
                services: [0.5, 0.5], waits: [0, 0])
            world.tick(at: Double(second))
        }
        #expect(world.state.desiredCapacity >= 1 && world.state.desiredCapacity < 5, "\(world.state.desiredCapacity)")
    }

    @Test("launches that seldom take longer than the target count as in time, as long as one more message may be late")
    func scatteredLaunches() {
        let target = WaitTarget(target: .seconds(60))
        var memory = WaitMemory(policy: "keep", target, startup: 60, at: noon)
        for launch in 0..<50 { memory.started(after: launch % 10 == 0 ? 70 : 40, target) }
        #expect(memory.startup == 70)
        #expect(memory.planned(target, blindFor: 0) == 70)
        func wait(_ milliseconds: Int, _ count: Int, at now: Instant) {
            var traffic = Traffic()
            traffic.waits.add(count, of: milliseconds)
            memory.learn(traffic, target, planned: 60, at: now)
        }
        wait(10_000, 25, at: noon + .seconds(1))
        #expect(memory.planned(target, blindFor: 0) == 60)
        #expect(memory.planned(target, blindFor: 30) == 100, "most are late, with half a minute in which nobody looks")
        wait(61_000, 1, at: noon + .seconds(2))
        #expect(memory.planned(target, blindFor: 0) == 70)
        wait(10_000, 25, at: noon + .seconds(3))
        #expect(memory.planned(target, blindFor: 0) == 60)
    }

    @Test("of many that are due a few more may be late, where a launch for one is in time still")
    func tolerance() {
        let target = WaitTarget(target: .seconds(60))
        let memory = WaitMemory(policy: "keep", target, startup: 60, at: noon)
        let square = target.share * target.share
        #expect([0, 1].map { memory.tolerance(target, isAhead: false, due: $0) } == [square, square])
        #expect(memory.tolerance(target, isAhead: false, due: 400) == 1)
        #expect(memory.tolerance(target, isAhead: true, due: 400) == square)
        let median = WaitTarget(target: .seconds(60), percentile: 50)
        let other = WaitMemory(policy: "keep", median, startup: 60, at: noon)
        #expect([1, 400].map { other.tolerance(median, isAhead: false, due: $0) } == [0.25, 1])
    }

    @Test("the rate of arrivals stays what it is when launches turn out to take longer")
    func window() throws {
        let target = WaitTarget(target: .seconds(60))
        var memory = WaitMemory(policy: "keep", target, startup: 60, at: noon)
        for second in 1...360 {
            memory.learn(
                Traffic(arrivals: 4), target, planned: second < 300 ? 60 : 300, at: noon + .seconds(second))
        }
        #expect(abs(try #require(memory.present) - 4) < 0.5)
        #expect(abs(memory.forecast - 4) < 0.5)
    }

    @Test("a source that only counts: Little's law, and nothing is scaled in that may be at work")
    func onlyCounts() {
        var world = MiniWorld(group(), desired: 4, fleet: fleet(4))
        world.sourceKnowsHolders = false
        world.measurement = .messages(visible: 0, inFlight: 4)
        world.measurement.completionRate = .value(0.2)
        for tick in 0..<20 { world.tick(at: Double(tick) * 10) }
        // 4 in flight at 0.2 a second: 20 s each.
        #expect(world.state.desiredCapacity == 4)
        #expect((world.state.waitMemories?.first?.service.seen ?? 0) > 30)
        world.measurement = .messages(visible: 200, inFlight: 4)
        #expect(world.tick(at: 210).decision.desired > 4)
    }

    @Test("a source that leaves out what is in flight, and told it before: nothing is scaled in")
    func leftOut() {
        var world = MiniWorld(group(), desired: 4, fleet: fleet(4))
        world.sourceKnowsHolders = false
        world.measurement = .messages(visible: 0, inFlight: 4)
        world.tick(at: 0)
        world.measurement.inFlight = .missing(.notTold)
        let held = world.tick(at: 10)
        #expect(held.decision.desired == 4)
        #expect(held.decision.reasons.map(\.code).contains("held_by_missing_data"))
        // Until it is one that does not tell it.
        #expect(world.tick(at: 12 * 3600).decision.desired == 4)
        var another = world
        another.state.measuresAnew()
        another.tick(at: 12 * 3600 - 30)
        #expect(another.tick(at: 12 * 3600 - 20).decision.desired < 4)
        world.tick(at: 12 * 3600 + 10)
        #expect(world.tick(at: 12 * 3600 + 20).decision.desired < 4)
    }

    @Test("what was learned is for another policy, too; how late its messages may be only for one with the same target")
    func learned() throws {
        let half = WaitTarget(target: .seconds(60), percentile: 50)
        var policy = group()
        policy.scalingPolicies = [ScalingPolicy(name: "keep", waiting: half)]
        var world = MiniWorld(policy, desired: 10, fleet: fleet(10))
        for tick in 0..<40 {
            world.measurement = seen(visible: 0, inHand: [1], arrivals: 9, services: [3, 8], waits: [0, 0, 0, 0, 0])
            world.tick(at: Double(tick) * 10)
        }
        let memory = try #require(world.state.waitMemories?.first)
        #expect(memory.steered > 1)
        let learned = LearnedOfWork(of: world.state, under: policy)
        func begun(_ target: WaitTarget) throws -> WaitMemory {
            var policy = policy
            policy.scalingPolicies = [ScalingPolicy(name: "other", waiting: target)]
            var state = GroupState(startingWith: policy, seed: 1, at: .at(400))
            state.begin(with: learned, under: policy, at: .at(400))
            return try #require(state.waitMemories?.first)
        }
        #expect(try begun(half).steered == memory.steered)
        let strict = try begun(WaitTarget(target: .seconds(60), percentile: 99))
        #expect(abs(strict.steered - 1e-4) < 1e-12 && strict.service == memory.service)
    }

    @Test(
        "figures beyond all bounds end nothing", arguments: [0, 1, 1e9, 1e19, 1e300], [0, 1e-300, 60, 1e19, 1e300])
    func beyondBounds(visible: Double, other: Double) {
        for target in [WaitTarget(target: .seconds(60)), WaitTarget(target: .milliseconds(10), percentile: 99.99)] {
            var world = MiniWorld(group(target), desired: 2, fleet: fleet(2))
            world.sourceKnowsHolders = false
            for tick in 0..<12 {
                world.measurement = Measurement(
                    visible: .value(visible), inFlight: .value(tick % 2 == 0 ? other : visible), delayed: .value(other),
                    oldestAge: .value(other), arrivalRate: .value(tick % 3 == 0 ? other : visible),
                    completionRate: .value(tick % 4 == 0 ? visible : other))
                let decision = world.tick(at: Double(tick) * 10).decision
                #expect((0...100).contains(decision.desired))
                #expect(decision.reasons.allSatisfy { !$0.sentence.isEmpty })
            }
        }
    }

    @Test("nothing is changed while nothing is known")
    func missing() {
        var world = MiniWorld(group(), desired: 3, fleet: fleet(3))
        world.measurement = seen(visible: 0, services: [1])
        world.measurement = .unreachable
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.desired == 3)
        #expect(evaluation.decision.reasons.map(\.code) == ["unknown_backlog"])
    }

    @Test("a state from before windows were measured is read, and its windows count as full")
    func older() throws {
        var world = MiniWorld(group(), desired: 10, fleet: fleet(10))
        world.measurement = seen(visible: 3, age: 4, arrivals: 9, services: [3, 8, 60], waits: [0, 200])
        world.tick(at: 0)
        let data = try JSONEncoder().encode(world.state)
        var state = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var memory = try #require((state["waitMemories"] as? [[String: Any]])?.first)
        for key in ["filled", "slowFilled", "startupMostly"] { memory[key] = nil }
        var burstiness = try #require(memory["burstiness"] as? [String: Any])
        burstiness["length"] = nil
        memory["burstiness"] = burstiness
        state["waitMemories"] = [memory]
        let older = try JSONDecoder().decode(
            GroupState.self, from: JSONSerialization.data(withJSONObject: state))
        let read = try #require(older.waitMemories?.first)
        let written = try #require(world.state.waitMemories?.first)
        #expect(read.forecast > 0)
        #expect(read.forecast < written.forecast)
    }

    @Test("what was learned travels with the state, and decides the same; without such a policy there is nothing")
    func travels() throws {
        var world = MiniWorld(group(), desired: 10, fleet: fleet(10))
        world.measurement = seen(
            visible: 3, age: 4, inHand: [1, 2, 30], arrivals: 9, services: [3, 8, 60, 0.01], waits: [0, 200, 61_000])
        world.tick(at: 0)
        let data = try JSONEncoder().encode(world.state)
        #expect(data.count < 16_000)
        let again = try JSONDecoder().decode(GroupState.self, from: data)
        #expect(again == world.state)
        let observation = Observation(
            measurement: seen(visible: 30, age: 20, inHand: [6, 7, 35], arrivals: 27), held: [])
        #expect(
            evaluate(world.policy, again, observation, at: .at(5))
                == evaluate(world.policy, world.state, observation, at: .at(5)))
        world.policy.scalingPolicies = []
        world.tick(at: 10)
        #expect(world.state.waitMemories == nil)
    }

    @Test("a record holds what the queue told, and reads back the same")
    func record() throws {
        let observation = Observation(
            measurement: seen(visible: 1, inHand: [1, 1, 2], arrivals: 2, services: [4], waits: [5, 5]), held: [])
        let state = GroupState(startingWith: group(), seed: 1, at: noon)
        let record = Record(
            group: "mail", at: noon, dryRun: false, observation: observation,
            evaluation: evaluate(group(), state, observation, at: noon))
        let data = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(Record.self, from: data) == record)
    }
}
