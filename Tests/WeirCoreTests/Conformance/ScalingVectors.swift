import Testing

@testable import WeirCore

@Suite("Conformance: step and simple scaling")
struct ScalingVectors {
    @Test(arguments: VectorFile.vectors("step-selection"))
    func selection(_ vector: Vector) throws {
        try vector.expectsOnly(["adjustment", "none"])
        let steps = try vector.list("steps").map { step in
            StepAdjustment(
                lower: step["lower"]?.double, upper: step["upper"]?.double,
                adjustment: try #require(step["adjustment"]?.int))
        }
        let chosen = StepScaling(adjustmentType: .changeInCapacity, steps: steps).step(
            for: try vector.number("metricValue"), threshold: try vector.number("threshold"),
            comparison: .greaterThanOrEqual)
        if let none = vector.expected["none"]?.bool { #expect((chosen == nil) == none) }
        if let expected = vector.expected["adjustment"]?.int { #expect(chosen?.adjustment == expected) }
    }

    @Test(arguments: VectorFile.vectors("step-validation"))
    func validation(_ vector: Vector) throws {
        try vector.expectsOnly(["valid", "rule"])
        let steps = try vector.list("steps").map { step in
            StepAdjustment(
                lower: step["lower"]?.double, upper: step["upper"]?.double, adjustment: step["adjustment"]?.int ?? 1)
        }
        let broken = StepScaling.mistakes(in: steps).map(\.rule)
        if let valid = vector.expected["valid"]?.bool { #expect(broken.isEmpty == valid, "\(broken)") }
        if let rule = vector.expected["rule"]?.text { #expect(broken.contains(rule), "\(broken)") }
    }

    @Test(arguments: VectorFile.vectors("percent-rounding"))
    func rounding(_ vector: Vector) throws {
        try vector.expectsOnly(["rounded"])
        #expect(AdjustmentType.roundPercentage(try vector.number("value")) == vector.expected["rounded"]?.int)
    }

    @Test(arguments: VectorFile.vectors("capacity-adjustment"))
    func adjustment(_ vector: Vector) throws {
        try vector.expectsOnly(["newDesired"])
        let capacity = try vector.int("capacity")
        let scaling = try stepPolicy(vector.input, named: "p")
        let evaluation = decide(
            [scaling], GroupState(desired: capacity, fleet: fleet(capacity)), minSize: vector.input["minSize"]?.int,
            maxSize: vector.input["maxSize"]?.int)
        #expect(evaluation.decision.desired == vector.expected["newDesired"]?.int)
    }

    @Test(arguments: VectorFile.vectors("warmup"))
    func warmup(_ vector: Vector) throws {
        try vector.expectsOnly(["newDesired", "blocked"])
        let (current, warming) = (try vector.int("current"), try vector.int("warming"))
        let scaling = try stepPolicy(vector.input, named: "p", warmup: .seconds(300))
        let state = GroupState(
            desired: try vector.int("desired"),
            fleet: fleet(current) + fleet(warming, since: -10, from: current + 1))
        let evaluation = decide(
            [scaling], state, minSize: vector.input["minSize"]?.int, maxSize: vector.input["maxSize"]?.int)
        if let expected = vector.expected["newDesired"]?.int { #expect(evaluation.decision.desired == expected) }
        if let blocked = vector.expected["blocked"]?.bool {
            #expect(evaluation.codes.contains("held_by_warmup") == blocked)
        }
    }

    @Test(arguments: VectorFile.vectors("warmup-fallback"))
    func fallback(_ vector: Vector) throws {
        try vector.expectsOnly(["seconds"])
        // -1 clears a setting on AWS.
        func seconds(_ name: String) -> Duration? {
            vector.input[name]?.double.flatMap { $0 < 0 ? nil : .seconds($0) }
        }
        var group = GroupPolicy(
            name: "g", minSize: 0, maxSize: 1, defaultCooldown: seconds("DefaultCooldown") ?? .seconds(300),
            instanceWarmup: seconds("DefaultInstanceWarmup"))
        if let grace = seconds("HealthCheckGracePeriod") { group.healthCheckGracePeriod = grace }
        let span: Duration
        switch try vector.text("setting") {
        case "policyWarmup":
            let own = seconds("EstimatedInstanceWarmup")
            span = group.warmup(
                of: StepScaling(adjustmentType: .changeInCapacity, steps: [], instanceWarmup: own))
            let tracking = TargetTracking(metric: .builtIn(.visible), target: 1, instanceWarmup: own)
            #expect(group.warmup(of: tracking) == span)
        case "refreshWarmup":
            span = group.refreshWarmup(seconds("InstanceWarmup"))
        case "simpleCooldown":
            span = group.cooldown(
                of: SimpleScaling(adjustmentType: .changeInCapacity, adjustment: 1, cooldown: seconds("Cooldown")))
        case let other: throw Unknown(what: other)
        }
        #expect(span.inSeconds == vector.expected["seconds"]?.double)
    }

    @Test(arguments: VectorFile.vectors("target-tracking"))
    func targetTracking(_ vector: Vector) throws {
        try vector.expectsOnly(["newDesired", "newDesiredAtLeast", "newDesiredAtMost"])
        let capacity = try vector.int("capacity")
        let tracking = TargetTracking.atOnce(
            .builtIn(.oldestAge), target: try vector.number("target"),
            disableScaleIn: vector.input["disableScaleIn"]?.bool ?? false)
        let evaluation = decide(
            [ScalingPolicy(name: "p", tracking: tracking)], GroupState(desired: capacity, fleet: fleet(capacity)),
            minSize: vector.input["minSize"]?.int, maxSize: vector.input["maxSize"]?.int,
            oldestAge: vector.input["metric"]?.double.map { .value($0) } ?? .missing(.notTold))
        let desired = evaluation.decision.desired
        if let expected = vector.expected["newDesired"]?.int { #expect(desired == expected) }
        if let expected = vector.expected["newDesiredAtLeast"]?.int { #expect(desired >= expected) }
        if let expected = vector.expected["newDesiredAtMost"]?.int { #expect(desired <= expected) }
    }

    @Test(arguments: VectorFile.vectors("acceptable-backlog"))
    func acceptableBacklog(_ vector: Vector) throws {
        try vector.expectsOnly(["targetValue", "backlogPerInstance", "instancesNeeded"])
        let acceptable = AcceptableBacklog(
            acceptableLatency: try vector.number("acceptableLatencySeconds"),
            secondsPerMessage: try vector.number("secondsPerMessage"))
        if let expected = vector.expected["targetValue"]?.double {
            #expect(abs(acceptable.target - expected) <= 1e-9 * max(expected, 1))
        }
        if let expected = vector.expected["backlogPerInstance"] {
            let backlog = AcceptableBacklog.perInstance(
                messages: try vector.number("messages"), instances: try vector.int("instances"))
            #expect((backlog == nil) == (expected == .null))
            if let backlog, let expected = expected.double {
                #expect(abs(backlog - expected) <= 1e-9 * max(expected, 1))
            }
        }
        if let expected = vector.expected["instancesNeeded"] {
            #expect(acceptable.instancesNeeded(messages: try vector.number("messages")) == expected.int)
        }
    }

    /// Every policy of a vector acts on the same tick. A target tracking policy has a metric that wants what it should.
    @Test(arguments: VectorFile.vectors("policy-combination"))
    func combination(_ vector: Vector) throws {
        try vector.expectsOnly(["newDesired"])
        let capacity = try vector.int("capacity")
        var metrics: [NamedMetric] = []
        let policies = try vector.list("policies").enumerated().map { index, policy -> ScalingPolicy in
            guard case .object(let fields) = policy else { throw Unknown(what: "policy") }
            switch fields["type"]?.text {
            case "step": return try stepPolicy(fields, named: "p\(index)").enabled(fields)
            case "simple": return try simplePolicy(fields, named: "p\(index)").enabled(fields)
            case "targetTracking":
                let metric = NamedMetric(name: "m\(index)", expression: try metric(fields, capacity))
                metrics.append(metric)
                let disabled = fields["scaleInEnabled"]?.bool == false
                return ScalingPolicy(
                    name: "p\(index)",
                    tracking: .atOnce(.named(metric.name), target: Self.target, disableScaleIn: disabled)
                ).enabled(fields)
            case let other: throw Unknown(what: other ?? "a policy without a type")
            }
        }
        let evaluation = decide(
            policies, GroupState(desired: capacity, fleet: fleet(capacity)), minSize: vector.input["minSize"]?.int,
            maxSize: vector.input["maxSize"]?.int, metrics: metrics)
        #expect(evaluation.decision.desired == vector.expected["newDesired"]?.int)
    }

    private static let target = 100.0

    /// The constant that makes a target tracking policy want this capacity, or nothing.
    private func metric(_ fields: [String: JSON], _ capacity: Int) throws -> MetricExpression {
        switch fields["wants"]?.text {
        case "out", "in":
            let wanted = try #require(fields["capacity"]?.int)
            return try MetricExpression.parse("\(Self.target) * \(wanted) / \(capacity)")
        case "none": return try MetricExpression.parse("\(Self.target)")
        case let other: throw Unknown(what: other ?? "a policy that does not say what it wants")
        }
    }

    @Test(arguments: VectorFile.vectors("scheduled-action"))
    func schedule(_ vector: Vector) throws {
        try vector.expectsOnly(["next"])
        func moment(_ name: String) throws -> Instant? {
            try vector.input[name]?.text.map { try #require(Instant(rfc3339: $0)) }
        }
        let zone = try vector.input["timeZone"]?.text.map { try #require(Zones.ofThisMachine($0)) }
        let action = ScheduledAction(
            name: "a", startTime: try moment("startTime"), endTime: try moment("endTime"),
            recurrence: try vector.input["recurrence"]?.text.map { try Recurrence.parse($0) }, timeZone: zone ?? .utc,
            minSize: 1)
        let next = action.next(after: try #require(try moment("after")))
        #expect(next?.rfc3339 == vector.expected["next"]?.text)
    }

    private struct Unknown: Error { var what: String }

    private static let adjustmentTypes: [String: AdjustmentType] = [
        "ChangeInCapacity": .changeInCapacity, "ExactCapacity": .exactCapacity,
        "PercentChangeInCapacity": .percentChangeInCapacity,
    ]

    private func simplePolicy(_ fields: [String: JSON], named name: String) throws -> ScalingPolicy {
        .simple(
            name, on: "up", try #require(Self.adjustmentTypes[fields["adjustmentType"]?.text ?? ""]),
            try #require(fields["adjustment"]?.int))
    }

    private func stepPolicy(
        _ fields: [String: JSON], named name: String, warmup: Duration = .zero
    ) throws -> ScalingPolicy {
        let type = try #require(Self.adjustmentTypes[fields["adjustmentType"]?.text ?? ""])
        return .always(
            name, on: "up", type, try #require(fields["adjustment"]?.int),
            magnitude: fields["minAdjustmentMagnitude"]?.int, warmup: warmup)
    }

    /// One tick on which the alarm of every policy goes to ALARM.
    private func decide(
        _ policies: [ScalingPolicy], _ state: GroupState, minSize: Int? = nil, maxSize: Int? = nil,
        oldestAge: Reading = .value(0), metrics: [NamedMetric] = []
    ) -> Evaluation {
        let policy = GroupPolicy(
            name: "g", minSize: minSize ?? 0, maxSize: maxSize ?? Limits.largestGroup, metrics: metrics,
            alarms: [.up()], scalingPolicies: policies)
        let measurement = Measurement(
            visible: .value(5), inFlight: .value(0), delayed: .value(0), oldestAge: oldestAge)
        let observation = Observation(measurement: measurement, listing: .asRemembered(state))
        return evaluate(policy, state, observation, at: noon)
    }
}

extension TargetTracking {
    /// One datapoint is enough for either alarm, and any value below the target is well below it: the direction of a
    /// vector is the alarm that its metric puts into ALARM.
    fileprivate static func atOnce(_ metric: MetricID, target: Double, disableScaleIn: Bool) -> TargetTracking {
        let shape = AlarmShape(period: .seconds(60), evaluationPeriods: 1)
        return TargetTracking(
            metric: metric, target: target, disableScaleIn: disableScaleIn, instanceWarmup: .zero, scaleOutAlarm: shape,
            scaleInAlarm: shape, scaleInShare: 1)
    }
}

extension ScalingPolicy {
    /// As a vector says; one that does not say is.
    fileprivate func enabled(_ fields: [String: JSON]) -> ScalingPolicy {
        var policy = self
        policy.enabled = fields["enabled"]?.bool ?? true
        return policy
    }
}
