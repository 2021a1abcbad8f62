import Foundation
import Testing

@testable import WeirCore

/// Seeds for everything else: a storm in which all goes wrong at random and nothing wrong may be decided, then a calm in
/// which the group must reach what it wants.
@Suite("Random worlds")
struct RandomWorldSpecs {
    /// As many as take a second or so.
    private static let seeds = ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { Int($0) } ?? 24

    @Test("storm, then calm", arguments: 0..<Self.seeds)
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
        for _ in 0..<400 { storm.quietStep() }
        if let wrong = storm.wrong {
            Issue.record("seed \(seed), in the calm: \(wrong)")
            return
        }
        let state = storm.world.state
        let policy = storm.world.policy
        #expect(state.count(.inService) == state.desiredCapacity, "seed \(seed)")
        let pool = policy.warmPool?.size(desired: state.desiredCapacity, maxSize: policy.maxSize) ?? 0
        #expect(state.count(.warmedStopped) + state.count(.warmedHibernated) == pool, "seed \(seed)")
        for transient in LifecycleState.allCases.filter({ !$0.isLasting }) {
            #expect(state.ids(transient).isEmpty, "seed \(seed)")
        }
        #expect(state.refresh?.isUnderWay != true, "seed \(seed)")
        #expect(state.fleet.allSatisfy { $0.unhealthy == nil && $0.departure == nil }, "seed \(seed)")
        #expect(state.remains.isEmpty, "seed \(seed)")
        #expect(storm.world.workers.count == state.fleet.count, "seed \(seed)")
        // Backlog gone, nobody busy or protected: the policy wants none.
        #expect(state.desiredCapacity == storm.world.policy.minSize, "seed \(seed)")
    }

    @Test("an evaluation that takes the place of the one before is the same as one made anew", arguments: 0..<8)
    func inPlace(_ seed: Int) {
        var storm = Storm(seed: UInt64(seed))
        storm.world.inPlace = evaluate(
            storm.world.policy, storm.world.state, Observation(), at: storm.world.state.createdAt)
        for _ in 0..<400 { storm.step() }
        #expect(storm.world.decidedOtherwiseInPlace == 0)
        #expect(storm.world.inPlace?.state == storm.world.state)
    }

    @Test("the storm is one: every kind of action, event and hold occurs in it")
    func stormy() {
        var seen: Set<String> = []
        for seed in 0..<40 {
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
            "prepare", "pause", "resume", "hook", "hook_began", "hook_ended", "unhealthy", "healthy_again",
            "departs",
            "stood_by", "warmed", "left_pool", "new_template", "refresh_began", "refresh_held", "refresh_rolls_back",
            "refresh_ended", "unhealthy_wait", "lifetime_held_by_protection", "standby_began", "standby_ended",
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
        Self.addFeatures(to: &policy, seed: seed)
        world = MiniWorld(policy, desired: policy.minSize)
        world.hookResults["command"] = seed % 4 < 2 ? .done : .failed("exit code 2")
        world.state.seed = seed
        world.sourceKnowsHolders = seed % 5 != 4
    }

    /// Every fourth group is plain; of the others every second one, or so, has each of these.
    private static func addFeatures(to policy: inout GroupPolicy, seed: UInt64) {
        func has(_ feature: UInt64) -> Bool { Random.number(seed: seed, position: 900 + feature) % 2 == 0 }
        guard seed % 4 > 0 else { return }
        policy.templateDigest = "0"
        if has(1) {
            policy.lifecycleHooks.append(
                LifecycleHook(
                    name: "start", transition: .launching, heartbeatTimeout: .seconds(30),
                    defaultResult: has(2) ? .continue : .abandon))
        }
        if has(3) {
            policy.lifecycleHooks.append(
                LifecycleHook(
                    name: "command", transition: has(4) ? .launching : .terminating, heartbeatTimeout: .seconds(60),
                    defaultResult: .continue, runsCommand: true))
        }
        if has(5) {
            policy.warmPool = WarmPool(
                state: has(6) ? .stopped : .hibernated, minSize: has(7) ? 2 : 0,
                maxPreparedCapacity: has(8) ? 6 : nil, reuseOnScaleIn: has(9), preparationTime: .seconds(5))
        }
        if has(10) { policy.maxInstanceLifetime = .seconds(900) }
        if has(11) { policy.healthCheckGracePeriod = .seconds(20) }
        policy.instanceRefresh = RefreshPreferences(
            minHealthyPercentage: has(12) ? 90 : 50, maxHealthyPercentage: has(13) ? 100 : 150,
            instanceWarmup: .seconds(10), checkpointPercentages: has(14) ? [50, 100] : [],
            checkpointDelay: .seconds(30), skipMatching: has(15), protectedInstances: has(16) ? .replace : .wait,
            standbyInstances: has(17) ? .ignore : .wait, autoRollback: has(18), onChange: has(19))
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
        if chance(60) { world.policy.templateDigest = "\(draw(3))" }
        if chance(20), let worker = any { world.launcherHealth[worker] = chance(3) ? .failed("no answer") : .healthy }
        if chance(12), let worker = any {
            world.health = (0..<4).map { _ in HealthReport(instance: worker, result: .failed("500")) }
        }
        if chance(12), let worker = any { world.health = [HealthReport(instance: worker, result: .healthy)] }
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
        guard chance(6) else { return [] }
        switch draw(16) {
        case 5: return any.map { [.enterStandby([$0], decrementDesired: chance(2))] } ?? []
        case 6, 7: return world.state.ids(.standby).first.map { [.exitStandby([$0])] } ?? []
        case 8: return any.map { [.setHealth($0, healthy: chance(3), respectGracePeriod: chance(2))] } ?? []
        case 9: return [.startRefresh(nil)]
        case 10: return [chance(2) ? .cancelRefresh : .rollBackRefresh]
        case 11: return any.map { [.terminate($0, decrementDesired: chance(2))] } ?? []
        case 12, 13, 14:
            let result: LifecycleResult = chance(4) ? .abandon : .continue
            return world.state.ids(.pendingWait).first.map {
                [.completeLifecycle(hook: "start", instance: $0, token: nil, result)]
            } ?? []
        case 0: return [.setDesired(draw(16), honorCooldown: chance(2))]
        case 1: return any.map { [.setProtection([$0], protected: true)] } ?? []
        case 2: return any.map { [.setProtection([$0], protected: false)] } ?? []
        case 3: return [.suspend([ScalingProcess.allCases[draw(7)]])]
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
            if state.fleet.contains(where: {
                $0.id == id && $0.protectedFromScaleIn && ($0.departure?.respectsProtection ?? true)
            }) {
                wrong = "\(id) is stopped though protected"
            }
        }
        // What was launched, and is not known to have ended, is never forgotten.
        let launched = evaluation.instances("launch").map { InstanceID($0) }
        for id in launched where !state.fleet.contains(where: { $0.id == id }) { wrong = "\(id) is forgotten" }
        checkLaunches(evaluation)
        for id in world.policy.warmPool == nil ? [] : world.state.fleet.filter(\.isWarmed).map(\.id)
        where world.worker(id)?.held ?? 0 > 0 { wrong = "\(id) works in the pool" }
    }

    /// What is launched for the capacity is never more than what is missing.
    private mutating func checkLaunches(_ evaluation: Evaluation) {
        let state = evaluation.state
        let active = state.fleet.count { $0.isActive }
        for planned in evaluation.plan.actions {
            guard case .capacity(let wanted) = planned.why else { continue }
            let extra = max(state.desiredCapacity * (world.policy.instanceRefresh.maxHealthyPercentage - 100) / 100, 1)
            if active > wanted { wrong = "launched more than wanted" }
            if wanted > state.desiredCapacity + extra { wrong = "wanted more than the refresh may add" }
        }
    }

    /// Faults off: the source and the engine answer, nobody dies, nothing new arrives.
    mutating func calm() {
        backlog = 0
        world.launchFailure = nil
        world.listingFailure = nil
        world.startTime = .seconds(1)
        world.policy.maxSize = 12
        world.policy.maxInstanceLifetime = nil
        world.launcherHealth = [:]
        for id in world.workers.map(\.id) { world.launcherHealth[id] = .healthy }
        world.hookResults["command"] = .done
        for worker in world.workers { world.finish(worker.id) }
        seconds += 10
        see(failing: false)
        let protected = world.state.ids(.inService)
        tick(
            measured: true,
            requests: [.resume([])] + protected.map { .setProtection([$0], protected: false) }
                + protected.map { .setHealth($0, healthy: true, respectGracePeriod: false) })
    }

    mutating func quietStep() {
        seconds += 5
        for worker in world.workers { world.finish(worker.id) }
        see(failing: false)
        // Somebody looks after those that wait, stand by or were marked.
        var requests: [Request.Kind] = world.state.ids(.standby).map { .terminate($0, decrementDesired: false) }
        requests += world.state.ids(.pendingWait).map {
            .completeLifecycle(hook: "start", instance: $0, token: nil, .continue)
        }
        requests += world.state.ids(.inService).map { .setProtection([$0], protected: false) }
        requests += world.state.fleet.filter { $0.unhealthy?.cause == .check && $0.lifecycleState == .inService }.map {
            .setHealth($0.id, healthy: true, respectGracePeriod: false)
        }
        tick(measured: true, requests: requests)
    }
}

extension LifecycleState {
    /// An instance may stay in it for as long as nothing happens.
    fileprivate var isLasting: Bool {
        switch self {
        case .inService, .warmedStopped, .warmedHibernated: true
        case .pending, .pendingWait, .enteringStandby, .standby, .draining, .terminatingWait, .terminating,
            .warmedPending:
            false
        }
    }
}
