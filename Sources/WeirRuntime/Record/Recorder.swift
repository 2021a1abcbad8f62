import WeirCore

/// Keeps the story of each tick.
public protocol Recorder: Sendable {
    func record(_ record: Record)
}
