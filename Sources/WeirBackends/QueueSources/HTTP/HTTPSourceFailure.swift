import WeirCore
import WeirHTTP

/// Why an endpoint did not tell its backlog. Trying again can help in all cases: the endpoint is not ours.
enum HTTPSourceFailure: Error, Sendable, Equatable {
    case noAnswer(HTTPFailure)
    case status(Int)
    case notJSON
    case absent(JSONPointer)
    case notANumber(JSONPointer)
    case noMoment(JSONPointer)
    case impossible(JSONPointer, String)

    var sentence: String {
        switch self {
        case .noAnswer(let failure): failure.sentence
        case .status(let status): "the endpoint answered with status \(status); expected 200"
        case .notJSON: "the endpoint's answer is not JSON"
        case .absent(let pointer): "there is no '\(pointer)' in the endpoint's answer"
        case .notANumber(let pointer): "'\(pointer)' in the endpoint's answer is not a number"
        case .noMoment(let pointer):
            "'\(pointer)' in the endpoint's answer is no moment; expected such as 2026-03-01T12:00:00Z, or seconds since 1970"
        case .impossible(let pointer, let number):
            "'\(pointer)' in the endpoint's answer is \(number); expected a finite number that is not negative"
        }
    }

    var reason: MissingReason { .sourceFailed(sentence) }
}
