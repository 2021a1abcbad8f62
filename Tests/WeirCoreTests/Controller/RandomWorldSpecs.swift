import Testing

@testable import WeirCore

/// Seeds for everything else: a storm in which all goes wrong at random and nothing wrong may be decided, then a calm in
/// which the group must reach what it wants.
@Suite("Random worlds")
struct RandomWorldSpecs {
    @Test("storm, then calm", arguments: 0..<24)
    func stormAndCalm(_ seed: Int) {
        var storm = Storm(seed: UInt64(seed))
        for step in 0..<400 {
            storm.step()
            if let wrong = storm.wrong {
                Issue.record("seed \(seed), step \(step): \(wrong)")
                return
            }
        }
        storm.calm()
        for _ in 0..<250 { storm.quietStep() }
        if let wrong = storm.wrong {
            Issue.record("seed \(seed), in the calm: \(wrong)")
            return
        }
        let state = storm.world.state
        let active = state.ids(.pending).count + state.ids(.inService).count
        #expect(active == state.desiredCapacity, "seed \(seed)")
        #expect(state.ids(.draining).isEmpty && state.ids(.terminating).isEmpty, "seed \(seed)")
        #expect(state.remains.isEmpty, "seed \(seed)")
        #expect(storm.world.workers.count == state.fleet.count, "seed \(seed)")
        // Backlog gone, nobody busy or protected: the policy wants none.
        #expect(state.desiredCapacity == storm.world.policy.minSize, "seed \(seed)")
    }

    @Test("the storm is one: every kind of action, event and hold occurs in it")
    func stormy() {
        var seen: Set<String> = []
        for seed in 0..<20 {
            var storm = Storm(seed: UInt64(seed))
            for _ in 0..<400 { storm.step() }
            seen.formUnion(storm.seen.keys)
        }
        let expected = [
            "launch", "drain", "restore", "terminate", "remove", "came_into_service", "adopted", "launch_failed",
            "ended",
            "died_young", "ended_by_itself", "came_back", "remains_found", "proposed", "outranked", "held_by_cooldown",
            "held_by_activity", "held_by_missing_data", "held_by_protection", "held_by_work", "held_by_launch_backoff",
            "held_by_failed_listing", "suspended", "limited_to_maximum", "set_by_operator",
        ]
        #expect(expected.filter { !seen.contains($0) } == [])
    }

    @Test("the same seed decides the same, to the last field")
    func repeatable() {
        func run() -> [Evaluation] {
            var storm = Storm(seed: 11)
            return (0..<300).map { _ in
                storm.step()
                return storm.world.last
            }.compactMap { $0 }
        }
        #expect(run() == run())
    }
}

/// Drives a mini world by chance and checks every plan.
private struct Storm {
    var world: MiniWorld
    private(set) var wrong: String?
    /// How often each action, event and reason occurred.
    private(set) var seen: [String: Int] = [:]
    private var backlog = 0
    private var seconds = 0.0
    private var steps = 0
    private var blindSteps = 0
    private let seed: UInt64
    private var drawn: UInt64 = 0

    init(seed: UInt64) {
        self.seed = seed
        var policy = GroupPolicy(
            name: "storm", minSize: 0, maxSize: 12, defaultCooldown: .seconds(60), pollInterval: .seconds(5),
            launchTimeout: .seconds(120),
            alarms: [
                .up(threshold: 5),
                AlarmDefinition(
                    name: "empty", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(10),
                    evaluationPeriods: 3, comparison: .lessThanOrEqual, threshold: 0),
            ],
            scalingPolicies: [
                ScalingPolicy(
                    name: "out", alarm: "up",
                    kind: .step(
                        StepScaling(
                            adjustmentType: .changeInCapacity,
                            steps: [
                                StepAdjustment(lower: 0, upper: 20, adjustment: 1),
                                StepAdjustment(lower: 20, adjustment: 4),
                            ],
                            instanceWarmup: .seconds(20)))),
                .simple("also-out", on: "up", .percentChangeInCapacity, 50, cooldown: .seconds(90)),
                .simple("in", on: "empty", .changeInCapacity, -1, cooldown: .seconds(90)),
            ])
        policy.minSize = Int(seed % 3)
        policy.terminationPolicies = [[.default], [.newestInstance], [.oldestInstance]][Int(seed / 3 % 3)]
        world = MiniWorld(policy, desired: policy.minSize)
        world.state.seed = seed
        world.sourceKnowsHolders = seed % 5 != 4
    }

    private mutating func draw(_ below: Int) -> Int {
        drawn += 1
        return Int(Random.number(seed: seed &* 31 &+ 5, position: drawn) % UInt64(below))
    }

    /// One of so many.
    private mutating func chance(_ oneOf: Int) -> Bool { draw(oneOf) == 0 }

    mutating func step() {
        seconds += Double(1 + draw(80)) / 10
        if chance(60) { seconds -= 40 }
        if chance(90) { seconds += 600 }
        steps += 1
        // Work comes in spells; in between the group may go back to nothing.
        if steps / 100 % 2 == 0, chance(6) { backlog += draw(40) }
        work()
        world.startTime = .milliseconds(draw(20) * 700)
        world.launchFailure = chance(10) ? "engine is away" : nil
        world.listingFailure = chance(12) ? "engine is away" : nil
        if chance(25) { world.start(InstanceID("i-stray-\(drawn)")) }
        if chance(15), let worker = any { world.end(worker, code: draw(3) == 0 ? 0 : 1) }
        if chance(50), let worker = any { world.vanish(worker) }
        if chance(30) { world.kill() }
        if chance(40) { world.policy.maxSize = 4 + draw(9) }
        if chance(30) { blindSteps = draw(12) }
        blindSteps -= 1
        see(failing: blindSteps >= 0)
        if chance(50) { return die() }
        world.receivingInBetween = world.workers.filter { $0.held == 0 }.map(\.id)
        if draw(4) > 0 { world.receivingInBetween = [] }
        tick(measured: !chance(4), requests: requests())
    }

    /// Idle workers take messages, busy ones may finish.
    private mutating func work() {
        for worker in world.workers where worker.exit == nil {
            if worker.held > 0 {
                if chance(3) { world.finish(worker.id) }
            } else if backlog > 0, chance(2), world.receive(1, by: worker.id) {
                backlog -= 1
            }
        }
    }

    private var any: InstanceID? {
        mutating get { world.workers.isEmpty ? nil : world.workers[draw(world.workers.count)].id }
    }

    private mutating func see(failing: Bool) {
        if failing {
            world.measurement = .unreachable
        } else {
            let inFlight = world.workers.reduce(0) { $0 + $1.held }
            world.see(visible: Double(backlog), inFlight: Double(inFlight))
        }
    }

    private mutating func requests() -> [Request.Kind] {
        guard chance(8) else { return [] }
        switch draw(5) {
        case 0: return [.setDesired(draw(16), honorCooldown: chance(2))]
        case 1: return any.map { [.setProtection([$0], protected: true)] } ?? []
        case 2: return any.map { [.setProtection([$0], protected: false)] } ?? []
        case 3: return [.suspend([ScalingProcess.allCases[draw(3)]])]
        default: return [.resume([])]
        }
    }

    /// Killed between deciding and doing.
    private mutating func die() {
        let before = world.state
        world.now = .at(seconds)
        check(world.tickAndDie(at: seconds), before)
    }

    private mutating func tick(measured: Bool, requests: [Request.Kind]) {
        let before = world.state
        check(world.tick(at: seconds, measured: measured, requests: requests), before)
        // Where the source cannot tell who is busy, only protection helps.
        if world.sourceKnowsHolders, let id = world.stoppedBusy.first {
            wrong = "\(id) was stopped with a message in hand"
        }
    }

    private mutating func check(_ evaluation: Evaluation, _ before: GroupState) {
        for planned in evaluation.plan.actions { seen[planned.action.word, default: 0] += 1 }
        for event in evaluation.events { seen[event.code, default: 0] += 1 }
        for code in evaluation.codes { seen[code, default: 0] += 1 }
        let policy = world.policy
        let state = evaluation.state
        if !(policy.minSize...policy.maxSize).contains(state.desiredCapacity) { wrong = "desired out of bounds" }
        if evaluation.decision.reasons.isEmpty { wrong = "no reason" }
        if evaluation.nextTick <= world.now { wrong = "the next tick is not later" }
        if Set(state.fleet.map(\.id)).count != state.fleet.count { wrong = "an instance twice" }
        if Set(evaluation.actions).count != evaluation.actions.count { wrong = "an action twice" }
        for case .terminate(let id, _) in evaluation.actions {
            let reason = evaluation.plan.actions.first { $0.action.instance == id && $0.action.word == "terminate" }?
                .why
            // One that did not come up in time, or is told again, was never found idle anew.
            guard reason == .foundIdle else { continue }
            if before.fleet.contains(where: { $0.id == id && $0.protectedFromScaleIn }) {
                wrong = "\(id) is stopped though protected"
            }
        }
        // What was launched, and is not known to have ended, is never forgotten.
        let launched = evaluation.instances("launch").map { InstanceID($0) }
        for id in launched where !state.fleet.contains(where: { $0.id == id }) { wrong = "\(id) is forgotten" }
        let active = state.fleet.filter { $0.lifecycleState == .pending || $0.lifecycleState == .inService }.count
        if !launched.isEmpty, active > state.desiredCapacity,
            evaluation.plan.actions.contains(where: { $0.why == .capacity(desired: state.desiredCapacity) })
        {
            wrong = "launched more than desired"
        }
    }

    /// Faults off: the source and the engine answer, nobody dies, nothing new arrives.
    mutating func calm() {
        backlog = 0
        world.launchFailure = nil
        world.listingFailure = nil
        world.startTime = .seconds(1)
        world.policy.maxSize = 12
        for worker in world.workers { world.finish(worker.id) }
        seconds += 10
        see(failing: false)
        let protected = world.state.ids(.inService)
        tick(measured: true, requests: [.resume([])] + protected.map { .setProtection([$0], protected: false) })
    }

    mutating func quietStep() {
        seconds += 5
        for worker in world.workers { world.finish(worker.id) }
        see(failing: false)
        tick(measured: true, requests: [])
    }
}
