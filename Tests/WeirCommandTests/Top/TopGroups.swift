import WeirAPI
import WeirCore
import WeirRuntime

@testable import weir

/// Groups to draw, at noon of 1 March 2026.
enum TopGroups {
    static let noon = Instant(milliseconds: 1_772_366_400_000)

    static func group(
        _ name: String, desired: Int = 2, instances: Int = 2, visible: Double? = 0, alarm: AlarmState = .ok,
        decisions: Int = 1
    ) -> GroupView {
        let policy = GroupPolicy(name: name, minSize: 0, maxSize: 1000)
        var state = GroupState(startingWith: policy, seed: 7, at: noon)
        state.desiredCapacity = desired
        state.fleet = (0..<instances).map { number in
            Instance(
                id: InstanceID("i-\(String(100_000 + number))"), lifecycleState: .inService, launchedAt: noon,
                inServiceAt: noon, stateSince: noon, heldMessages: number == 0 ? 1 : 0)
        }
        state.alarms = [AlarmStatus(name: "\(name)-high", state: alarm, since: noon)]
        var snapshot = GroupSnapshot(policy: policy, state: state)
        if let visible {
            snapshot.measurement = Measurement(
                visible: .value(visible), inFlight: .value(1), delayed: .value(0), oldestAge: .value(3))
            snapshot.measuredAt = noon
        }
        snapshot.decisions = (0..<decisions).map { number in
            DatedDecision(
                at: noon + .seconds(number),
                decision: Decision(
                    previousDesired: number, desired: number + 1,
                    reasons: [Reason(capacity: number + 1, fact: .setByOperator(asked: number + 1))]))
        }
        snapshot.lastDecision = snapshot.decisions.last
        snapshot.lastChange = snapshot.decisions.last
        return GroupView(snapshot, at: noon, whole: true)
    }

    static func scene(_ groups: [GroupView]) -> TopScene {
        var scene = TopScene()
        scene.groups = groups
        scene.answeredAt = noon
        return scene
    }

    static func frame(
        _ scene: TopScene, choosing group: String? = nil, whole: Bool = false, columns: Int = 80, rows: Int = 24,
        _ change: (inout TopChoice) -> Void = { _ in }
    ) -> TopFrame {
        var choice = TopChoice(group: group)
        choice.settle(among: choice.order.sorted(scene.groups).map(\.group))
        choice.isWhole = whole
        change(&choice)
        return TopFrame(scene, choice, in: Window(columns: columns, rows: rows))
    }
}
