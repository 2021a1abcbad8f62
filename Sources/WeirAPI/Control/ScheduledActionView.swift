import WeirCore
import WeirRuntime

/// A scheduled action of the policy file, and when it runs next.
public struct ScheduledActionView: Codable, Sendable, Equatable {
    public var name: String
    /// Left out when it does not run within a year, as one that is over.
    public var nextAt: String?
    /// What it sets, in instances; left out is what it leaves as it is.
    public var minSize: Int?
    public var maxSize: Int?
    public var desiredCapacity: Int?

    enum CodingKeys: String, CodingKey {
        case name
        case nextAt = "next_at"
        case minSize = "min_size"
        case maxSize = "max_size"
        case desiredCapacity = "desired_capacity"
    }

    /// How far ahead it is looked for the next run: a leap year, so that what comes once a year is always seen.
    private static let horizon = Duration.seconds(366 * 86_400)

    private init(_ action: ScheduledAction, next: Instant?) {
        name = action.name
        nextAt = next?.rfc3339
        minSize = action.minSize
        maxSize = action.maxSize
        desiredCapacity = action.desiredCapacity
    }

    /// Soonest first, those of one moment in the order of the policy file, in which they run; last those that do not run.
    static func all(of snapshot: GroupSnapshot, at now: Instant) -> [ScheduledActionView] {
        // Its sizes are not the schedule's any more.
        guard !snapshot.leaving, !snapshot.policy.leaving else { return [] }
        let actions = snapshot.policy.scheduledActions.enumerated().map { place, action in
            (place: place, action: action, next: action.next(after: now, through: now + horizon))
        }
        let due = actions.compactMap { place, action, next in next.map { (place: place, action: action, next: $0) } }
            .sorted { ($0.next, $0.place) < ($1.next, $1.place) }
        return due.map { ScheduledActionView($0.action, next: $0.next) }
            + actions.filter { $0.next == nil }.map { ScheduledActionView($0.action, next: nil) }
    }
}
