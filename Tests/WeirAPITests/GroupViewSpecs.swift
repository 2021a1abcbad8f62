import Foundation
import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("How a group is shown")
struct GroupViewSpecs {
    @Test("What is not known is null, with a reason; an estimate says that it is one")
    func measurement() throws {
        let measurement = Measurement(
            visible: .value(3), inFlight: .estimate(2), delayed: .missing(.sourceFailed("connection refused")),
            oldestAge: .missing(.notTold))
        let view = MeasurementView(measurement, at: Bench.start)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(view), as: UTF8.self)
        #expect(
            text == #"{"arrival_rate":null,"at":"2026-03-01T12:00:00Z","completion_rate":null,"delayed":null,"#
                + #""estimated":["in_flight"],"in_flight":2,"missing":["#
                + #"{"figure":"delayed","reason":"connection refused"},"#
                + #"{"figure":"oldest_age_s","reason":"the source has no such figure"},"#
                + #"{"figure":"arrival_rate","reason":"the source has no such figure"},"#
                + #"{"figure":"completion_rate","reason":"the source has no such figure"}],"#
                + #""oldest_age_s":null,"visible":3}"#)
        #expect(try JSONDecoder().decode(MeasurementView.self, from: Data(text.utf8)) == view)
    }

    @Test("Everything that is written is read again")
    func roundTrip() throws {
        var snapshot = Bench.thumbnails
        snapshot.state.launchBackoff = Backoff(
            failures: 2, since: Bench.start, until: Bench.start, lastFailure: "no image")
        snapshot.lastDecision = DatedDecision(
            at: Bench.start, decision: Decision(previousDesired: 1, desired: 2, reasons: []))
        snapshot.totals.busyTerminations = 1
        let view = GroupView(snapshot, at: Bench.start)
        #expect(view.launchBackoff?.failures == 2)
        #expect(view.lastDecision?.to == 2)
        #expect(view.totals.busyTerminations == 1)
        #expect(try JSONDecoder().decode(GroupView.self, from: JSONEncoder().encode(view)) == view)
    }

    @Test("What happens to instances is shown, and everything that is written is read again")
    func lifecycles() throws {
        let snapshot = Bench.rolling
        let view = GroupView(snapshot, at: Bench.start)
        #expect(view.templateVersion == 4)
        #expect(view.instances.map(\.outdated) == [true, false, false, false, true, false, false])
        #expect(view.instances[1].waitsFor.map(\.hook) == ["warm-cache"])
        #expect(view.instances[1].waitsFor.map(\.until) == ["2026-03-01T12:05:00Z"])
        #expect(view.instances[2].unhealthy?.why == "marked by SetInstanceHealth")
        #expect(view.instances.map(\.departure) == [nil, nil, "unhealthy", nil, nil, nil, nil])
        #expect(view.warmPool.map { [$0.ready, $0.preparing, $0.size] } == [1, 1, 6])
        let refresh = try #require(view.refresh)
        #expect(refresh.percentageComplete == 40)
        #expect((refresh.replaced, refresh.total) == (4, 10))
        #expect(refresh.waits == ["at a checkpoint until 13:00:00"])
        #expect(try JSONDecoder().decode(GroupView.self, from: JSONEncoder().encode(view)) == view)
    }

    @Test("A refresh that is over waits for nothing, whatever the last decision said")
    func overRefresh() throws {
        var snapshot = Bench.rolling
        snapshot.state.refresh?.status = .failed
        snapshot.state.refresh?.why = "3 new instances failed"
        let refresh = try #require(GroupView(snapshot, at: Bench.start).refresh)
        #expect((refresh.waits, refresh.underWay, refresh.why) == ([], false, "3 new instances failed"))
    }

    @Test("After a rollback it is shown that the file says another version than is launched")
    func rolledBack() throws {
        func metrics(_ snapshot: GroupSnapshot) -> String {
            Metrics(groups: [snapshot], queues: [], policiesAreInForce: true, now: Bench.start).text
        }
        var snapshot = Bench.rolling
        var view = GroupView(snapshot, at: Bench.start)
        #expect((view.templateVersion, view.latestTemplateVersion) == (4, 4))
        #expect(metrics(snapshot).contains("weir_group_template_in_force{group=\"emails\"} 1\n"))

        let request = Request(id: 1, kind: .rollBackRefresh)
        snapshot.state =
            evaluate(snapshot.policy, snapshot.state, Observation(requests: [request]), at: Bench.start).state
        view = GroupView(snapshot, at: Bench.start)
        #expect((view.templateVersion, view.latestTemplateVersion) == (3, 4))
        #expect(metrics(snapshot).contains("weir_group_template_in_force{group=\"emails\"} 0\n"))
        #expect(try JSONDecoder().decode(GroupView.self, from: JSONEncoder().encode(view)) == view)
        // Nobody counts its versions.
        #expect(GroupView(Bench.thumbnails, at: Bench.start).latestTemplateVersion == nil)
        #expect(!metrics(Bench.thumbnails).contains("weir_group_template_in_force{"))
    }

    @Test("What came of a scaling policy is shown with its time and its reason")
    func policyOutcomes() throws {
        var snapshot = Bench.rolling
        let reason = Reason(capacity: 4, fact: .noStep(policy: "out", alarm: "up", excess: 4))
        snapshot.state.policyOutcomes = [
            PolicyOutcome(policy: "out", alarm: "up", at: Bench.start, reasons: [reason])
        ]
        let outcome = try #require(GroupView(snapshot, at: Bench.start).policyOutcomes.first)
        #expect((outcome.policy, outcome.alarm, outcome.at) == ("out", "up", Bench.start.rfc3339))
        #expect(outcome.reasons.map(\.code) == ["no_step"])
        #expect(outcome.reasons.map(\.sentence) == ["out: no step for 4 over the threshold"])
    }

    /// Two of the old instances finish what they hold.
    private static var halfway: GroupSnapshot {
        var snapshot = Bench.rolling
        let ids = snapshot.state.fleet.map(\.id)
        snapshot.state.refresh?.remaining = [0, 3, 4].map { ids[$0] }
        snapshot.state.refresh?.replaced = 7
        for index in [0, 3] {
            snapshot.state.fleet[index].lifecycleState = .draining
            snapshot.state.fleet[index].departure = .refresh
            snapshot.state.fleet[index].heldMessages = 1
        }
        return snapshot
    }

    @Test("Those that a refresh has told to go are counted; not those that go for another reason")
    func refreshLeaving() throws {
        var snapshot = Self.halfway
        let refresh = try #require(GroupView(snapshot, at: Bench.start).refresh)
        #expect((refresh.replaced, refresh.leaving, refresh.total) == (7, 2, 10))
        #expect(refresh.leavingText == "2 on their way out")
        snapshot.state.fleet[0].departure = .scaleIn
        #expect(GroupView(snapshot, at: Bench.start).refresh?.leavingText == "1 on its way out")
    }

    @Test("Who cancels a refresh is told how many are on their way out all the same")
    func cancelledRefresh() async throws {
        for (snapshot, end) in [(Self.halfway, "cancelled at 70 %; 2 on their way out"), (Bench.rolling, "at 40 %")] {
            let bench = try Bench(groups: [snapshot])
            let request = APIRequest(
                method: "POST", path: "/v1/groups/emails/requests",
                headers: [("host", Bench.host), ("content-type", "application/json")],
                body: Array(#"{"kind": "cancel_refresh"}"#.utf8))
            let response = await bench.handler.respond(to: request, entrance: .control)
            let answer = try JSONDecoder().decode(OperatorAnswer.self, from: Data(response.body))
            #expect(answer.accepted)
            #expect(answer.message.hasSuffix(end), "\(answer.message)")
            await bench.queues.close()
        }
    }

    @Test("What happens to instances is counted for Prometheus; without a pool or a refresh there is no sample of them")
    func lifecycleMetrics() {
        func text(_ snapshot: GroupSnapshot) -> String {
            Metrics(groups: [snapshot], queues: [], policiesAreInForce: true, now: Bench.start).text
        }
        let rolling = text(Bench.rolling)
        for line in [
            #"weir_group_standby_instances{group="emails"} 1"#, #"weir_group_unhealthy_instances{group="emails"} 1"#,
            #"weir_group_hook_waiting_instances{group="emails"} 1"#,
            #"weir_group_outdated_instances{group="emails"} 2"#,
            #"weir_group_warm_pool_ready_instances{group="emails"} 1"#,
            #"weir_group_warm_pool_size_instances{group="emails"} 6"#,
            #"weir_group_refresh_complete_percent{group="emails"} 40"#,
            #"weir_group_refresh_status{group="emails",status="InProgress"} 1"#,
            #"weir_group_refresh_status{group="emails",status="Failed"} 0"#,
            #"weir_group_instances{group="emails",lifecycle_state="Warmed:Hibernated"} 1"#,
        ] {
            #expect(rolling.contains(line + "\n"), "\(line)")
        }
        let plain = text(Bench.thumbnails)
        #expect(plain.contains(#"weir_group_standby_instances{group="thumbnails"} 0"#))
        #expect(!plain.contains("weir_group_warm_pool"))
        #expect(!plain.contains("weir_group_refresh"))
        #expect(plain.contains("weir_warm_starts_total{group=\"thumbnails\"} 0\n"))
    }

    @Test("What a measurement does not tell has no sample")
    func metrics() {
        var snapshot = Bench.thumbnails
        snapshot.measurement = Measurement(
            visible: .value(3), inFlight: .missing(.notTold), delayed: .value(0), oldestAge: .missing(.notTold))
        let text = Metrics(groups: [snapshot], queues: [], policiesAreInForce: true, now: Bench.start).text
        #expect(text.contains("weir_group_messages{group=\"thumbnails\",state=\"visible\"} 3\n"))
        #expect(text.contains("weir_group_messages{group=\"thumbnails\",state=\"delayed\"} 0\n"))
        #expect(!text.contains("state=\"in_flight\""))
        #expect(!text.contains("weir_group_oldest_message_age_seconds"))
        #expect(!text.contains("weir_queue_"))
    }
}
