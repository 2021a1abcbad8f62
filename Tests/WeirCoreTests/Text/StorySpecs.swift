import Foundation
import Testing

@testable import WeirCore

@Suite("The story of a tick")
struct StorySpecs {
    private let policy = GroupPolicy(
        name: "thumbnails", minSize: 0, maxSize: 4,
        alarms: [.up("thumbnails-up", threshold: 100)],
        scalingPolicies: [
            ScalingPolicy(
                name: "up-policy", alarm: "thumbnails-up",
                kind: .step(
                    StepScaling(
                        adjustmentType: .changeInCapacity,
                        steps: [
                            StepAdjustment(lower: 0, upper: 400, adjustment: 5),
                            StepAdjustment(lower: 400, adjustment: 9),
                        ])))
        ])

    @Test("an alarm, a decision with its chain, and a plan")
    func wholeStory() {
        var world = MiniWorld(policy)
        world.tick(at: 230)
        world.see(visible: 240)
        let evaluation = world.tick(at: 240)
        let ids = evaluation.instances("launch")
        #expect(
            evaluation.told(of: policy, at: world.now) == [
                "12:04:00  thumbnails  thumbnails-up  OK → ALARM                  "
                    + "visible maximum 240 ≥ 100 for 1 of 1 periods of 60s",
                "12:04:00  thumbnails  desired 0 → 4                              "
                    + "up-policy: 140 over the threshold, step [0, 400) adds 5",
                "12:04:00  thumbnails                                             limited to the maximum 4, wanted 5",
                "12:04:00  thumbnails  launch                                     "
                    + "\(ids[0]), \(ids[1]), \(ids[2]) and 1 more: to reach 4 desired",
            ])
        #expect(evaluation.plan.sentences == ["launch \(ids[0]), \(ids[1]), \(ids[2]) and 1 more: to reach 4 desired"])
    }

    @Test("who would be told of an alarm, without what may be a secret")
    func notifications() {
        var told = policy
        told.alarms[0].actions = AlarmActions(alarm: [
            .command(["/opt/page", "--token", "secret"]),
            .post(url: "https://user:secret@hooks.example.com:8443/T0/secret"),
        ])
        var world = MiniWorld(told)
        world.tick(at: 230)
        world.see(visible: 240)
        let evaluation = world.tick(at: 240)
        let record = Record(
            group: told.name, at: world.now, dryRun: true, observation: Observation(), evaluation: evaluation)
        var teller = Storyteller([told])
        #expect(
            teller.tell(record).filter { $0.contains("  tell  ") }.map { $0.split(separator: "  ").last } == [
                " /opt/page that thumbnails-up is in ALARM", " hooks.example.com:8443 that thumbnails-up is in ALARM",
            ])
    }

    @Test("columns stand where they stand, whatever the group is called")
    func columns() {
        var teller = Storyteller([policy, GroupPolicy(name: "g", minSize: 0, maxSize: 1)])
        let decision = Decision(
            previousDesired: 0, desired: 1, reasons: [Reason(capacity: 1, fact: .setByOperator(asked: 1))])
        let lines = ["g", "thumbnails"].flatMap {
            teller.tell(group: $0, at: noon, events: [], transitions: [], decision: decision, plan: Plan())
        }
        #expect(
            lines == [
                "12:00:00  g           desired 0 → 1                              set to 1 by an operator",
                "12:00:00  thumbnails  desired 0 → 1                              set to 1 by an operator",
            ])
    }

    @Test("a quiet tick says nothing")
    func quiet() {
        var world = MiniWorld(policy, desired: 2, fleet: fleet(2))
        let evaluation = world.tick(at: 0)
        #expect(evaluation.decision.isQuiet)
        #expect(evaluation.told(of: policy, at: world.now).count == evaluation.alarmTransitions.count)
        #expect(world.tick(at: 10).told(of: policy, at: world.now) == [])
    }

    @Test("what holds a group back is told once, and again when it came back")
    func once() {
        let backoff = Backoff(failures: 2, since: noon, until: .at(4), lastFailure: "i-1 died")
        let held = Reason.Fact.heldByLaunchBackoff(backoff, missing: 2)
        let suspended = Reason.Fact.suspended(.launch)
        var teller = Storyteller([policy])
        func told(_ facts: Reason.Fact...) -> Int {
            let decision = Decision(
                previousDesired: 3, desired: 3, reasons: facts.map { Reason(capacity: 3, fact: $0) })
            let lines = teller.tell(
                group: "g", at: noon, events: [], transitions: [], decision: decision, plan: Plan())
            return lines.count
        }
        #expect(told(.noAlarm, held) == 1)
        #expect(told(.noAlarm, held) == 0)
        #expect(told(.notMeasured) == 0, "it was not measured and changed nothing")
        #expect(told(.notMeasured, suspended) == 1)
        #expect(told(.noAlarm, held, suspended) == 0, "neither ended on a tick that was not measured")
        #expect(told(.noAlarm) == 0)
        #expect(told(.noAlarm, held) == 1)
    }

    @Test("while an alarm stays up, the ticks between its invocations are quiet and say when the next is")
    func between() {
        var world = MiniWorld(policy)
        world.see(visible: 240)
        world.tick(at: 0)
        let evaluation = world.tick(at: 10)
        #expect(evaluation.decision.isQuiet)
        #expect(
            evaluation.decision.reasons.map(\.sentence) == [
                "thumbnails-up is in ALARM; its policies are not invoked again before 12:00:59"
            ])
    }

    @Test("a proposal that changes nothing is quiet")
    func unchanged() {
        var world = MiniWorld(
            GroupPolicy(
                name: "g", minSize: 0, maxSize: 4, alarms: [.down()],
                scalingPolicies: [.simple("in", on: "down", .exactCapacity, 0)]))
        let evaluation = world.tick(at: 0)
        #expect(evaluation.codes == ["proposed"])
        #expect(evaluation.decision.reasons[0].sentence == "in: sets 0")
        #expect(evaluation.decision.isQuiet)
    }
}

extension Evaluation {
    /// As the first tick of this group.
    fileprivate func told(of policy: GroupPolicy, at now: Instant) -> [String] {
        var teller = Storyteller([policy])
        return teller.tell(
            group: policy.name, at: now, events: events, transitions: alarmTransitions, decision: decision, plan: plan)
    }
}

@Suite("What travels and what is stored")
struct TravelSpecs {
    /// One of each fact, as plainly as it can be.
    static let facts: [Reason.Fact] = {
        let proposal = Proposal(
            policy: "p", alarm: "a", adjustmentType: .exactCapacity, adjustment: 1, base: 0, desired: 0, capacity: 1)
        let backoff = Backoff(failures: 2, since: noon, until: .at(4), lastFailure: "i-1 died")
        return [
            .noAlarm, .notMeasured, .repeatsLater(alarm: "a", at: noon), .proposed(proposal),
            .outranked(proposal, by: "q"), .noStep(policy: "p", alarm: "a", excess: -3),
            .noDatapoint(policy: "p", alarm: "a"),
            .heldByWarmup(policy: "p", instance: InstanceID("i-1"), until: nil),
            .heldByCooldown(policy: "p", after: "q", until: noon),
            .heldByActivity(policy: "p", pending: 1, leaving: 2), .heldByMissingData(policy: "p", lastMeasured: nil),
            .limitedToMaximum(wanted: 9), .raisedToMinimum(wanted: 0), .setByOperator(asked: 4),
            .endedByOperator(InstanceID("i-1")), .leaving,
            .heldByProtection(surplus: 1, [InstanceID("i-1")], count: 1),
            .heldByWork(surplus: 4, [InstanceID("i-1")], count: 5), .heldByLaunchBackoff(backoff, missing: 2),
            .suspended(.launch), .heldByFailedListing("away"), .heldByUnknownFleet("away", missing: 2),
            .newTemplate(version: 2),
            .refreshBegan(version: 2, count: 3), .refreshHeld(.checkpoint(until: noon)),
            .refreshRollsBack(version: 1, why: "it died"), .refreshEnded(.successful, why: nil),
            .unhealthyWait(count: 2, atATime: 1), .lifetimeHeldByProtection([InstanceID("i-1")], count: 1),
            .standbyBegan(1), .standbyEnded(1), .noCapacity(policy: "p"),
            .heldByTarget(policy: "p", Proposal.Tracked(metric: 40, target: 50), capacity: 2),
            .heldByTracker(policy: "p", other: "q"),
            .scheduled(ScheduledRun(action: "a", due: noon, minSize: 1, desiredCapacity: 2)),
            .scheduleLost(action: "a", due: noon), .sizesOfFile(minSize: 0, maxSize: 9),
            .notBelieved("visible is -3"), .fallback(SourceSilence(since: noon, why: "connection refused")),
            .fallbackEnded(since: noon), .heldByFallback(policy: "p"), .heldAfterFallback(policy: "p"),
            .heldByNoProgress(policy: "p", backoff), .poolHeldByLaunchBackoff(backoff, missing: 1),
            .heldByArrival(policy: "p", instance: InstanceID("i-1")),
            .limitedByFleet(FleetCeiling(fleet: "f", limit: 4, instances: 2, launches: 0), capacity: 2),
            .heldByFleet(FleetCeiling(fleet: "f", limit: 4, instances: 2, launches: 0), missing: 1),
            .unknownBacklog(policy: "p", lastMeasured: nil),
            .heldByStabilization(
                policy: "p",
                Proposal.Stabilized(rule: .votes(.init(3, of: 5)), recommended: 1, capacity: 2, until: nil)),
            .limitedByRate(
                policy: "p",
                Proposal.RateLimited(
                    rate: ScalingRate(.percent(10), each: .seconds(60)), wanted: 9, capacity: 2, from: 1)),
        ]
    }()

    @Test("every reason has a code of its own, travels under it, and has a sentence")
    func reasons() throws {
        #expect(Self.facts.count == Reason.Fact.CodingKeys.allCases.count)
        var codes: Set<String> = []
        for fact in Self.facts {
            let reason = Reason(capacity: 3, fact: fact)
            codes.insert(reason.code)
            #expect(!reason.sentence.isEmpty && !reason.sentence.contains("Optional"))
            let data = try JSONEncoder().encode(reason)
            #expect(String(decoding: data, as: UTF8.self).contains("\"\(reason.code)\":"))
            #expect(try JSONDecoder().decode(Reason.self, from: data) == reason)
        }
        #expect(codes.count == Self.facts.count)
    }

    @Test("sentences that depend on their facts")
    func sentences() {
        func sentence(_ fact: Reason.Fact) -> String { Reason(capacity: 3, fact: fact).sentence }
        #expect(
            sentence(.heldByWarmup(policy: "p", instance: InstanceID("i-1"), until: nil))
                == "p: scale-in waits, as i-1 is still being launched")
        #expect(
            sentence(.heldByActivity(policy: "p", pending: 1, leaving: 2))
                == "p: waits for 1 launch and 2 terminations to finish")
        #expect(
            sentence(.heldByCooldown(policy: "p", after: "q", until: noon))
                == "p: held by the cooldown after q until 12:00:00")
        #expect(
            sentence(.heldByMissingData(policy: "p", lastMeasured: nil))
                == "p: no scale-in on missing data, never measured yet")
        #expect(
            sentence(.heldByWork(surplus: 4, [InstanceID("i-1")], count: 5))
                == "4 more than desired; with a message in hand: i-1 and 4 more")
    }

    @Test("state, evaluation and record come back as they went, and the record decides the tick again")
    func records() throws {
        let policy = GroupPolicy(
            name: "g", minSize: 0, maxSize: 9,
            metrics: [NamedMetric(name: "per", expression: try .parse("visible / max(in_service, 1)"))],
            alarms: [.up(metric: .named("per"), threshold: 5)],
            scalingPolicies: [.always("out", on: "up", .changeInCapacity, 2)])
        let state = GroupState(desired: 1, fleet: fleet(1))
        let observation = Observation(
            measurement: .messages(visible: 40), listing: .asRemembered(state), held: [],
            requests: [Request(id: 3, kind: .setProtection([InstanceID("i-1")], protected: true))], restarted: true)
        let evaluation = evaluate(policy, state, observation, at: noon)
        #expect(evaluation.decision.desired == 3)
        let record = Record(
            group: "g", at: noon, dryRun: false, checkpoint: Record.Checkpoint(policy: policy, state: state),
            observation: observation, evaluation: evaluation)
        let back = try JSONDecoder().decode(Record.self, from: JSONEncoder().encode(record))
        #expect(back == record)
        let checkpoint = try #require(back.checkpoint)
        let again = evaluate(checkpoint.policy, checkpoint.state, back.observation, at: back.at)
        #expect(again == evaluation)
        let stored = try JSONDecoder().decode(GroupState.self, from: JSONEncoder().encode(evaluation.state))
        #expect(stored == evaluation.state)
    }
}
