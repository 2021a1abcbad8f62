import WeirCore
import WeirRuntime

/// Makes groups by chance: what a policy file may say, in the combinations in which people do not think of it.
struct PlanMaker {
    var chance: Chance

    mutating func plan(_ number: Int) -> GroupPlan {
        let minSize = chance.pick([0, 0, 0, 1, 2])
        var policy = GroupPolicy(
            name: "g\(number)", minSize: minSize, maxSize: minSize + chance.within(1...9),
            defaultCooldown: .seconds(chance.pick([0, 30, 60, 300])),
            instanceWarmup: chance.pick([nil, .zero, .seconds(30), .seconds(120)]),
            protectFromScaleIn: chance.one(in: 8),
            terminationPolicies: [chance.pick(TerminationPolicy.allCases)],
            pollInterval: .seconds(chance.pick([10, 20, 30, 60, 60, 120, 120])),
            stopTimeout: .seconds(chance.pick([5, 30, 120])),
            launchTimeout: .seconds(chance.pick([60, 180, 600])), concurrency: chance.pick([1, 1, 1, 3]))
        policy.workIsSeen = !chance.one(in: 4)
        policy.templateDigest = chance.one(in: 3) ? nil : "0"
        var plan = GroupPlan(
            policy: policy, startMs: chance.pick([200, 1000, 5000, 20_000]), bootMs: chance.pick([100, 2000, 15_000]),
            workMs: chance.pick([2000, 15_000, 60_000, 240_000]), arrivalMs: chance.pick([60_000, 180_000, 600_000]),
            batch: chance.pick([1, 3, 10, 25]), visibilityMs: chance.pick([30_000, 120_000, 600_000]),
            protectsItself: !policy.workIsSeen && !chance.one(in: 3), healthMs: nil, hookMs: nil)
        addScaling(to: &plan)
        addLife(to: &plan)
        return plan
    }

    /// Most storms with several groups have one limit for all of them: from one instance of each to as many as they would like.
    mutating func shareLimit(among plans: inout [GroupPlan]) -> FleetLimit? {
        guard plans.count > 1, !chance.one(in: 4) else { return nil }
        var (least, most) = (0, 0)
        for index in plans.indices {
            let units = chance.pick([1, 1, 2])
            plans[index].policy.fleet = FleetMembership(
                name: "machine", priority: chance.pick([0, 0, 5]), units: units)
            least += max(plans[index].policy.minSize, 1) * units
            most += plans[index].policy.maxSize * units
        }
        return FleetLimit(name: "machine", maxSize: chance.within(least...max(most, least)))
    }

    // MARK: Scaling

    private mutating func addScaling(to plan: inout GroupPlan) {
        switch chance.below(4) {
        case 0: addSimple(to: &plan)
        case 1: addTracking(to: &plan)
        default: addSteps(to: &plan)
        }
    }

    /// Its periods are never shorter than the poll interval, or most of them would be empty; `weir check` warns of that.
    private mutating func alarm(
        _ name: String, _ metric: BuiltInMetric, _ comparison: Comparison, _ threshold: Int, in plan: GroupPlan
    ) -> AlarmDefinition {
        let period = max(chance.pick([10, 30, 60, 60]), Int(plan.policy.pollInterval.wholeMilliseconds / 1000))
        var alarm = AlarmDefinition(
            name: name, metric: .builtIn(metric), statistic: .maximum, period: .seconds(period),
            evaluationPeriods: chance.pick([1, 1, 2, 3]), comparison: comparison, threshold: Double(threshold),
            missingData: chance.pick([.missing, .missing, .ignore, .notBreaching, .breaching]))
        if chance.one(in: 6) { alarm.cadence = .cloudWatch }
        return alarm
    }

    /// Up when messages wait, down when nothing is left to do.
    private mutating func addAlarms(to plan: inout GroupPlan) {
        let threshold = chance.pick([1, 1, 1, 5])
        let down = alarm("empty", .outstanding, .lessThanOrEqual, 0, in: plan)
        plan.policy.alarms = [alarm("waiting", .visible, .greaterThanOrEqual, threshold, in: plan), down]
        plan.backlogThatCalls = threshold
        plan.shrinksWhenEmpty = true
        plan.quietSpanMs = (down.period * down.evaluationPeriods).wholeMilliseconds
    }

    private mutating func addSteps(to plan: inout GroupPlan) {
        addAlarms(to: &plan)
        plan.addsBySteps = true
        let up = StepScaling(
            adjustmentType: .changeInCapacity,
            steps: [
                StepAdjustment(lower: 0, upper: 10, adjustment: 1),
                StepAdjustment(lower: 10, adjustment: chance.within(2...5)),
            ], instanceWarmup: chance.pick([nil, .zero, .seconds(60)]))
        let down: ScalingPolicy.Kind =
            switch chance.below(3) {
            case 0: .step(step(.exactCapacity, 0))
            case 1: .step(step(.percentChangeInCapacity, -50))
            default: simple(.changeInCapacity, -1)
            }
        plan.policy.scalingPolicies = [
            ScalingPolicy(name: "out", alarm: "waiting", kind: .step(up)),
            ScalingPolicy(name: "in", alarm: "empty", kind: down),
        ]
    }

    private func step(_ type: AdjustmentType, _ adjustment: Int) -> StepScaling {
        StepScaling(
            adjustmentType: type, steps: [StepAdjustment(adjustment: adjustment)], minAdjustmentMagnitude: 1,
            instanceWarmup: .seconds(10))
    }

    private mutating func simple(_ type: AdjustmentType, _ adjustment: Int) -> ScalingPolicy.Kind {
        .simple(
            SimpleScaling(
                adjustmentType: type, adjustment: adjustment,
                cooldown: chance.pick([nil, .zero, .seconds(90), .seconds(300)])))
    }

    private mutating func addSimple(to plan: inout GroupPlan) {
        addAlarms(to: &plan)
        plan.addsForOne = chance.within(1...3)
        plan.policy.scalingPolicies = [
            ScalingPolicy(name: "out", alarm: "waiting", kind: simple(.changeInCapacity, plan.addsForOne)),
            ScalingPolicy(name: "in", alarm: "empty", kind: simple(.changeInCapacity, -chance.within(1...2))),
        ]
    }

    /// From nothing it cannot start, so a step takes the group to one.
    private mutating func addTracking(to plan: inout GroupPlan) {
        guard let expression = try? MetricExpression.parse("outstanding / max(in_service, 1)") else { return }
        plan.policy.metrics = [NamedMetric(name: "load", expression: expression)]
        let first = alarm("waiting", .visible, .greaterThanOrEqual, 1, in: plan)
        let tracking = TargetTracking(
            metric: .named("load"), target: Double(chance.within(1...4)), instanceWarmup: .seconds(30),
            scaleOutAlarm: AlarmShape(period: .seconds(60), evaluationPeriods: 2),
            scaleInAlarm: AlarmShape(period: .seconds(60), evaluationPeriods: 5))
        // Made anew, as a group names the alarms of its trackers where it is made.
        let old = plan.policy
        plan.policy = GroupPolicy(
            name: old.name, minSize: old.minSize, maxSize: old.maxSize, defaultCooldown: old.defaultCooldown,
            instanceWarmup: old.instanceWarmup, protectFromScaleIn: old.protectFromScaleIn,
            terminationPolicies: old.terminationPolicies, pollInterval: old.pollInterval, stopTimeout: old.stopTimeout,
            launchTimeout: old.launchTimeout, concurrency: old.concurrency, metrics: old.metrics, alarms: [first],
            scalingPolicies: [
                ScalingPolicy(name: "track", tracking: tracking),
                ScalingPolicy(name: "first", alarm: "waiting", kind: .step(step(.changeInCapacity, 1))),
            ])
        plan.policy.workIsSeen = old.workIsSeen
        plan.policy.templateDigest = old.templateDigest
        plan.backlogThatCalls = 1
        plan.shrinksWhenEmpty = true
        plan.quietSpanMs = 300_000
    }

    // MARK: Lives

    private mutating func addLife(to plan: inout GroupPlan) {
        if chance.one(in: 4) {
            plan.policy.lifecycleHooks.append(hook("start", .launching))
            plan.hookMs = chance.one(in: 3) ? nil : chance.pick([500, 10_000])
        }
        if chance.one(in: 4) {
            let transition: LifecycleTransition = chance.one(in: 2) ? .launching : .terminating
            var command = hook("command", transition)
            command.runsCommand = true
            plan.policy.lifecycleHooks.append(command)
        }
        if chance.one(in: 3) {
            plan.healthMs = chance.pick([10_000, 30_000])
            plan.policy.healthCheckGracePeriod = .seconds(chance.pick([0, 20, 60]))
            plan.policy.healthCheck = HealthCheckPolicy(
                unhealthyThreshold: chance.within(1...3),
                busyTimeout: chance.one(in: 3) ? .seconds(chance.pick([60, 600])) : nil)
        }
        if chance.one(in: 4) { addPool(to: &plan) }
        if chance.one(in: 6) { plan.policy.maxInstanceLifetime = .seconds(chance.pick([3600, 10_800])) }
        if chance.one(in: 4) { addSchedule(to: &plan) }
        plan.policy.instanceRefresh = RefreshPreferences(
            minHealthyPercentage: chance.pick([100, 90, 50, 0]), maxHealthyPercentage: chance.pick([100, 100, 150]),
            instanceWarmup: chance.pick([nil, .seconds(10)]), checkpointPercentages: chance.pick([[], [], [50, 100]]),
            checkpointDelay: .seconds(60), skipMatching: chance.one(in: 2),
            protectedInstances: chance.pick([.wait, .ignore, .replace]),
            standbyInstances: chance.pick([.wait, .ignore, .replace]), autoRollback: chance.one(in: 3),
            onChange: chance.one(in: 3))
        plan.saysWhen = chance.one(in: 2)
        if chance.one(in: 3) {
            plan.policy.fallback = SourceFallback(
                chance.pick([.floor(1), .floor(3), .capacity(2)]), after: .seconds(chance.pick([0, 60, 180])))
        }
    }

    private mutating func hook(_ name: String, _ transition: LifecycleTransition) -> LifecycleHook {
        LifecycleHook(
            name: name, transition: transition, heartbeatTimeout: .seconds(chance.pick([30, 120])),
            defaultResult: chance.one(in: 3) ? .abandon : .continue)
    }

    private mutating func addPool(to plan: inout GroupPlan) {
        // Where nobody sees who holds what, a pause could take a worker from its message; `weir check` warns of it.
        let state: WarmPoolState = plan.policy.workIsSeen && chance.one(in: 2) ? .hibernated : .stopped
        plan.policy.warmPool = WarmPool(
            state: state, minSize: chance.within(0...2),
            maxPreparedCapacity: chance.one(in: 2) ? plan.policy.minSize + 2 : nil,
            reuseOnScaleIn: state == .hibernated && chance.one(in: 2), preparationTime: .seconds(5))
    }

    private mutating func addSchedule(to plan: inout GroupPlan) {
        guard let morning = try? Recurrence.parse("0 * * * *"), let evening = try? Recurrence.parse("30 * * * *")
        else { return }
        let minSize = plan.policy.minSize
        let maxSize = plan.policy.maxSize
        plan.policy.scheduledActions = [
            ScheduledAction(
                name: "more", recurrence: morning, minSize: min(minSize + 1, maxSize), maxSize: maxSize + 1,
                desiredCapacity: chance.one(in: 2) ? maxSize : nil),
            ScheduledAction(
                name: "less", recurrence: evening, minSize: minSize, maxSize: maxSize,
                desiredCapacity: chance.one(in: 2) ? minSize : nil),
        ]
    }
}
