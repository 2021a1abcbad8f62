import WeirCore

/// In the calm, one message for a group at zero and a slow start: one instance is launched for it, and no other before
/// it is in service.
struct OneNeedOneLaunch {
    private var launches: [Int?]

    init(_ groups: Int) {
        launches = Array(repeating: nil, count: groups)
    }

    mutating func begin(_ group: StormGroup, isOn: Bool) { launches[group.number] = isOn ? 0 : nil }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard let before = launches[group.number] else { return }
        let after = before + record.plan.actions.count { LaunchesJustified.isForCapacity($0) }
        launches[group.number] = after
        // From here on the group may have other needs.
        if record.events.contains(where: { $0.code == "came_into_service" }) { launches[group.number] = nil }
        if after > 1 { storm.violate(.oneNeedOneLaunch, "\(group.name) launched \(after) instances for one message") }
    }
}
