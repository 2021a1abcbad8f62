import WeirCore

enum Policies {
    /// As many as there are, looked at once a minute, where nobody sees who works on what.
    static func fixed(_ size: Int) -> GroupPolicy {
        var policy = GroupPolicy(name: "fixed", minSize: size, maxSize: size, pollInterval: .seconds(60))
        policy.workIsSeen = false
        return policy
    }

    /// Two alarms over what is visible, judged each minute: steps up, and one down.
    static var steps: GroupPolicy { steps(upAfter: 1, downAfter: 5) }

    /// The same with the patience of target tracking's alarms: three minutes up, fifteen down.
    static var patientSteps: GroupPolicy { steps(upAfter: 3, downAfter: 15) }

    private static func steps(upAfter: Int, downAfter: Int) -> GroupPolicy {
        let up = AlarmDefinition(
            name: "backlog", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: upAfter, comparison: .greaterThanOrEqual, threshold: 1)
        let down = AlarmDefinition(
            name: "empty", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: downAfter, comparison: .lessThanOrEqual, threshold: 0)
        let out = StepScaling(
            adjustmentType: .changeInCapacity,
            steps: [
                StepAdjustment(lower: 0, upper: 10, adjustment: 1),
                StepAdjustment(lower: 10, upper: 100, adjustment: 5),
                StepAdjustment(lower: 100, adjustment: 20),
            ], instanceWarmup: .seconds(60))
        let back = StepScaling(
            adjustmentType: .changeInCapacity, steps: [StepAdjustment(adjustment: -1)], instanceWarmup: .seconds(60))
        var policy = GroupPolicy(
            name: "steps", minSize: 0, maxSize: 5000, defaultCooldown: .seconds(60), pollInterval: .seconds(60),
            alarms: [up, down],
            scalingPolicies: [
                ScalingPolicy(name: "out", alarm: "backlog", kind: .step(out)),
                ScalingPolicy(name: "in", alarm: "empty", kind: .step(back)),
            ])
        policy.workIsSeen = false
        return policy
    }

    /// AWS's example as `Benchmarks/policies/step-example.yaml` has it.
    /// - Parameter workIsSeen: the queue knows who works on what, and tells of a message when it comes, as the embedded one does; else
    ///   it only counts, as SQS does.
    static func example(workIsSeen: Bool) -> GroupPolicy {
        let up = AlarmDefinition(
            name: "up", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: 1, comparison: .greaterThanOrEqual, threshold: 100)
        let down = AlarmDefinition(
            name: "down", metric: .builtIn(.outstanding), statistic: .maximum, period: .seconds(60),
            evaluationPeriods: 5, comparison: .lessThanOrEqual, threshold: 0)
        let out = StepScaling(
            adjustmentType: .changeInCapacity,
            steps: [StepAdjustment(lower: 0, upper: 400, adjustment: 1), StepAdjustment(lower: 400, adjustment: 5)])
        let back = SimpleScaling(adjustmentType: .exactCapacity, adjustment: 0, cooldown: .seconds(60))
        var policy = GroupPolicy(
            name: "example", minSize: 0, maxSize: 10_000, defaultCooldown: .seconds(300), pollInterval: .seconds(60),
            alarms: [up, down],
            scalingPolicies: [
                ScalingPolicy(name: "up-policy", alarm: "up", kind: .step(out)),
                ScalingPolicy(name: "down-policy", alarm: "down", kind: .simple(back)),
            ])
        policy.instanceWarmup = .seconds(30)
        policy.workIsSeen = workIsSeen
        return policy
    }
}
