import Foundation
import WeirCore

/// What a command prints, and what it means. Pure.
enum CommandWire {
    /// One JSON object; keys other than these are not looked at, a key that is not there is a figure that is not told.
    private struct Answer: Decodable {
        var visible: Double?
        var inFlight: Double?
        var delayed: Double?
        var oldestAge: Double?
        var arrivedTotal: Double?
        var completedTotal: Double?
        var asOf: Moment?

        enum CodingKeys: String, CodingKey {
            case visible, delayed
            case inFlight = "in_flight"
            case oldestAge = "oldest_age"
            case arrivedTotal = "arrived_total"
            case completedTotal = "completed_total"
            case asOf = "as_of"
        }
    }

    /// RFC 3339 in UTC, or seconds since 1970.
    private struct Moment: Decodable {
        var instant: Instant?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                instant = WrittenMoment.instant(number)
            } else {
                instant = WrittenMoment.instant(try container.decode(String.self))
            }
        }
    }

    /// - Throws: why the answer cannot be used.
    static func read(_ output: [UInt8]) throws(CommandFailure) -> Told {
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(output))
        } catch {
            throw .unusableOutput(because(error))
        }
        guard let visible = answer.visible else { throw .unusableOutput("it has no 'visible'") }
        var told = Told(
            measurement: WeirCore.Measurement(
                visible: try count("visible", visible),
                inFlight: try count("in_flight", answer.inFlight),
                delayed: try count("delayed", answer.delayed),
                oldestAge: try figure("oldest_age", answer.oldestAge)))
        told.arrivedTotal = try figure("arrived_total", answer.arrivedTotal).number
        told.completedTotal = try figure("completed_total", answer.completedTotal).number
        if let asOf = answer.asOf {
            guard let instant = asOf.instant else {
                throw .unusableOutput("'as_of' is no moment such as 2026-03-01T12:00:00Z, nor seconds since 1970")
            }
            told.measurement.asOf = instant
        }
        return told
    }

    private static func figure(_ name: String, _ number: Double?) throws(CommandFailure) -> Reading {
        guard let number else { return .missing(.notTold) }
        guard number >= 0 else { throw .unusableOutput("'\(name)' is negative") }
        return .value(number)
    }

    private static func count(_ name: String, _ number: Double?) throws(CommandFailure) -> Reading {
        if let number, number != number.rounded() { throw .unusableOutput("'\(name)' is not a whole number") }
        return try figure(name, number)
    }

    private static func because(_ error: any Error) -> String {
        guard case .typeMismatch(_, let context)? = error as? DecodingError, let key = context.codingPath.first else {
            return "it is not one JSON object"
        }
        return "'\(key.stringValue)' is not a number"
    }
}
