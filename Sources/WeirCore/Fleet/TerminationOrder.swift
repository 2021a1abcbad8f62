/// Chooses who goes first when there are too many.
///
/// First the zone with most instances, so that zones stay balanced. Then instances that are still pending, as they cannot be
/// busy. Then the group's termination policies, in their order, each deciding where the ones before it are undecided; the
/// oldest, and in the end the smaller id, settle what is left. Source: "Work with termination policies".
struct TerminationOrder {
    let policies: [TerminationPolicy]
    let now: Instant
    /// What is launched now; instances of another one are older than all of its versions.
    let current: LaunchTemplate

    init(policies: [TerminationPolicy], now: Instant, current: LaunchTemplate = LaunchTemplate(name: "", version: 1)) {
        self.policies = policies
        self.now = now
        self.current = current
    }

    /// - Parameters:
    ///   - candidates: those that may go.
    ///   - active: all that count, also those that may not go: they weigh in their zone.
    func choose(_ count: Int, from candidates: [Instance], of active: [Instance]) -> [Instance] {
        let first = active.first?.zone
        guard active.contains(where: { $0.zone != first }) else { return Array(sorted(candidates).prefix(count)) }
        var rest = sorted(candidates)
        var left = active
        var chosen: [Instance] = []
        while chosen.count < count, let next = firstOfLargestZone(rest, left) {
            let instance = rest.remove(at: next)
            left.removeAll { $0.id == instance.id }
            chosen.append(instance)
        }
        return chosen
    }

    /// Of the sorted candidates, the first that is in a zone with most instances, among the zones that have a candidate.
    private func firstOfLargestZone(_ candidates: [Instance], _ active: [Instance]) -> Int? {
        func size(_ zone: String?) -> Int { active.count { $0.zone == zone } }
        guard let largest = candidates.map({ size($0.zone) }).max() else { return nil }
        return candidates.firstIndex { size($0.zone) == largest }
    }

    func sorted(_ candidates: [Instance]) -> [Instance] {
        candidates.sorted(by: goesFirst)
    }

    func goesFirst(_ left: Instance, _ right: Instance) -> Bool {
        let leftIsPending = left.inServiceAt == nil
        if leftIsPending != (right.inServiceAt == nil) { return leftIsPending }
        for policy in policies {
            switch policy {
            case .default:
                if let decision = decide(left, right, templateRank) ?? decide(left, right, untilNextHour) {
                    return decision
                }
            case .oldestLaunchTemplate: if let decision = decide(left, right, templateRank) { return decision }
            case .oldestLaunchConfiguration:
                if let decision = decide(left, right, configurationRank) { return decision }
            case .closestToNextInstanceHour: if let decision = decide(left, right, untilNextHour) { return decision }
            case .oldestInstance:
                if let decision = decide(left, right, { $0.launchedAt.milliseconds }) { return decision }
            case .newestInstance:
                if let decision = decide(left, right, { -$0.launchedAt.milliseconds }) { return decision }
            case .allocationStrategy: break  // there is one kind of capacity, so all are alike
            }
        }
        if left.launchedAt != right.launchedAt { return left.launchedAt < right.launchedAt }
        return left.id < right.id
    }

    /// Lower goes first; nil when the ranks are equal.
    private func decide(_ left: Instance, _ right: Instance, _ rank: (Instance) -> Int64) -> Bool? {
        let (ofLeft, ofRight) = (rank(left), rank(right))
        return ofLeft == ofRight ? nil : ofLeft < ofRight
    }

    /// Unknown before launch configurations, these before other templates, and these before the versions of the present one.
    private func templateRank(_ instance: Instance) -> Int64 {
        guard let template = instance.template else { return Int64.min }
        if template.isConfiguration { return Int64(template.version) - 3 * Self.step }
        // Of other templates none is older than another, as versions count for each on its own.
        if template.name != current.name { return -Self.step }
        return Int64(template.version)
    }

    private func configurationRank(_ instance: Instance) -> Int64 {
        guard let template = instance.template, template.isConfiguration else { return Self.step }
        return Int64(template.version)
    }

    private static let step: Int64 = 1 << 40

    /// Milliseconds to the next full hour since its launch; a full hour just begun is a whole hour away.
    private func untilNextHour(_ instance: Instance) -> Int64 {
        3_600_000 - (now.milliseconds - instance.launchedAt.milliseconds).flooringRemainder(3_600_000)
    }
}
