import WeirCore

/// One policy file, read and found right.
public struct PolicyFile: Sendable, Equatable {
    public var path: String
    /// What it was read from, as it stood in the file.
    public var text: String
    public var group: GroupPolicy
    public var source: BackendChoice
    public var launcher: BackendChoice
    /// For those of the group's lifecycle hooks that weir runs a command for, in the order of the file.
    public var hookCommands: [HookCommand]
    /// What weir asks to find out whether an instance is healthy; nil: nothing.
    public var healthProbe: HealthProbe?

    public init(
        path: String, text: String, group: GroupPolicy, source: BackendChoice, launcher: BackendChoice,
        hookCommands: [HookCommand] = [], healthProbe: HealthProbe? = nil
    ) {
        self.path = path
        self.text = text
        self.group = group
        self.source = source
        self.launcher = launcher
        self.hookCommands = hookCommands
        self.healthProbe = healthProbe
    }
}

/// A file that declares a limit that groups share, read and found right.
public struct FleetFile: Sendable, Equatable {
    public var path: String
    public var limit: FleetLimit

    public init(path: String, limit: FleetLimit) {
        self.path = path
        self.limit = limit
    }
}
