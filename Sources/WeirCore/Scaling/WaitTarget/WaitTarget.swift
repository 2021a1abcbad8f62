/// Keeps the time that messages wait within a target, from what it learns of them: how long they take, how fast they come, what
/// is in hand and how long a launch takes. Nothing of that has to be told. `docs/wait-target.md` has the mathematics.
public struct WaitTarget: Sendable, Equatable, Codable {
    /// How long a message may wait. Range: above 0.
    public var target: Duration
    /// So many of a hundred messages wait no longer. Range: above 0, below 100. Default: 95.
    public var percentile: Double

    public init(target: Duration, percentile: Double = WaitTarget.defaultPercentile) {
        self.target = target
        self.percentile = percentile
    }

    public static let defaultPercentile = 95.0
}
