import WeirCore

/// One policy file, read and found right.
public struct PolicyFile: Sendable, Equatable {
    public var path: String
    /// What it was read from, as it stood in the file.
    public var text: String
    public var group: GroupPolicy
    public var source: BackendChoice
    public var launcher: BackendChoice

    public init(path: String, text: String, group: GroupPolicy, source: BackendChoice, launcher: BackendChoice) {
        self.path = path
        self.text = text
        self.group = group
        self.source = source
        self.launcher = launcher
    }
}
