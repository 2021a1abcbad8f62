import WeirCore

/// Runs the commands of lifecycle hooks.
public protocol HookRunner: Sendable {
    /// Returns when the command has ended well; being cancelled ends it.
    /// - Throws: how it failed.
    func run(_ hook: String, for instance: InstanceID, of group: String) async throws(LauncherFailure)
}
