import Foundation
import Testing

@testable import WeirCore
@testable import WeirRuntime

/// What writes itself is what its `Codable` form says, to the byte; so a field that is forgotten is a failure here.
@Suite("Records and states that write themselves")
struct JSONWritingSpecs {
    @Test(
        "every record of a demo, a torture and a storm, and the states between, are the bytes of their Codable form",
        arguments: ["demo", "torture", "storm", "demo-version-3"])
    func fixtures(name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/records/\(name)", withExtension: "jsonl"))
        let reader = try RecordReader(url.path)
        var replay = Replay()
        var states = 0
        while let line = try reader.next() {
            guard case .record(let record) = line else { continue }
            #expect(Self.isAlike(record), "line \(reader.number)")
            guard let decided = replay.take(record).1, reader.number % 3 == 0 else { continue }
            #expect(Self.isAlike(Self.group(decided.evaluation.state)), "line \(reader.number)")
            states += 1
        }
        #expect(states > 2)
    }

    @Test("with every field set, and with none that may be left out")
    func everyField() {
        Self.expectFull(Self.group(Self.fullState))
        Self.expectFull(Self.fullState)
        Self.expectFull(Self.fullInstance)
        Self.expectFull(LaunchTemplate(name: "g", version: 2))
        Self.expectFull(Self.fullHistory)
        // A status has one judgement, of either kind.
        Self.expectFull(Self.fullStatus, besides: ["_lastOfRule"])
        var composite = Self.fullStatus
        composite.lastJudgement = .rule(Self.rule)
        Self.expectFull(composite, besides: ["lastOfMetric"])
        Self.expectFull(AlarmTransition(alarm: "a", from: .ok, to: .alarm, judgement: .metric(Self.judgement)))
        Self.expectFull(Self.judgement)
        Self.expectFull(Self.ceiling)
        Self.expectFull(Self.traffic)
        Self.expectFull(Self.proposal)
        Self.expectFull(Self.backlog)
        Self.expectFull(Self.stabilized)
        Self.expectFull(Self.waiting)
        Self.expectFull(StepAdjustment(lower: -1.5, upper: 2, adjustment: -3))
        Self.expectFull(
            ListedInstance(id: Self.id, phase: .running, health: .failed("no"), templateVersion: 3))
        Self.expectFull(Self.full(Self.checkpointed))
        Self.expectFull(Self.seen)

        #expect(Self.isAlike(GroupState(seed: 0, createdAt: Self.now, desiredCapacity: 0)))
        #expect(
            Self.isAlike(
                Record(group: "", at: Self.now, dryRun: false, observation: Observation(), evaluation: Self.quiet)))
        #expect(Self.isAlike(ListedInstance(id: InstanceID("other \"form\""), phase: .paused)))
        #expect(Self.isAlike(MetricHistory()))
        #expect(Self.isAlike(AlarmStatus(name: "a", since: Self.now)))
    }

    @Test("every kind of reason, whichever way it is written")
    func reasons() {
        let (id, now) = (Self.id, Self.now)
        let facts: [Reason.Fact] = [
            .noAlarm, .notMeasured, .repeatsLater(alarm: "a", at: now, state: .insufficientData),
            .proposed(Self.proposal), .outranked(Self.proposal, by: "b"), .noDatapoint(policy: "p", alarm: "a"),
            .heldByWarmup(policy: "p", instance: id, until: now), .heldByWarmup(policy: "p", instance: id, until: nil),
            .heldByTarget(policy: "p", .init(metric: 1.5, target: 2), capacity: 3),
            .heldByStabilization(policy: "p", Self.stabilized),
            .heldByWork(surplus: 1, [id, InstanceID("x")], count: 2, fleet: "f"),
            .heldByWork(surplus: 1, [], count: 2), .limitedToMaximum(wanted: 5), .raisedToMinimum(wanted: 0),
            .limitedByFleet(Self.ceiling, capacity: 4), .notBelieved("\"odd\"\n"), .suspended(.terminate),
            .heldByCooldown(policy: "p", after: "q", until: now),
        ]
        for fact in facts { #expect(Self.isAlike(Reason(capacity: 1, fact: fact)), "\(fact)") }
        #expect(Self.isAlike(facts.map { Reason(capacity: -1, fact: $0) }))
    }

    @Test("every rule by which an alarm is judged, and what a composite one is judged by")
    func judgements() {
        let rules: [EvaluationRule] = [
            .datapoints, .filled(.breaching), .kept, .noDatapoint, .lastingBreach, .tooEarly, .fewSamples,
        ]
        for rule in rules {
            #expect(Self.isAlike(Self.judgement(newest: nil, rule: rule)), "\(rule)")
        }
        #expect(Self.isAlike(AlarmJudgement.rule(Self.rule)))
    }

    @Test("what a launcher says is there, in any phase, and what it failed to say")
    func listings() {
        let phases: [ListedInstance.Phase] = [
            .starting, .running, .paused, .exited(Exit(code: nil)), .exited(Exit(code: 1, logTail: ["\u{1}"])),
        ]
        let listings: [Listing] = [
            .instances([]), .instances(phases.map { ListedInstance(id: Self.id, phase: $0) }), .failed("why"),
            .neverSucceeded("why"),
        ]
        for listing in listings { #expect(Self.isAlike(listing)) }
    }

    @Test("figures that JSON does not have are words in a record, and refuse a state")
    func nonFinite() {
        for odd in [Double.infinity, -.infinity, .nan] {
            let measurement = Measurement(
                visible: .value(odd), inFlight: .estimate(odd), delayed: .missing(.notTold),
                oldestAge: .missing(.sourceFailed("no")))
            let record = Record(
                group: "g", at: Self.now, dryRun: true, observation: Observation(measurement: measurement),
                evaluation: Self.quiet)
            #expect(Self.isAlike(record))
            var state = Self.fullState
            state.believed = BelievedBacklog(outstanding: odd, at: Self.now)
            #expect(throws: EncodingError.self) { try Self.group(state).written }
        }
    }
}

// MARK: - Holding one form against the other

extension JSONWritingSpecs {
    static func isAlike(_ value: some Encodable & JSONWritable) -> Bool {
        do {
            return try RecordLine.encoder.write(value) == RecordLine.encoder.encode(value)
        } catch {
            return false
        }
    }

    /// It is alike, and nothing that could be set is not.
    /// - Parameter besides: fields that may be unset, as others are set in their place.
    static func expectFull(_ value: some Encodable & JSONWritable, besides: [String] = []) {
        #expect(isAlike(value), "\(value)")
        expectNoGap(value, besides: besides)
    }

    /// For what has another form on its way in a record.
    static func expectFull(_ observation: Observation) {
        expectNoGap(observation)
        if let measurement = observation.measurement { expectNoGap(measurement) }
    }

    private static func expectNoGap(_ value: Any, besides: [String] = []) {
        let gaps = Mirror(reflecting: value).children.filter { isGap($0.value) }.map { $0.label ?? "" }
        #expect(gaps == besides, "\(type(of: value)) has nothing in these")
    }

    private static func isGap(_ value: Any) -> Bool {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection: return mirror.children.isEmpty
        default:
            return String(describing: type(of: value)).hasPrefix("Boxed<")
                && mirror.children.allSatisfy { isGap($0.value) }
        }
    }
}

// MARK: - Values with every field

extension JSONWritingSpecs {
    static let now = Instant(milliseconds: 1_767_571_200_123)
    static let id = InstanceID("i-0123456789abcdef0")

    static func group(_ state: GroupState) -> StoredGroup {
        var group = StoredGroup(
            name: "g", policyPath: "/etc/weir/g.yaml", policyText: "name: \"ü\"\n\tx: 1\n", launcher: "process",
            measures: "embedded", state: state)
        group.templates = [KeptTemplate(version: 1, policyText: "name: g\n")]
        return group
    }

    static func judgement(newest: Double?, rule: EvaluationRule) -> MetricJudgement {
        MetricJudgement(
            metric: .named("per_instance"), statistic: .trimmedMean(.values(nil, 90)), newest: newest, newestAge: 1,
            comparison: .lessThanOrEqual, threshold: 0.1, breaching: 1, datapointsToAlarm: 2, evaluationPeriods: 3,
            period: .seconds(60), missing: 1, rule: rule, filledIn: 2)
    }

    static var judgement: MetricJudgement { judgement(newest: 1e22, rule: .datapoints) }

    static var rule: RuleJudgement {
        RuleJudgement(ruleText: "a", holds: true, alarms: [.init(alarm: "a", state: .ok)])
    }

    static var fullStatus: AlarmStatus {
        var status = AlarmStatus(name: "a \"b\"", state: .alarm, since: now)
        status.lastJudgement = .metric(judgement)
        status.lastInvoked = now
        status.nextEvaluation = now
        return status
    }

    static var fullHistory: MetricHistory {
        var history = MetricHistory()
        var series = MetricHistory.Series(metric: .builtIn(.oldestAge))
        series.append(Sample(at: now, 0.5))
        series.append(Sample(at: now + .seconds(60), minimum: 1, maximum: 3, sum: 4, count: 2))
        var filled = Sample(at: now + .seconds(61), 7)
        filled.isFilledIn = true
        series.append(filled)
        history.series = [series, MetricHistory.Series(metric: .named("empty"))]
        history.lastKnown = LastKnownValues()
        history.lastKnown?.remember("visible", 3)
        return history
    }

    static var fullInstance: Instance {
        var instance = Instance(
            id: id, lifecycleState: .terminatingWait, launchedAt: now, inServiceAt: now, stateSince: now,
            protectedFromScaleIn: true, heldMessages: 2)
        instance.dueOrder = DueOrder(.drain, at: now, why: .surplus(desired: 1))
        instance.template = LaunchTemplate(name: "g", version: 2, isConfiguration: true, order: 3)
        instance.zone = "a"
        let hook = LifecycleHook(name: "h", transition: .terminating, heartbeatTimeout: .seconds(30))
        instance.hooks = [HookWait(hook, token: "t", since: now)]
        instance.unhealthy = Unhealthiness(since: now, why: "no answer")
        instance.departure = .refresh
        instance.cameFromPool = true
        return instance
    }

    static var fullState: GroupState {
        var state = GroupState(seed: .max, createdAt: now, desiredCapacity: 2)
        let backoff = Backoff(failures: 2, since: now, until: now, lastFailure: "no", logTail: ["last"])
        state.lastTick = now
        state.fleet = [
            fullInstance, Instance(id: InstanceID("x"), lifecycleState: .pending, launchedAt: now, stateSince: now),
        ]
        state.alarms = [fullStatus, AlarmStatus(name: "other", since: now)]
        state.history = fullHistory
        state.cooldown = CooldownState(policy: "p", startedAt: now, span: .seconds(300), until: now)
        state.suspended = [.launch]
        state.launchBackoff = backoff
        state.sourceBackoff = backoff
        state.remains = [Remains(instance: id, due: DueOrder(.remove, at: now, why: .foundIdle))]
        state.heldPolicies = [HeldPolicy(policy: "p", until: now)]
        state.lastMeasured = now
        state.nextMeasurement = now
        state.templateDigest = "digest"
        state.formerTemplateVersion = 1
        state.refresh = InstanceRefresh(
            id: "id", status: .inProgress, preferences: RefreshPreferences(),
            template: LaunchTemplate(name: "g", version: 2), startedAt: now, lastProgress: now, total: 1,
            remaining: [id])
        state.scheduledSizes = ScheduledSizes(action: "night", minSize: 0, maxSize: 1, fileMinSize: 1, fileMaxSize: 2)
        state.scheduleMark = now
        state.restartedAt = now
        state.policyOutcomes = [
            PolicyOutcome(policy: "p", alarm: "a", at: now, reasons: [Reason(capacity: 1, fact: .noAlarm)])
        ]
        state.silence = SourceSilence(since: now, why: "no", lastBelieved: now)
        state.believed = BelievedBacklog(outstanding: 0.5, at: now)
        state.progressWatch = ProgressWatch(since: now, outstanding: 3, templateVersion: 2)
        state.noProgress = backoff
        state.backlogMemories = [BacklogMemory(policy: "p", desired: 1, at: now)]
        state.waitMemories = [WaitMemory(policy: "p", WaitTarget(target: .seconds(60)), startup: 60, at: now)]
        return state
    }

    static var ceiling: FleetCeiling {
        FleetCeiling(
            fleet: "f", limit: 9, units: 2, instances: 3, launches: 1,
            others: [.init(group: "other", share: 2, taken: 1)])
    }

    static var traffic: Traffic {
        var traffic = Traffic(arrivals: 3)
        for (value, count) in [(1, 2), (5, 1)] {
            traffic.services.add(count, of: value)
            traffic.waits.add(count, of: value)
            traffic.inHand.add(count, of: value)
        }
        return traffic
    }

    static var stabilized: Proposal.Stabilized {
        Proposal.Stabilized(rule: .votes(.init(2, of: 3)), recommended: 1, capacity: 2, until: now)
    }

    static var backlog: Proposal.Backlog {
        Proposal.Backlog(
            visible: 1.5, inFlight: 2, held: 3, perInstance: 100, needed: 4, spare: 5, recommended: 6,
            stabilized: stabilized,
            limited: .init(rate: ScalingRate(.percent(50), each: .seconds(60)), wanted: 9, capacity: 6, from: 4))
    }

    static var waiting: Proposal.Waiting {
        Proposal.Waiting(
            visible: 1, oldestAge: 2.5, due: 3, inHand: 4, idle: 5, starting: 6, startup: 7.5, expected: 8.25,
            deviation: 0.1, sureness: 0.99, late: 1e-9, tolerance: 0.5, lateThen: 0.25, lateSoon: 12.5,
            servicesSeen: 1000)
    }

    static var proposal: Proposal {
        var proposal = Proposal(
            policy: "p", alarm: "a", excess: -0.5, step: StepAdjustment(upper: 10, adjustment: 1),
            adjustmentType: .percentChangeInCapacity, adjustment: 50, minAdjustmentMagnitude: 2, base: 3, desired: 4,
            capacity: 5, tracked: .init(metric: 0.1, target: 100))
        proposal.backlog = backlog
        proposal.waiting = waiting
        return proposal
    }

    /// A tick that concluded nothing.
    static var quiet: Evaluation {
        Evaluation(
            state: GroupState(seed: 1, createdAt: now, desiredCapacity: 1),
            decision: Decision(previousDesired: 1, desired: 1, reasons: [Reason(capacity: 1, fact: .noAlarm)]),
            nextTick: now, nextMeasurement: now)
    }

    static var checkpointed: Record {
        Record(
            group: "g", tick: 7, at: now, dryRun: true,
            checkpoint: .init(policy: GroupPolicy(name: "g", minSize: 0, maxSize: 5), state: fullState),
            observation: seen, evaluation: quiet)
    }

    /// With all that a tick can conclude.
    static func full(_ record: Record) -> Record {
        var record = record
        record.decision.previousDesired = 5
        record.alarmTransitions = [
            AlarmTransition(alarm: "a", from: .ok, to: .alarm, judgement: .metric(judgement))
        ]
        record.plan = Plan(actions: [PlannedAction(action: .launch(id), why: .capacity(desired: 5))])
        record.answers = [Answer(requestID: 3, result: .accepted("done"))]
        record.events = [FleetEvent(instance: id, kind: .adopted)]
        record.notifications = [
            AlarmNotification(
                alarm: "a", from: .ok, to: .alarm, reason: "why", action: .command(["true"]), at: now)
        ]
        return record
    }

    static var seen: Observation {
        var measurement = Measurement(
            visible: .value(3), inFlight: .estimate(0.5), delayed: .missing(.notTold),
            oldestAge: .missing(.notComputable), arrivalRate: .value(-0.0),
            completionRate: .missing(.notBelieved("odd")),
            asOf: now)
        measurement.traffic = traffic
        var observation = Observation(
            measurement: measurement, listing: .instances([ListedInstance(id: id, phase: .running)]),
            held: [HeldMessages(instance: id, messages: 1), HeldMessages(instance: InstanceID("x"), messages: 2)],
            outcomes: [ActionOutcome(action: .drain(id), result: .drained(held: nil))],
            requests: [Request(id: 1, kind: .setDesired(3, honorCooldown: true))], restarted: true)
        observation.health = [HealthReport(instance: id, result: .healthy)]
        observation.ceiling = ceiling
        return observation
    }
}
