import Synchronization

/// A version of the Engine API.
struct DockerVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    /// What weir was written for: Docker 20.10 and podman 4 know it. What it sends and reads is the same up to 1.56.
    /// Source: Engine API version history.
    static let written = DockerVersion(major: 1, minor: 41)

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// `1.44`; nil when it is nothing of that kind.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        self.init(major: major, minor: minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (left: DockerVersion, right: DockerVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

/// Which version an engine and we speak, once it was asked; the same one for all who speak to that engine.
final class AgreedVersion: Sendable {
    private let agreed = Mutex<DockerVersion?>(nil)

    var known: DockerVersion? { agreed.withLock { $0 } }

    func agree(_ version: DockerVersion) { agreed.withLock { $0 = version } }

    /// It was away, and who comes back may be another one.
    func forget() { agreed.withLock { $0 = nil } }
}
