import WeirCore

/// Keeps the story of each tick.
public protocol Recorder: Sendable {
    func record(_ record: Record)
    /// The next record of this group has to say where it starts from, as those before it cannot be read together with it.
    func needsCheckpoint(of group: String, at now: Instant) -> Bool
}

extension Recorder {
    public func needsCheckpoint(of group: String, at now: Instant) -> Bool { false }
}
