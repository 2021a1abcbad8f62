import Testing
import WeirCore
import WeirQueue

@testable import WeirBackends

@Suite("What an embedded queue measures")
struct EmbeddedMeasurementSpecs {
    private func at(_ seconds: Double) -> Instant { Instant(milliseconds: Int64(seconds * 1000)) }

    struct Age: Sendable, CustomTestStringConvertible {
        var visible: Int
        var sentAtSecond: Double?
        var atSecond: Double
        var age: Reading
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "age of the oldest message",
        arguments: [
            Age(visible: 0, sentAtSecond: nil, atSecond: 10, age: .value(0), because: "nothing waits"),
            Age(
                visible: 2, sentAtSecond: 4, atSecond: 10.5, age: .value(6.5),
                because: "in seconds, with their fraction"),
            Age(
                visible: 2, sentAtSecond: 20, atSecond: 10, age: .value(0),
                because: "a clock set back makes nothing younger than new"),
            Age(visible: 2, sentAtSecond: nil, atSecond: 10, age: .missing(.notTold), because: "not known is not zero"),
        ])
    func age(_ row: Age) {
        let depth = QueueDepth(visible: row.visible, oldestVisibleSentAt: row.sentAtSecond.map(at))
        #expect(EmbeddedMeasurement.counts(depth, at: at(row.atSecond)).oldestAge == row.age)
    }

    struct Look: Sendable {
        var atSecond: Double
        var sent: Int
        var deleted: Int
        var arrival: Reading
        var completion: Reading
        var because: Comment
    }

    @Test("rates are those since the look before")
    func rates() {
        let looks = [
            Look(
                atSecond: 0, sent: 100, deleted: 40, arrival: .missing(.notTold), completion: .missing(.notTold),
                because: "the first look"),
            Look(
                atSecond: 10, sent: 150, deleted: 40, arrival: .value(5), completion: .value(0),
                because: "50 in 10 seconds"),
            Look(
                atSecond: 12.5, sent: 150, deleted: 45, arrival: .value(0), completion: .value(2),
                because: "5 in 2.5 seconds"),
            Look(
                atSecond: 12.5, sent: 151, deleted: 45, arrival: .missing(.notTold), completion: .missing(.notTold),
                because: "no time has passed"),
            Look(
                atSecond: 20, sent: 3, deleted: 50, arrival: .missing(.notTold), completion: .value(5 / 7.5),
                because: "a total began anew"),
            Look(
                atSecond: 15, sent: 9, deleted: 60, arrival: .missing(.notTold), completion: .missing(.notTold),
                because: "the clock was set back"),
            Look(
                atSecond: 16, sent: 10, deleted: 60, arrival: .value(1), completion: .value(0), because: "and goes on"),
        ]
        var measurement = EmbeddedMeasurement()
        for look in looks {
            let seen = measurement.next(
                QueueDepth(sentTotal: look.sent, deletedTotal: look.deleted), at: at(look.atSecond))
            #expect(seen.arrivalRate == look.arrival, look.because)
            #expect(seen.completionRate == look.completion, look.because)
        }
    }
}
