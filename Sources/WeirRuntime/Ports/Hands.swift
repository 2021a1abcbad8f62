import WeirCore

/// What a controller does the world with. There are two: `LiveHands`, made from a launcher, and `ImaginedHands`, made from
/// a lister, which has no way to start or stop anything.
public protocol Hands: Sendable {
    func list() async throws(LauncherFailure) -> [ListedInstance]
    func changes() -> AsyncStream<Void>
    /// Performs one action, once, and says how it ended.
    func perform(_ action: Action, for group: String) async -> ActionOutcome.Result
    /// Nothing that these hands do is real.
    var imagined: Bool { get }
}
