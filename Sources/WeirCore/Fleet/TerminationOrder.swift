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
    ///   - candidates: positions of those that may go.
    ///   - fleet: also those that may not go: they weigh in their zone.
    /// - Returns: positions, who goes first first.
    func choose(_ count: Int, from candidates: [Int], of fleet: [Instance]) -> [Int] {
        if candidates.count < 2 { return count > 0 ? candidates : [] }
        guard let sizes = zoneSizes(fleet) else { return first(count, of: candidates, in: fleet) }
        var sizeLeft = sizes
        var rest = first(candidates.count, of: candidates, in: fleet)
        func size(_ position: Int) -> Int { sizeLeft[fleet[position].zone] ?? 0 }
        var chosen: [Int] = []
        // Of the sorted candidates the first that is in a zone with most instances, among the zones that have a candidate.
        while chosen.count < count, let largest = rest.map(size).max(),
            let next = rest.firstIndex(where: { size($0) == largest })
        {
            let position = rest.remove(at: next)
            sizeLeft[fleet[position].zone] = largest - 1
            chosen.append(position)
        }
        return chosen
    }

    /// How many count in each zone; nil when all are in one. (Only asked, never walked, as its order is random.)
    private func zoneSizes(_ fleet: [Instance]) -> [String?: Int]? {
        guard let any = fleet.indices.first(where: { fleet[$0].isActive }),
            fleet.indices.contains(where: { fleet[$0].isActive && fleet[$0].zone != fleet[any].zone })
        else { return nil }
        var sizes: [String?: Int] = [:]
        for position in fleet.indices where fleet[position].isActive { sizes[fleet[position].zone, default: 0] += 1 }
        return sizes
    }

    /// The first so many in their order. Mostly a few of many are, and these need no sorting of all.
    private func first(_ count: Int, of candidates: [Int], in fleet: [Instance]) -> [Int] {
        guard count < Self.few, count < candidates.count else {
            return Array(candidates.sorted { goesFirst($0, $1, of: fleet) }.prefix(count))
        }
        var chosen: [Int] = []
        for candidate in candidates {
            if chosen.count == count {
                guard let last = chosen.last, goesFirst(candidate, last, of: fleet) else { continue }
                chosen.removeLast()
            }
            let place = chosen.firstIndex { goesFirst(candidate, $0, of: fleet) } ?? chosen.count
            chosen.insert(candidate, at: place)
        }
        return chosen
    }

    private static let few = 16

    /// Of two in the fleet, by their positions.
    func goesFirst(_ left: Int, _ right: Int, of fleet: [Instance]) -> Bool {
        let leftIsPending = fleet[left].inServiceAt == nil
        if leftIsPending != (fleet[right].inServiceAt == nil) { return leftIsPending }
        let (launched, rivalLaunched) = (fleet[left].launchedAt, fleet[right].launchedAt)
        for policy in policies {
            switch policy {
            case .default:
                if let first = isFirst(templateRank(fleet[left].template), templateRank(fleet[right].template))
                    ?? isFirst(untilNextHour(launched), untilNextHour(rivalLaunched))
                {
                    return first
                }
            case .oldestLaunchTemplate:
                let ranks = (templateRank(fleet[left].template), templateRank(fleet[right].template))
                if let first = isFirst(ranks.0, ranks.1) { return first }
            case .oldestLaunchConfiguration:
                let ranks = (configurationRank(fleet[left].template), configurationRank(fleet[right].template))
                if let first = isFirst(ranks.0, ranks.1) { return first }
            case .closestToNextInstanceHour:
                if let first = isFirst(untilNextHour(launched), untilNextHour(rivalLaunched)) { return first }
            case .oldestInstance: if launched != rivalLaunched { return launched < rivalLaunched }
            case .newestInstance: if launched != rivalLaunched { return launched > rivalLaunched }
            case .allocationStrategy: break  // there is one kind of capacity, so all are alike
            }
        }
        return launched != rivalLaunched ? launched < rivalLaunched : fleet[left].id < fleet[right].id
    }

    /// Lower goes first; nil when the ranks are equal.
    private func isFirst<Rank: Comparable>(_ left: Rank, _ right: Rank) -> Bool? {
        left == right ? nil : left < right
    }

    /// Unknown before launch configurations, these before other templates, and these before the present one; then the order
    /// in which they were made; then the versions of one template.
    private func templateRank(_ template: LaunchTemplate?) -> LaunchRank {
        guard let template else { return LaunchRank(kind: 0) }
        if template.isConfiguration { return configurationRank(template) }
        return LaunchRank(kind: isCurrent(template) ? 4 : 3, order: template.order, version: template.version)
    }

    /// Configurations before everything else, the present one after the others.
    private func configurationRank(_ template: LaunchTemplate?) -> LaunchRank {
        guard let template, template.isConfiguration else { return LaunchRank(kind: 3) }
        return LaunchRank(kind: isCurrent(template) ? 2 : 1, order: template.order)
    }

    private func isCurrent(_ template: LaunchTemplate) -> Bool {
        template.name == current.name && template.isConfiguration == current.isConfiguration
    }

    /// Milliseconds to the next full hour since its launch; a full hour just begun is a whole hour away.
    private func untilNextHour(_ launchedAt: Instant) -> Int64 {
        3_600_000 - (now.milliseconds - launchedAt.milliseconds).flooringRemainder(3_600_000)
    }
}

/// How old what an instance was launched from is; lower is older.
private struct LaunchRank: Comparable {
    var kind: Int
    var order = 0
    var version = 0

    @inline(__always)
    static func < (left: LaunchRank, right: LaunchRank) -> Bool {
        (left.kind, left.order, left.version) < (right.kind, right.order, right.version)
    }
}
