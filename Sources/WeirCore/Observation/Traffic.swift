/// What a queue that hands out messages itself can tell of the time since it was asked last. A source that only counts has
/// none of it.
public struct Traffic: Sendable, Equatable, Codable {
    /// Messages that became visible for the first time.
    public var arrivals: Int
    /// From receive to delete, one for each message that was completed. Unit: buckets of `LogScale.work`.
    public var services: Tally
    /// From being sent to being received, one for each message that was received for the first time. Unit: milliseconds.
    public var waits: Tally
    /// For how long messages in hand have been there. Unit: buckets of `LogScale.work`.
    public var inHand: Tally

    public init(
        arrivals: Int = 0, services: Tally = Tally(), waits: Tally = Tally(),
        inHand: Tally = Tally()
    ) {
        self.arrivals = arrivals
        self.services = services
        self.waits = waits
        self.inHand = inHand
    }

    /// How long the messages that were completed took, all together. Unit: seconds.
    public var serviceSeconds: Double {
        services.entries.reduce(0) { $0 + Double($1.count) * LogScale.work.middle(max($1.value, 0)) }
    }

    private enum CodingKeys: String, CodingKey {
        case arrivals = "a"
        case services = "s"
        case waits = "w"
        case inHand = "h"
    }
}
