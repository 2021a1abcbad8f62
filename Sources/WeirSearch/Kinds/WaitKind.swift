import WeirPolicy

/// A waiting time that is kept: only the time itself and its percentile can be moved.
struct WaitKind: ScalingKind {
    let name = "wait_target"

    func parameters(_ setting: Setting) -> [Parameter] {
        [
            Parameter("target", .counts(least: 1, most: 3600), isTime: true),
            Parameter("percentile", .choice([50, 90, 95, 99])),
        ]
    }

    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling {
        let values = Values(parameters(setting), values)
        return PolicyEditing.Scaling(
            metrics: [], alarms: [],
            policies: [
                "tuned-wait:",
                "  type: wait_target",
                "  target: \(values.time("target"))",
                "  percentile: \(values.whole("percentile"))",
            ])
    }
}
