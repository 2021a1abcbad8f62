import FoundationEssentials
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The account of a policy that decides beside a live group")
struct ShadowAccountSpecs {
    private static let noon = Instant(milliseconds: 1_772_366_400_000)

    /// `most` instances as soon as a message is visible.
    private static func policy(_ most: Int, min: Int = 0) -> GroupPolicy {
        let alarm = AlarmDefinition(
            name: "out", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
            comparison: .greaterThanOrEqual, threshold: 1)
        let scaling = ScalingPolicy(
            name: "out", alarm: "out", kind: .simple(SimpleScaling(adjustmentType: .exactCapacity, adjustment: most)))
        return GroupPolicy(name: "g", minSize: min, maxSize: 10, alarms: [alarm], scalingPolicies: [scaling])
    }

    /// A live group of `instances`, with two jobs a second of a second each, looked at each ten seconds.
    private struct Live {
        var account: ShadowAccount
        let policy: GroupPolicy
        var instances: Int
        var now = ShadowAccountSpecs.noon

        init(_ policy: GroupPolicy, instances: Int) {
            self.policy = policy
            self.instances = instances
            let first = Self.tick(at: now, instances: instances, visible: 0)
            account = ShadowAccount(policy, texts: ["a", "b"], from: first)
            see(first)
        }

        mutating func see(_ tick: SeenTick) {
            account.see(tick, under: policy, liveConcurrency: 1) { [policy] in evaluate(policy, $0, $1, at: $2) }
        }

        static func tick(
            at now: Instant, instances: Int, visible: Double, restarted: Bool = false, startups: [Double] = []
        ) -> SeenTick {
            SeenTick(
                at: now,
                measurement: Measurement(
                    visible: .value(visible), inFlight: .value(2), delayed: .value(0), oldestAge: .value(0),
                    arrivalRate: .value(2), completionRate: .value(2)),
                restarted: restarted, desired: instances, working: instances, inService: instances,
                startupTimes: startups)
        }

        mutating func pass(_ seconds: Int, visible: Double = 0, restarted: Bool = false, startups: [Double] = []) {
            for step in 1...(seconds / 10) {
                now = now + .seconds(10)
                see(
                    Self.tick(
                        at: now, instances: instances, visible: visible, restarted: restarted && step == 1,
                        startups: step == 1 ? startups : []))
            }
        }

        var report: ShadowReport { ShadowReport(account, path: "b.yaml") }
    }

    @Test("it begins where the live group is, and a policy that changes nothing costs the same")
    func same() {
        var live = Live(Self.policy(3, min: 3), instances: 3)
        live.pass(3600)
        let report = live.report
        #expect(report.desired == 3 && report.inService == 3 && report.seen == 3600)
        #expect(report.shadow.workerSeconds == 3 * 3600 && report.live.workerSeconds == 3 * 3600)
        #expect(report.shadow.launches == 0 && report.shadow.terminations == 0)
        #expect(report.shadow.waits == report.live.waits)
        #expect(report.serviceTime == 1, "two in flight, and two done each second")
    }

    @Test("what it launches starts after the time that was measured, and costs from its launch")
    func startsLate() {
        var live = Live(Self.policy(4), instances: 1)
        live.pass(100, startups: [30])
        live.pass(10, visible: 5)
        #expect(live.report.desired == 4 && live.report.inService == 1 && live.report.startup == 30)
        live.pass(20, visible: 5)
        #expect(live.report.inService == 1)
        live.pass(10, visible: 5)
        #expect(live.report.inService == 4 && live.report.shadow.launches == 3)
        #expect(live.report.shadow.workerSeconds == 110 + 4 * 30)
        #expect(live.report.live.workerSeconds == 140)
    }

    /// A live group with a wait target of 5 s: every minute come five jobs of a second, and instances start in two.
    private struct Waiting {
        let policy: GroupPolicy
        var state: GroupState
        var fleet = ShadowFleet(running: 0, at: ShadowAccountSpecs.noon)
        var outcomes: [ActionOutcome] = []
        var waiting = 0
        var done: [InstanceID: Instant] = [:]
        var now = ShadowAccountSpecs.noon

        init() {
            let target = ScalingPolicy(name: "w", waiting: WaitTarget(target: .seconds(5)))
            policy = GroupPolicy(name: "g", minSize: 0, maxSize: 10, scalingPolicies: [target])
            state = GroupState(startingWith: policy, seed: 1, at: now)
        }

        /// One second: a tick that measures, and those that what was done brings.
        mutating func step() -> [SeenTick] {
            now = now + .seconds(1)
            var traffic = Traffic()
            let finished = done.filter { $0.value <= now }.map(\.key)
            for id in finished { done[id] = nil }
            traffic.services.add(finished.count, of: LogScale.work.bucket(1))
            if (now - ShadowAccountSpecs.noon).components.seconds % 60 == 5 {
                waiting += 5
                traffic.arrivals = 5
            }
            for instance in state.fleet where instance.lifecycleState == .inService && done[instance.id] == nil {
                guard waiting > 0 else { break }
                waiting -= 1
                traffic.waits.add(of: 0)
                done[instance.id] = now + .seconds(1)
            }
            traffic.inHand.add(done.count, of: 0)
            var measurement = Measurement(
                visible: .value(Double(waiting)), inFlight: .value(Double(done.count)), delayed: .value(0),
                oldestAge: .value(0), arrivalRate: .value(Double(traffic.arrivals)),
                completionRate: .value(Double(finished.count)))
            measurement.traffic = traffic
            var ticks = [tick(measurement, at: now)]
            while !outcomes.isEmpty { ticks.append(tick(nil, at: now + .milliseconds(Int64(ticks.count)))) }
            return ticks
        }

        private mutating func tick(_ measurement: Measurement?, at now: Instant) -> SeenTick {
            let observation = Observation(
                measurement: measurement, listing: fleet.listing(at: now),
                held: done.keys.sorted { $0.text < $1.text }.map { HeldMessages(instance: $0, messages: 1) },
                outcomes: outcomes)
            let evaluation = evaluate(policy, state, observation, at: now)
            state = evaluation.state
            outcomes = evaluation.plan.actions.map { planned in
                ActionOutcome(
                    action: planned.action,
                    result: fleet.perform(planned.action, at: now, startup: .seconds(2)))
            }
            var tick = SeenTick(observation, state, evaluation.events, at: now)
            tick.learned = LearnedOfWork(of: state, under: policy)
            return tick
        }
    }

    @Test("a policy beside itself costs the same, from the first launch on and joining later", arguments: [1, 600])
    func besideItself(from first: Int) throws {
        var live = Waiting()
        let policy = live.policy
        var account: ShadowAccount?
        for second in 1...1800 {
            let ticks = live.step()
            guard second >= first else { continue }
            for tick in ticks {
                if account == nil { account = ShadowAccount(policy, texts: [], from: tick) }
                account?.see(tick, under: policy, liveConcurrency: 1) { evaluate(policy, $0, $1, at: $2) }
            }
        }
        let seen = try #require(account)
        #expect(seen.live.launches > 10 && seen.startup == .seconds(2))
        let share = seen.shadowWithEnds.workerSeconds / seen.live.workerSeconds
        #expect((0.95...1.05).contains(share), "\(share): \(seen.shadow) \(seen.live)")
    }

    @Test("with too few instances its jobs wait, though the live group's do not")
    func waits() {
        var live = Live(Self.policy(1), instances: 2)
        live.pass(100)
        #expect(live.report.shadow.waits?.mean == 0)
        live.pass(10, visible: 1)
        // Desired went from two to one; each second one of two jobs is left over.
        live.pass(600, visible: 0)
        let report = live.report
        #expect(report.inService == 1 && report.shadow.terminations == 1)
        #expect(report.live.waits?.backlog == 0)
        let backlog = report.shadow.waits?.backlog ?? 0
        #expect((590...600).contains(backlog), "\(backlog)")
        #expect((report.shadow.waits?.longest ?? 0) > 250)
    }

    @Test("what it ends costs until it is gone, as long as the quickest of the live group took")
    func endsLate() {
        var live = Live(Self.policy(1), instances: 2)
        live.pass(10, visible: 1)
        live.pass(100)
        let before = live.report.shadow
        #expect(before.terminations == 1)
        for (id, seconds) in [("i-1", 40), ("i-2", 20)] {
            for step in 0...(seconds / 10) {
                live.now = live.now + .seconds(10)
                var tick = Live.tick(at: live.now, instances: 2, visible: 0)
                if step < seconds / 10 { tick.leaving = [InstanceID(id)] } else { tick.ended = [InstanceID(id)] }
                live.see(tick)
            }
        }
        #expect(live.report.shadow.workerSeconds == before.workerSeconds + 80 + 20)
    }

    @Test("while weir does not run nothing is counted, on either side")
    func restart() throws {
        var live = Live(Self.policy(3, min: 3), instances: 3)
        live.pass(100)
        let stored = try JSONEncoder().encode(live.account)
        live.account = try JSONDecoder().decode(ShadowAccount.self, from: stored)
        live.now = live.now + .seconds(86_400)
        live.pass(100, restarted: true)
        #expect(live.report.seen == 190 && live.report.since == Self.noon)
        #expect(live.report.shadow.workerSeconds == 3 * 190 && live.report.live.workerSeconds == 3 * 190)
    }

    @Test("what the source does not tell is not made up")
    func unknown() {
        var live = Live(Self.policy(3, min: 3), instances: 3)
        for second in 1...20 {
            var tick = Live.tick(at: Self.noon + .seconds(second * 10), instances: 3, visible: 5)
            tick.measurement?.arrivalRate = .missing(.notTold)
            tick.measurement?.completionRate = .missing(.notTold)
            live.see(tick)
        }
        #expect(live.report.shadow.waits == nil && live.report.serviceTime == nil)
        #expect(live.report.measuredMeanWait == nil && live.report.shadow.workerSeconds == 600)
    }

    @Test("the same ticks give the same account, however it is stored in between")
    func deterministic() throws {
        var once = Live(Self.policy(4), instances: 1)
        var again = Live(Self.policy(4), instances: 1)
        for round in 0..<20 {
            let visible = Double(round % 3)
            once.pass(30, visible: visible)
            again.pass(30, visible: visible)
            again.account = try JSONDecoder().decode(ShadowAccount.self, from: JSONEncoder().encode(again.account))
        }
        #expect(once.report == again.report)
    }
}
