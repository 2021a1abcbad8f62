import Testing
import WeirCore

@testable import WeirBackends

@Suite("What a command prints")
struct CommandWireSpecs {
    struct Row: Sendable, CustomTestStringConvertible {
        var output: String
        var visible: Reading
        var inFlight: Reading = .missing(.notTold)
        var delayed: Reading = .missing(.notTold)
        var oldestAge: Reading = .missing(.notTold)
        var because: String
        var testDescription: String { because }
    }

    @Test(
        "becomes a measurement",
        arguments: [
            Row(
                output: #"{"visible": 12, "in_flight": 3, "delayed": 0, "oldest_age": 4.5}"#, visible: .value(12),
                inFlight: .value(3), delayed: .value(0), oldestAge: .value(4.5), because: "all is told"),
            Row(output: #"{"visible":0}"#, visible: .value(0), because: "what is not told is missing, not zero"),
            Row(output: #"{"visible":1,"in_flight":null}"#, visible: .value(1), because: "null is not told"),
            Row(
                output: "\n {\"visible\":1,\"shards\":[1]} \n", visible: .value(1),
                because: "what else it prints is its own"),
            Row(output: #"{"visible":2e3}"#, visible: .value(2000), because: "a number is a number"),
        ])
    func becomes(_ row: Row) throws {
        let measurement = try CommandWire.read(Array(row.output.utf8)).measurement
        #expect(
            measurement
                == Measurement(
                    visible: row.visible, inFlight: row.inFlight, delayed: row.delayed, oldestAge: row.oldestAge))
    }

    @Test(
        "cannot be used",
        arguments: [
            ("", "it is not one JSON object"),
            ("12", "it is not one JSON object"),
            ("[1]", "it is not one JSON object"),
            (#"{"visible":1"#, "it is not one JSON object"),
            (#"{"visible":1} {"visible":2}"#, "it is not one JSON object"),
            (#"{"in_flight":1}"#, "it has no 'visible'"),
            (#"{"visible":null}"#, "it has no 'visible'"),
            (#"{"visible":"12"}"#, "'visible' is not a number"),
            (#"{"visible":true}"#, "'visible' is not a number"),
            (#"{"visible":1,"oldest_age":[]}"#, "'oldest_age' is not a number"),
            (#"{"visible":-1}"#, "'visible' is negative"),
            (#"{"visible":1,"oldest_age":-0.5}"#, "'oldest_age' is negative"),
            (#"{"visible":1,"in_flight":0.5}"#, "'in_flight' is not a whole number"),
            (#"{"visible":1,"completed_total":-1}"#, "'completed_total' is negative"),
            (
                #"{"visible":1,"as_of":"noon"}"#,
                "'as_of' is no moment such as 2026-03-01T12:00:00Z, nor seconds since 1970"
            ),
        ])
    func cannotBeUsed(_ output: String, because cause: String) {
        #expect(throws: CommandFailure.unusableOutput(cause)) {
            try CommandWire.read(Array(output.utf8))
        }
    }

    @Test(
        "the moment that the figures are of",
        arguments: [
            (#""2023-11-14T22:13:20Z""#, "as a time in UTC"), ("1700000000", "in seconds"),
            ("1700000000000", "in milliseconds"),
        ])
    func asOf(_ written: String, because: String) throws {
        let told = try CommandWire.read(Array(#"{"visible":1,"as_of":\#(written)}"#.utf8))
        #expect(told.measurement.asOf == Instant(milliseconds: 1_700_000_000_000), "\(because)")
    }
}
