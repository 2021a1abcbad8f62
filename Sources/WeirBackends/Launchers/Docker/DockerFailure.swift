import WeirCore
import WeirHTTP
import WeirRuntime

/// What can go wrong with an engine.
enum DockerFailure: Error, Sendable, Equatable {
    /// It could not be asked.
    case unreachable(HTTPFailure)
    /// It said no.
    case refused(status: Int, message: String)
    /// It said something that cannot be read.
    case unreadable(String)
    case imageMissing(String)
    case pullFailed(image: String, because: String)
    /// A container has the name, or is meant, that weir did not launch.
    case notOurs(container: String)

    var retryHelps: Bool {
        switch self {
        case .unreachable(let failure): failure.retryHelps
        case .refused(let status, _): status >= 500
        case .unreadable, .pullFailed: true
        case .imageMissing, .notOurs: false
        }
    }

    /// The engine itself does not answer, so that it cannot be asked about anything else either; or we do not want to.
    var concernsAll: Bool {
        switch self {
        case .unreachable(.couldNotConnect), .unreachable(.cancelled): true
        case .unreachable, .refused, .unreadable, .imageMissing, .pullFailed, .notOurs: false
        }
    }

    /// What answers next time may be an engine of another version.
    var mayBeAnotherEngine: Bool {
        switch self {
        case .unreachable(.cancelled): false
        case .unreachable: true
        case .refused, .unreadable, .imageMissing, .pullFailed, .notOurs: refusesVersion
        }
    }

    /// The engine does not speak the version of the API in which it was asked, and has done nothing.
    /// Source: moby, daemon/server/middleware/version.go: "client version 1.41 is too old. …"
    var refusesVersion: Bool {
        guard case .refused(400, let message) = self else { return false }
        return message.hasPrefix("client version ")
    }

    var sentence: String {
        switch self {
        case .unreachable(let failure): "the engine cannot be asked: \(failure.sentence)"
        case .refused(let status, let message): "the engine refused (\(status)): \(message)"
        case .unreadable(let what): "the engine's answer cannot be read: \(what)"
        case .imageMissing(let image): "the image '\(image)' is not on the engine, and 'pull: never' forbids to pull it"
        case .pullFailed(let image, let because): "the image '\(image)' could not be pulled: \(because)"
        case .notOurs(let container): "the container \(container) is not one that this weir launched; it is left alone"
        }
    }

    /// - Parameter what: what was not done, with its instance: `i-… was not started`.
    func launcherFailure(_ what: String) -> LauncherFailure {
        LauncherFailure("\(what): \(sentence)", retryHelps: retryHelps)
    }
}
