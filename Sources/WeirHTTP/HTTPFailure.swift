/// Why there is no answer. An answer of any status, also 500, is an answer and no failure.
///
/// `place` is the method and address without user, password, query and fragment, or what the request calls its address,
/// so that a failure can be shown.
public enum HTTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request could not be sent as it was written; sending it again changes nothing.
    case invalidRequest(place: String, because: String)
    /// No connection: nobody listens there, the name is not known, the socket does not exist.
    case couldNotConnect(place: String, because: String)
    case timedOut(Phase, place: String, after: Duration)
    /// The task that asked was cancelled, or the stream was dropped.
    case cancelled
    /// The answer has more bytes than the request allowed.
    case tooLarge(place: String, limitBytes: Int)
    /// The other side's certificate, or the encryption itself, was refused.
    case tls(place: String, because: String)
    /// What came back is not HTTP, or it ended too early.
    case brokenAnswer(place: String, because: String)
    case other(place: String, because: String)

    /// What a time limit ran out in.
    public enum Phase: String, Sendable, Equatable {
        case connecting
        case waitingForAnswer
        case receiving
    }

    /// A sentence for people, without secrets.
    public var sentence: String {
        switch self {
        case .invalidRequest(let place, let because): "\(place): the request cannot be sent: \(because)"
        case .couldNotConnect(let place, let because): "\(place): could not connect: \(because)"
        case .timedOut(let phase, let place, let span): "\(place): \(phase.sentence) within \(Self.text(span))"
        case .cancelled: "the request was cancelled"
        case .tooLarge(let place, let limit): "\(place): the answer is larger than \(limit) bytes"
        case .tls(let place, let because): "\(place): no secure connection: \(because)"
        case .brokenAnswer(let place, let because): "\(place): the answer is broken: \(because)"
        case .other(let place, let because): "\(place): \(because)"
        }
    }

    public var description: String { sentence }

    /// The same request can succeed later.
    public var retryHelps: Bool {
        switch self {
        case .couldNotConnect, .timedOut, .cancelled, .brokenAnswer, .other: true
        case .invalidRequest, .tooLarge, .tls: false
        }
    }

    private static func text(_ span: Duration) -> String {
        let milliseconds = span.milliseconds
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

extension HTTPFailure.Phase {
    var sentence: String {
        switch self {
        case .connecting: "no connection"
        case .waitingForAnswer: "no answer"
        case .receiving: "no complete answer"
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let perMillisecond: Int64 = 1_000_000_000_000_000
        return seconds * 1000 + (attoseconds + perMillisecond - 1) / perMillisecond
    }
}
