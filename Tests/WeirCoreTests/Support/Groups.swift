import WeirCore

/// Noon of some day; timelines count from here.
let noon = Instant(milliseconds: 1_772_366_400_000)  // 2026-03-01T12:00:00Z

extension Instant {
    /// So many seconds after noon.
    static func at(_ seconds: Double) -> Instant { Instant(milliseconds: noon.milliseconds + Int64(seconds * 1000)) }
}

extension Instance {
    /// In service for so long before noon, launched a moment earlier.
    static func inService(
        _ id: String, since seconds: Double = -36_000, launchedAt: Double? = nil, protected: Bool = false, held: Int = 0
    ) -> Instance {
        Instance(
            id: InstanceID(id), lifecycleState: .inService, launchedAt: .at(launchedAt ?? seconds),
            inServiceAt: .at(seconds), stateSince: .at(seconds), protectedFromScaleIn: protected, heldMessages: held)
    }

    static func pending(_ id: String, since seconds: Double = -1) -> Instance {
        Instance(
            id: InstanceID(id), lifecycleState: .pending, launchedAt: .at(seconds), stateSince: .at(seconds))
    }
}

extension AlarmDefinition {
    /// One datapoint of a minute at or above the threshold.
    static func up(
        _ name: String = "up", metric: MetricID = .builtIn(.visible), threshold: Double = 1, periods: Int = 1
    ) -> AlarmDefinition {
        AlarmDefinition(
            name: name, metric: metric, statistic: .maximum, period: .seconds(60), evaluationPeriods: periods,
            comparison: .greaterThanOrEqual, threshold: threshold)
    }

    /// One datapoint of a minute at or below the threshold.
    static func down(
        _ name: String = "down", metric: MetricID = .builtIn(.visible), threshold: Double = 0, periods: Int = 1
    ) -> AlarmDefinition {
        AlarmDefinition(
            name: name, metric: metric, statistic: .maximum, period: .seconds(60), evaluationPeriods: periods,
            comparison: .lessThanOrEqual, threshold: threshold)
    }
}

extension ScalingPolicy {
    /// A step policy with one step that is always taken.
    static func always(
        _ name: String, on alarm: String, _ type: AdjustmentType, _ adjustment: Int,
        magnitude: Int? = nil, warmup: Duration? = .zero
    ) -> ScalingPolicy {
        ScalingPolicy(
            name: name, alarm: alarm,
            kind: .step(
                StepScaling(
                    adjustmentType: type, steps: [StepAdjustment(adjustment: adjustment)],
                    minAdjustmentMagnitude: magnitude, instanceWarmup: warmup)))
    }

    static func simple(
        _ name: String, on alarm: String, _ type: AdjustmentType, _ adjustment: Int,
        cooldown: Duration? = nil
    ) -> ScalingPolicy {
        ScalingPolicy(
            name: name, alarm: alarm,
            kind: .simple(SimpleScaling(adjustmentType: type, adjustment: adjustment, cooldown: cooldown)))
    }
}

extension Measurement {
    /// Everything that a source can tell; the age is nothing when nothing waits.
    static func messages(visible: Double, inFlight: Double = 0) -> Measurement {
        Measurement(visible: .value(visible), inFlight: .value(inFlight), delayed: .value(0), oldestAge: .value(0))
    }

    static let unreachable = Measurement.missing(.sourceFailed("connection refused"))
}

extension Listing {
    /// What a launcher says of a fleet that is as the group remembers it.
    static func asRemembered(_ state: GroupState) -> Listing {
        .instances(state.fleet.filter { $0.inServiceAt != nil }.map { ListedInstance(id: $0.id, phase: .running) })
    }
}

extension GroupState {
    init(desired: Int, fleet: [Instance] = []) {
        self.init(seed: 7, createdAt: .at(-86_400), desiredCapacity: desired)
        self.fleet = fleet
    }
}

extension Evaluation {
    var codes: [String] { decision.reasons.map(\.code) }
    var actions: [Action] { plan.actions.map(\.action) }

    /// The instances of the actions of one kind.
    func instances(_ word: String) -> [String] {
        actions.filter { $0.word == word }.map(\.instance.text)
    }
}

/// `count` instances in service, `i-1`, `i-2`, …
func fleet(_ count: Int, since seconds: Double = -36_000, from first: Int = 1) -> [Instance] {
    (0..<count).map { .inService("i-\(first + $0)", since: seconds) }
}
