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

        enum CodingKeys: String, CodingKey {
            case visible, delayed
            case inFlight = "in_flight"
            case oldestAge = "oldest_age"
        }
    }

    /// - Throws: why the answer cannot be used.
    static func measurement(_ output: [UInt8]) throws(CommandFailure) -> WeirCore.Measurement {
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(output))
        } catch {
            throw .unusableOutput(because(error))
        }
        guard let visible = answer.visible else { throw .unusableOutput("it has no 'visible'") }
        return WeirCore.Measurement(
            visible: try count("visible", visible),
            inFlight: try count("in_flight", answer.inFlight),
            delayed: try count("delayed", answer.delayed),
            oldestAge: try figure("oldest_age", answer.oldestAge))
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
