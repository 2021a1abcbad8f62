import WeirCore

/// A clock that never steps back, made from one that may.
///
/// The store compares moments to know what is visible. When the wall clock is set back by an hour, those moments would all
/// lie in the future: messages would vanish for an hour, and time limits would stand still. So a step back is absorbed: this
/// clock stays ahead by as much as the wall clock went back, and both run on together. What is shown to others is
/// translated back with `wall`.
struct SteadyTime {
    private(set) var now: Instant
    /// How far ahead of the wall clock this one is.
    private var ahead: Duration = .zero

    /// - Parameter floor: the latest moment that the store knows to have been.
    init(wall: Instant, floor: Instant?) {
        now = wall
        if let floor, floor > wall {
            ahead = floor - wall
            now = floor
        }
    }

    mutating func read(wall: Instant) -> Instant {
        if wall + ahead < now { ahead = now - wall }
        now = wall + ahead
        return now
    }

    /// The same moment as the wall clock would tell it today.
    func wall(_ instant: Instant) -> Instant { instant - ahead }
}
