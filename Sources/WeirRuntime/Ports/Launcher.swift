import WeirCore

/// Lists what was launched. This is all that a dry run is given, and it can start or stop nothing.
public protocol InstanceLister: Sendable {
    /// Every instance of the group that this launcher started and that is not removed yet, also those started before
    /// weir itself did. What weir did not launch is not in it.
    func list() async throws(LauncherFailure) -> [ListedInstance]

    /// Yields whenever the list may have changed, so that a death is seen at once. It may miss changes (the engine went
    /// away); listing at each measurement makes up for it.
    func changes() -> AsyncStream<Void>
}

/// Starts and stops the instances of one group.
public protocol Launcher: InstanceLister {
    /// Starts an instance. The instance id is the token: asked again for the same id, it starts nothing new and
    /// succeeds, also across restarts of weir.
    func launch(_ order: LaunchOrder) async throws(LauncherFailure)

    /// Makes an instance ready without starting it; a launch of the same id then starts it. Asked again, it makes nothing
    /// new, and what was started meanwhile stays started.
    /// - Throws: also when this launcher cannot make what it does not start.
    func prepare(_ order: LaunchOrder) async throws(LauncherFailure)

    /// Stops all that the instance does, where it stands; it keeps its memory. Pausing twice is pausing once.
    func pause(_ instance: InstanceID) async throws(LauncherFailure)

    /// A paused instance goes on. Resuming what runs succeeds.
    func resume(_ instance: InstanceID) async throws(LauncherFailure)

    /// Where the instance answers, as a host name or an address; nil when that is this machine.
    /// - Throws: when that cannot be found out now, or there is no such instance.
    func address(of instance: InstanceID) async throws(LauncherFailure) -> String?

    /// SIGTERM, then SIGKILL after `stopTimeout`; returns when the instance has ended. Terminating what has ended, or
    /// what never was, succeeds. What weir did not launch is refused.
    func terminate(_ instance: InstanceID, stopTimeout: Duration) async throws(LauncherFailure)

    /// Removes what an ended instance left behind. Removing twice is removing once. What runs is refused.
    func remove(_ instance: InstanceID) async throws(LauncherFailure)
}

/// What a launcher is told about one instance.
public struct LaunchOrder: Sendable, Equatable {
    public var instance: InstanceID
    public var group: String
    /// Which version of the group's launch template this is; nil when nobody counts. The instance carries it, so that it is
    /// known again when it is adopted.
    public var templateVersion: Int?
    /// Variables that weir gives to this instance alone, sorted by name; they win over those of the policy file.
    public var environment: [EnvironmentVariable]

    public init(
        instance: InstanceID, group: String, templateVersion: Int? = nil, environment: [EnvironmentVariable] = []
    ) {
        self.instance = instance
        self.group = group
        self.templateVersion = templateVersion
        self.environment = environment
    }
}

public struct EnvironmentVariable: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Why a launcher could not do it.
public struct LauncherFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What failed and why, as a sentence for people, without secrets; it names the instance where there is one.
    public var message: String
    /// Trying again later can help (the engine is away); false: only a change of the policy or the machine can.
    public var retryHelps: Bool

    public init(_ message: String, retryHelps: Bool) {
        self.message = message
        self.retryHelps = retryHelps
    }

    public var description: String { message }
}
