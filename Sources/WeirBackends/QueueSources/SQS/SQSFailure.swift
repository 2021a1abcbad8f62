import WeirCore
import WeirHTTP

/// Why SQS did not tell a backlog.
enum SQSFailure: Error, Sendable, Equatable {
    case noCredentials(profile: String, paths: [String])
    /// A variable, or the key of a profile, says how credentials are to be fetched.
    case notSupported(String, profile: String?)
    /// Of a pair of keys there is one, in the environment or in a profile.
    case halfCredentials(has: String, lacks: String, profile: String?)
    case noRegion
    case strangeEndpoint
    case noAnswer(HTTPFailure)
    /// Its error code, such as `QueueDoesNotExist`, and its message where that may be shown.
    case refused(code: String, message: String)
    case unreadable(String)

    var sentence: String {
        switch self {
        case .noCredentials(let profile, let paths):
            "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor the profile '\(profile)' in "
                + paths.joined(separator: " or ")
        case .notSupported(let name, let profile):
            "no AWS credentials: '\(name)'\(Self.place(profile)) is set, but not supported yet; weir takes "
                + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile that holds such keys"
        case .halfCredentials(let has, let lacks, let profile):
            "no AWS credentials: '\(has)'\(Self.place(profile)) is set, but '\(lacks)' is not"
        case .noRegion: "no AWS region: neither 'region' nor AWS_REGION nor the profile names one"
        case .strangeEndpoint: "the endpoint of SQS is no 'https://host' or 'http://host:port'"
        case .noAnswer(let failure): failure.sentence
        case .refused(let code, let message):
            message.isEmpty ? "SQS refused: \(code)" : "SQS refused: \(code): \(message)"
        case .unreadable(let what): "the answer of SQS cannot be read: \(what)"
        }
    }

    private static func place(_ profile: String?) -> String { profile.map { " in the profile '\($0)'" } ?? "" }

    var reason: MissingReason { .sourceFailed(sentence) }

    /// The queue was not there; its URL is to be asked for again, for it may be made anew elsewhere.
    var forgetsQueue: Bool {
        guard case .refused(let code, _) = self else { return false }
        return code.hasSuffix("QueueDoesNotExist") || code.hasSuffix("NonExistentQueue")
    }
}
