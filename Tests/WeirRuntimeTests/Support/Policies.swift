import WeirCore

extension GroupPolicy {
    /// One instance for any message, none when the queue was empty for half a minute.
    static func sample(min: Int = 0, max: Int = 4, pollInterval: Duration = .seconds(5)) -> GroupPolicy {
        GroupPolicy(
            name: "sample", minSize: min, maxSize: max, instanceWarmup: .zero, pollInterval: pollInterval,
            launchTimeout: .seconds(120),
            alarms: [
                AlarmDefinition(
                    name: "up", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(10),
                    comparison: .greaterThanOrEqual, threshold: 1),
                AlarmDefinition(
                    name: "down", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(10),
                    evaluationPeriods: 3, comparison: .lessThanOrEqual, threshold: 0),
            ],
            scalingPolicies: [
                ScalingPolicy(
                    name: "up", alarm: "up",
                    kind: .step(
                        StepScaling(
                            adjustmentType: .exactCapacity,
                            steps: [
                                StepAdjustment(lower: 0, upper: 10, adjustment: 1),
                                StepAdjustment(lower: 10, adjustment: 3),
                            ]))),
                ScalingPolicy(
                    name: "down", alarm: "down",
                    kind: .simple(SimpleScaling(adjustmentType: .exactCapacity, adjustment: 0, cooldown: .seconds(10)))),
            ])
    }
}
