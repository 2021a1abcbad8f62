import WeirCore

/// What a controller does the world with. There are two: `LiveHands`, made from a launcher, and `ImaginedHands`, made from
/// a lister, which has no way to start or stop anything.
public protocol Hands: Sendable {
    func list() async throws(LauncherFailure) -> [ListedInstance]
    func changes() -> AsyncStream<Void>
    /// Performs one action, once, and says how it ended.
    /// - Parameter template: the version of the launch template that the instance is of; nil when it is not known.
    func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result
    /// Nothing that these hands do is real.
    var imagined: Bool { get }
}

extension Hands {
    public func perform(_ action: Action, for group: String) async -> ActionOutcome.Result {
        await perform(action, for: group, template: nil)
    }
}
