import Foundation
import Testing
import WeirCore
import WeirPolicy

/// What `policies/composite-alarm.yaml` does, minute by minute.
@Suite("The example of composite alarms, worked")
struct CompositeExampleSpecs {
    struct Minute {
        /// Messages that wait, and are in hand.
        var visible: Double
        var inFlight: Double
        /// Of the oldest message, in seconds.
        var age: Double
        var desired: Int
        /// Alarms that are in ALARM, beside 'late'.
        var up: [String]
        /// Commands that are due.
        var told: [String] = []
        var because: String
    }

    @Test("From nothing to many hands and home again")
    func worked() throws {
        let path = Fixtures.policies.appendingPathComponent("composite-alarm.yaml").path
        let policy = try #require(reader.read(paths: [path]).files.first).group
        let alone = "waiting and not behind"
        let rest = "idle and not waiting"
        let minutes = [
            Minute(
                visible: 0, inFlight: 0, age: 0, desired: 0, up: [], told: ["reports are in time again"],
                because: "there is nothing to do; 'behind' is judged first, and is in OK"),
            Minute(
                visible: 30, inFlight: 0, age: 4, desired: 1, up: ["waiting", alone],
                because: "30 wait for nobody, none for long: one to begin with"),
            Minute(
                visible: 40, inFlight: 0, age: 70, desired: 4, up: ["waiting", "behind"], told: ["reports are behind"],
                because: "40 are 35 over the threshold, the oldest waits for more than a minute, and nobody is warm yet"
            ),
            Minute(
                visible: 60, inFlight: 4, age: 90, desired: 4, up: ["waiting", "behind"],
                because:
                    "60 for four is 10 over the threshold: two more than the one that is warm, and four are desired"),
            Minute(
                visible: 60, inFlight: 4, age: 90, desired: 6, up: ["waiting", "behind"],
                because: "still so, and now all four are warm: two more"),
            Minute(
                visible: 20, inFlight: 6, age: 20, desired: 6, up: [], told: ["reports are in time again"],
                because: "20 for six is little"),
            Minute(visible: 0, inFlight: 3, age: 0, desired: 6, up: [], because: "some are still at work"),
            Minute(visible: 0, inFlight: 0, age: 0, desired: 6, up: [], because: "nothing waits, since now"),
            Minute(visible: 0, inFlight: 0, age: 0, desired: 6, up: [], because: "for two minutes"),
            Minute(
                visible: 0, inFlight: 0, age: 0, desired: 0, up: ["idle", rest], because: "for three minutes: home"),
        ]
        var state = GroupState(startingWith: policy, seed: 1, at: Instant(milliseconds: 0))
        for (minute, expected) in minutes.enumerated() {
            let measurement = WeirCore.Measurement(
                visible: .value(expected.visible), inFlight: .value(expected.inFlight), delayed: .value(0),
                oldestAge: .value(expected.age))
            let running = state.fleet.map { ListedInstance(id: $0.id, phase: .running) }
            let evaluation = evaluate(
                policy, state, Observation(measurement: measurement, listing: .instances(running)),
                at: Instant(milliseconds: Int64(minute) * 60_000))
            state = evaluation.state
            let told = evaluation.notifications.compactMap { notification -> String? in
                guard case .command(let words) = notification.action else { return nil }
                return words.last
            }
            let up = state.alarms.filter { $0.state == .alarm }.map(\.name).filter { $0 != "late" }
            let comment = Comment(rawValue: "minute \(minute): \(expected.because)")
            #expect(state.desiredCapacity == expected.desired, comment)
            #expect(up == expected.up, comment)
            #expect(told == expected.told, comment)
        }
    }
}
