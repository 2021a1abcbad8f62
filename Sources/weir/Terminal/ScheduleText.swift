import WeirAPI

/// What the schedule will do.
enum ScheduleText {
    /// `evening at 2026-03-01T18:00:00Z: min 0, max 4; and 2 more`: the soonest, and how many others will run. Nil when
    /// none will.
    static func next(_ actions: [ScheduledActionView]) -> String? {
        // They are in this order already; those that do not run any more have no time.
        let due = actions.filter { $0.nextAt != nil }
        guard let soonest = due.first, let at = soonest.nextAt else { return nil }
        let more = due.count > 1 ? "; and \(due.count - 1) more" : ""
        return "\(soonest.name) at \(at): \(sizes(soonest))\(more)"
    }

    private static func sizes(_ action: ScheduledActionView) -> String {
        let sizes = [("min", action.minSize), ("max", action.maxSize), ("desired", action.desiredCapacity)]
        return sizes.compactMap { word, size in size.map { "\(word) \($0)" } }.joined(separator: ", ")
    }
}
