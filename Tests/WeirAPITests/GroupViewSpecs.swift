import Foundation
import Testing
import WeirCore
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
