import Testing

@testable import WeirCore

@Suite("Why that capacity, and what would have changed it")
struct ExplanationSpecs {
    static func policy(maxSize: Int = 5, evaluationPeriods: Int = 1) -> GroupPolicy {
        let high = AlarmDefinition(
            name: "high", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
            evaluationPeriods: evaluationPeriods, comparison: .greaterThan, threshold: 10)
        let low = AlarmDefinition(
            name: "low", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(10),
            evaluationPeriods: 2,
            comparison: .lessThan, threshold: 3)
        return GroupPolicy(
            name: "g", minSize: 0, maxSize: maxSize, alarms: [high, low],
            scalingPolicies: [
                ScalingPolicy(
                    name: "up", alarm: "high",
                    kind: .simple(
                        SimpleScaling(adjustmentType: .changeInCapacity, adjustment: 1, cooldown: .seconds(100)))),
                ScalingPolicy(
                    name: "down", alarm: "low",
                    kind: .simple(
                        SimpleScaling(adjustmentType: .exactCapacity, adjustment: 0, cooldown: .seconds(30)))),
            ])
    }

    /// A tick every ten seconds, each with so many messages waiting; nil: the source failed. What is launched runs by the next.
    static func story(_ visible: [Double?], _ policy: GroupPolicy = policy()) -> [DecidedTick] {
        var state = GroupState(startingWith: policy, seed: 7, at: Instant(milliseconds: 0))
        return visible.enumerated().map { number, visible in
            let now = Instant(milliseconds: Int64(number + 1) * 10_000)
            let measurement = visible.map {
                Measurement(
                    visible: .value($0), inFlight: .value(0), delayed: .value(0), oldestAge: .value($0 > 0 ? 4 : 0))
            }
            let observation = Observation(
                measurement: measurement ?? .missing(.sourceFailed("connection refused")),
                listing: .instances(state.fleet.map { ListedInstance(id: $0.id, phase: .running) }), held: [])
            let before = state
            let evaluation = evaluate(policy, state, observation, at: now)
            state = evaluation.state
            return DecidedTick(
                policy: policy, before: before, observation: observation, at: now, evaluation: evaluation)
        }
    }

    static func alternatives(_ tick: DecidedTick) -> [String] {
        Explanation(tick, lastChange: nil).alternatives.map(\.sentence)
    }

    @Test("nothing happened: how many more messages would have made something happen")
    func nothingHappened() {
        #expect(
            Self.alternatives(Self.story([5])[0])
                == ["with 6 more messages waiting (11 instead of 5) it would have scaled out to 1"])
    }

    @Test("scaled out: how many fewer messages would have left it where it was")
    func scaledOut() {
        #expect(
            Self.alternatives(Self.story([14])[0])
                == ["with 4 fewer messages waiting (10 instead of 14) it would have stayed at 0"])
    }

    @Test("held by a cooldown: when it would have ended")
    func cooldown() throws {
        let ticks = Self.story(Array(repeating: 50, count: 12))
        let held = try #require(
            ticks.first { tick in
                tick.evaluation.decision.reasons.contains { $0.code == "held_by_cooldown" }
                    && !FleetCount(tick.evaluation.state.fleet).isChanging
            })
        let next = try #require(
            ticks.first { $0.at > held.at && $0.evaluation.decision.desired != held.evaluation.decision.desired })
        let alternatives = Explanation(held, lastChange: nil).alternatives
        #expect(alternatives.count == 1)
        #expect(alternatives[0].change == .time(next.at - held.at), "the same as was seen then")
        #expect(alternatives[0].decision.desired == next.evaluation.decision.desired)
    }

    @Test("limited to the maximum: what one more would have done")
    func maximum() throws {
        let ticks = Self.story(Array(repeating: 50, count: 30), Self.policy(maxSize: 1))
        let limited = try #require(
            ticks.last { tick in tick.evaluation.decision.reasons.contains { $0.code == "limited_to_maximum" } })
        #expect(
            Self.alternatives(limited).contains("with a maximum of 2 instead of 1 it would have scaled out to 2"))
    }

    @Test("what is due between two measurements is foretold for its own moment")
    func schedule() throws {
        var policy = Self.policy()
        policy.pollInterval = .seconds(40)
        policy.scheduledActions = [
            ScheduledAction(name: "opening", recurrence: try .parse("1 * * * *"), desiredCapacity: 3)
        ]
        let alternatives = Explanation(Self.story([0], policy)[0], lastChange: nil).alternatives
        let later = try #require(alternatives.last)
        // The tick is at 10 s, and it is measured again at 50 s and at 90 s.
        #expect(later.change == .time(.seconds(50)) && later.decision.desired == 3)
    }

    @Test("where the fleet is full, a larger maximum is not said to bring anything")
    func fullFleet() {
        var policy = Self.policy(maxSize: 1)
        policy.scalingPolicies[0].kind = .step(
            StepScaling(
                adjustmentType: .changeInCapacity, steps: [StepAdjustment(lower: 0, upper: nil, adjustment: 2)],
                instanceWarmup: .zero))
        func told(_ ceiling: FleetCeiling?) -> (codes: [String], changes: [String]) {
            let now = Instant(milliseconds: 10_000)
            let before = GroupState(startingWith: policy, seed: 7, at: Instant(milliseconds: 0))
            var observation = Observation(
                measurement: Measurement(
                    visible: .value(50), inFlight: .value(0), delayed: .value(0), oldestAge: .value(4)),
                listing: .instances([]), held: [])
            observation.ceiling = ceiling
            let evaluation = evaluate(policy, before, observation, at: now)
            let tick = DecidedTick(
                policy: policy, before: before, observation: observation, at: now, evaluation: evaluation)
            return (evaluation.decision.reasons.map(\.code), Self.alternatives(tick))
        }
        let sentence = "with a maximum of 2 instead of 1 it would have scaled out to 2"
        #expect(told(nil).changes.contains(sentence))
        let full = told(FleetCeiling(fleet: "box", limit: 4, instances: 0, launches: 0))
        #expect(full.codes.contains("limited_to_maximum"))
        #expect(full.codes.contains("limited_by_fleet"))
        #expect(!full.changes.contains(sentence))
    }

    @Test("a group whose policy was taken away is not told as one that runs")
    func leaving() {
        let policy = Self.policy().retired()
        let before = GroupState(startingWith: policy, seed: 7, at: Instant(milliseconds: 0))
        let observation = Observation(listing: .instances([]))
        let now = Instant(milliseconds: 10_000)
        let tick = DecidedTick(
            policy: policy, before: before, observation: observation, at: now,
            evaluation: evaluate(policy, before, observation, at: now))
        #expect(
            Explanation(tick, lastChange: nil).paragraphs.first
                == "At 00:00:10 UTC on 1970-01-01 g had left (its policy was taken away, or weir drained), "
                + "and no instance of it was there."
        )
    }

    /// Of a group that leaves, with this one instance or what it left behind.
    private static func leaving(
        _ lifecycleState: LifecycleState?, departure: Departure? = nil, remains: Bool = false
    ) -> Explanation {
        var tick = story([0], policy().retired())[0]
        let id = InstanceID("i-1")
        if let lifecycleState {
            var instance = Instance(id: id, lifecycleState: lifecycleState, launchedAt: tick.at, stateSince: tick.at)
            instance.departure = departure
            tick.evaluation.state.fleet = [instance]
        }
        if remains { tick.evaluation.state.remains = [Remains(instance: id, due: nil)] }
        return Explanation(tick, lastChange: nil)
    }

    @Test("a group has left when nothing of it is there, in whatever state", arguments: LifecycleState.allCases)
    func hasNotLeft(_ lifecycleState: LifecycleState) {
        for departure in [nil] + Departure.allCases {
            let told = Self.leaving(lifecycleState, departure: departure)
            #expect(!told.hasLeft && told.paragraphs[0].contains(" g was leaving ("))
        }
        #expect(!Self.leaving(nil, remains: true).hasLeft)
        #expect(Self.leaving(nil).hasLeft)
    }

    @Test("instances that are neither in service nor on the way out are told, too")
    func otherInstances() {
        for (lifecycleState, departure, told) in [
            (.draining, .unhealthy, "No instance was in service, 1 finishing its work."),
            (.enteringStandby, nil, "No instance was in service, 1 standing by."),
            (.warmedStopped, nil, "No instance was in service, 1 in the warm pool."),
        ] as [(LifecycleState, Departure?, String)] {
            #expect(Self.leaving(lifecycleState, departure: departure).paragraphs[1].hasSuffix(told))
        }
    }

    @Test("one message changes nothing where several periods have to breach, and nothing is said")
    func nothingUntrue() {
        let told = Self.alternatives(Self.story([5, 5], Self.policy(evaluationPeriods: 3))[1])
        #expect(told == [])
    }

    @Test("a source that failed: no figure could have been otherwise")
    func failed() {
        let explanation = Explanation(Self.story([5, nil])[1], lastChange: nil)
        #expect(explanation.alternatives.isEmpty)
        #expect(
            explanation.paragraphs[1]
                == "The queue could not be measured: connection refused. No instance was in service.")
    }

    @Test("whatever is told was decided so, and one step nearer it was not", arguments: 1...8)
    func everyAlternative(seed: UInt64) {
        let visible: [Double?] = (0..<40).map { position in
            let drawn = Random.number(seed: seed, position: UInt64(position)) % 40
            return drawn == 39 ? nil : Double(drawn > 25 ? drawn : 0)
        }
        var told = 0
        for tick in Self.story(visible) {
            for alternative in Explanation(tick, lastChange: nil).alternatives {
                guard case .figure(.visible, let from, let to) = alternative.change else { continue }
                func decided(_ value: Double) -> Int {
                    var observation = tick.observation
                    observation.measurement?.visible = .value(value)
                    if value == 0 { observation.measurement?.oldestAge = .value(0) }
                    return evaluate(tick.policy, tick.before, observation, at: tick.at).decision.desired
                }
                told += 1
                #expect(decided(to) == alternative.decision.desired)
                #expect(decided(to) != decided(from))
                #expect(decided(to + (to > from ? -1 : 1)) == decided(from))
            }
        }
        #expect(told > 0)
    }

    @Test("the whole story reads well")
    func sentences() {
        let ticks = Self.story([5, 14])
        let byOperator = Reason(capacity: 0, fact: .setByOperator(asked: 0))
        let change = Explanation.Change(
            at: Instant(milliseconds: 4000), decision: Decision(previousDesired: 3, desired: 0, reasons: [byOperator]))
        #expect(
            Explanation(ticks[1], lastChange: nil).paragraphs.joined(separator: "\n") == """
                At 00:00:20 UTC on 1970-01-01 g scaled out from 0 to 1. Asked for: up: adds 1.
                The queue had 14 messages waiting, the oldest for 4 s, 0 in flight. No instance was in service, 1 on the way.
                high was in ALARM since 00:00:20: visible maximum 14 > 10 for 1 of 1 periods of 10s.
                low was OK since 00:00:10, for 10 s: outstanding maximum 14 ≥ 3; 0 of 2 periods of 10s breach.
                With 4 fewer messages waiting (10 instead of 14) it would have stayed at 0.
                """)
        #expect(
            Explanation(ticks[0], lastChange: change).paragraphs[0].hasSuffix(
                "It has been 0 since 00:00:04, 6 s before, when it went there from 3: set to 0 by an operator."))
    }

    /// A tick so long after another, with these rates seen.
    private static func seen(
        after span: Duration, arrivals: Double?, completions: Double?, oldestAge: Double = 4, traffic: Traffic? = nil
    ) -> String {
        let before = story([0])[0]
        let at = before.at + span
        var measurement = Measurement(
            visible: .value(1), inFlight: .value(0), delayed: .value(0), oldestAge: .value(oldestAge))
        if let arrivals { measurement.arrivalRate = .value(arrivals) }
        if let completions { measurement.completionRate = .value(completions) }
        measurement.traffic = traffic
        let observation = Observation(measurement: measurement, listing: .instances([]), held: [])
        let evaluation = evaluate(policy(), before.evaluation.state, observation, at: at)
        let tick = DecidedTick(
            policy: policy(), before: before.evaluation.state, observation: observation, at: at, evaluation: evaluation)
        return Explanation(tick, lastChange: nil).paragraphs[1]
    }

    @Test("rates are told in the unit of a person")
    func rates() {
        #expect(
            Self.seen(after: .seconds(10), arrivals: 0.1, completions: 0).hasPrefix(
                "The queue had 1 message waiting, the oldest for 4 s, 0 in flight; arrivals 6 a minute; no completions. "
            ))
        #expect(
            Self.seen(after: .seconds(300), arrivals: 12.3, completions: 1.0 / 300, oldestAge: 7500).hasPrefix(
                "The queue had 1 message waiting, the oldest for 2 h 5 min, 0 in flight; arrivals 12.3 a second; "
                    + "completions 12 an hour. "))
        #expect(Self.seen(after: .seconds(10), arrivals: nil, completions: nil).contains("0 in flight. "))
    }

    @Test("after a moment it is told what came and went in it: a rate would say 50 a second of one message")
    func moments() {
        #expect(
            Self.seen(after: .milliseconds(20), arrivals: 50, completions: 0).contains(
                "0 in flight; in the 20 ms before: 1 arrival, 0 completions. "))
        #expect(Self.seen(after: .milliseconds(20), arrivals: nil, completions: nil).contains("0 in flight. "))
    }

    @Test("what the queue counted is told as it is: its rate is of the time between measurements, not between ticks")
    func countedMoments() {
        var traffic = Traffic(arrivals: 10)
        traffic.services.add(3, of: 40)
        #expect(
            Self.seen(after: .milliseconds(26), arrivals: 500, completions: 150, traffic: traffic).contains(
                "; in the 26 ms before: 10 arrivals, 3 completions. "))
        let longer = Self.seen(after: .seconds(2), arrivals: 5, completions: 0, traffic: traffic)
        #expect(longer.contains("; arrivals 5 a second"))
    }

    @Test("figures beyond all bounds end nothing", arguments: [1e19, 1e300, -1e300, .infinity, -.infinity, .nan])
    func beyondBounds(_ figure: Double) {
        for policy in [Self.policy(), Self.policy(evaluationPeriods: 3)] {
            let told = Explanation(Self.story([figure], policy)[0], lastChange: nil)
            #expect(told.paragraphs.count >= 2)
        }
        let told = Self.seen(after: .milliseconds(20), arrivals: figure, completions: figure, oldestAge: figure)
        #expect(told.contains(figure > 0 ? "1000000000000000 arrivals" : "before: 0 arrivals"))
    }

    @Test("what would have led elsewhere is told in the unit of the larger rate")
    func rateAlternatives() {
        func sentence(_ metric: BuiltInMetric, _ from: Double, _ to: Double) -> String {
            Alternative(
                change: .figure(metric, from: from, to: to), at: Instant(milliseconds: 0),
                decision: Decision(previousDesired: 1, desired: 1, reasons: []), previous: 1, really: 2
            ).sentence
        }
        #expect(
            sentence(.arrivalRate, 0.03, 0.05)
                == "with 1.2 more arrivals a minute (3 instead of 1.8) it would have stayed at 1")
        #expect(
            sentence(.completionRate, 2, 0.5)
                == "with 1.5 fewer completions a second (0.5 instead of 2) it would have stayed at 1")
    }

    @Test("instances that do not count yet are told as warming up")
    func warming() {
        var policy = Self.policy()
        let up = StepScaling(
            adjustmentType: .changeInCapacity, steps: [StepAdjustment(lower: 0, upper: nil, adjustment: 2)],
            instanceWarmup: .seconds(25))
        policy.scalingPolicies[0].kind = .step(up)
        let told = Self.story([14, 14, 14, 0, 0], policy).map { Explanation($0, lastChange: nil) }
        #expect(told.map(\.fleet.warming) == [0, 2, 2, 2, 0])
        #expect(told[1].paragraphs[1].hasSuffix("2 instances were in service, warming up until 00:00:45."))
        #expect(told[4].fleet.warmAt == nil)
    }

    @Test(
        "times in words",
        arguments: [
            (250, "250 ms"), (23_000, "23 s"), (250_000, "4 min 10 s"), (240_000, "4 min"), (11_100_000, "3 h 5 min"),
            (187_200_000, "2 d 4 h"),
        ])
    func times(milliseconds: Int64, words: String) {
        #expect(Duration.milliseconds(milliseconds).inWords == words)
    }
}
