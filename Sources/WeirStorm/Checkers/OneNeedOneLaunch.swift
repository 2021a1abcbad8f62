import WeirCore
import WeirRuntime

/// In the calm, one message for a group at zero and a slow start: one instance is launched for it, and no other before
/// it is in service; nor after that, unless the message was seen waiting since.
struct OneNeedOneLaunch {
    private struct Trial {
        var launches = 0
        var hasArrived = false
        var seenWaitingAt: Int64 = -1
    }

    private var trials: [Trial?]
    /// An answer on its way speaks of the time before the arrival.
    private static let onTheWay: Int64 = 1000

    init(_ groups: Int) {
        trials = Array(repeating: nil, count: groups)
    }

    mutating func begin(_ group: StormGroup, isOn: Bool) { trials[group.number] = isOn ? Trial() : nil }

    mutating func isMeasured(_ group: StormGroup, in storm: Storm) {
        guard let trial = trials[group.number], group.letters.visible > 0 else { return }
        trials[group.number]?.seenWaitingAt = storm.now
        // From here on the group may have other needs.
        if trial.hasArrived { trials[group.number] = nil }
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard var trial = trials[group.number] else { return }
        trial.launches += record.plan.actions.count { LaunchesJustified.isForCapacity($0) }
        // Whoever is unhealthy is replaced, and who was sent away may be wanted again.
        let ends = record.plan.actions.contains { if case .drain = $0.action { true } else { false } }
        if record.events.contains(where: { $0.code == "came_into_service" }) { trial.hasArrived = true }
        let isUnclear = trial.hasArrived && storm.now - trial.seenWaitingAt < Self.onTheWay
        trials[group.number] = isUnclear || ends && trial.hasArrived ? nil : trial
        guard !isUnclear, !(ends && trial.hasArrived), trial.launches > group.plan.addsForOne else { return }
        trials[group.number] = nil
        storm.violate(
            .oneNeedOneLaunch, "\(group.name) launched \(trial.launches) instances for one message")
    }
}
