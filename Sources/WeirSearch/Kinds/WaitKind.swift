import WeirPolicy

/// A waiting time that is kept: only the time itself and its percentile can be moved.
struct WaitKind: ScalingKind {
    let name = "wait_target"

    func parameters(_ setting: Setting) -> [Parameter] {
        let usual = [50.0, 90, 95, 99]
        let percentiles = (setting.waitLimit.map { [$0.percentile] } ?? []) + usual
        return [
            Parameter("target", Self.targets(setting), isTime: true),
            Parameter("percentile", .choice(Set(percentiles).sorted())),
        ]
    }

    /// Whole seconds up to an hour; or up to the limit of the wait that is to be kept, and parts of a second where that is less than one.
    private static func targets(_ setting: Setting) -> Parameter.Domain {
        let most = SearchLimits.longestUsualTarget
        guard let wanted = target(setting) else { return .counts(least: 1, most: most) }
        return wanted < 1
            ? .scale(least: SearchLimits.shortestTarget, most: Double(most))
            : .counts(least: 1, most: max(most, Int(wanted)))
    }

    /// The limit of the wait that is to be kept, or a little less, as a policy file may have it.
    private static func target(_ setting: Setting) -> Double? {
        guard let most = setting.waitLimit?.most else { return nil }
        let digits = most < 1 ? 100.0 : 1
        let target = (most * digits).rounded(.down) / digits
        return min(max(target, SearchLimits.shortestTarget), SearchLimits.longestTarget)
    }

    /// What somebody would write who tunes nothing: just the wait that is to be kept.
    func start(_ setting: Setting) -> [Double]? {
        guard let target = Self.target(setting), let limit = setting.waitLimit else { return nil }
        return [target, limit.percentile]
    }

    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling {
        let values = Values(parameters(setting), values)
        return PolicyEditing.Scaling(
            metrics: [], alarms: [],
            policies: [
                "tuned-wait:",
                "  type: wait_target",
                "  target: \(values.time("target"))",
                "  percentile: \(Values.number(values["percentile"]))",
            ])
    }
}
