import WeirCore

/// From the checkpoint of a process, its observations decide again what it decided, to the last action.
struct RecordsReplay {
    private struct Copy {
        var policy: GroupPolicy
        var state: GroupState
    }

    private var copies: [Copy?]
    private let isOn: Bool

    init(_ groups: Int, isOn: Bool) {
        copies = Array(repeating: nil, count: groups)
        self.isOn = isOn
    }

    mutating func begins(_ group: StormGroup) { copies[group.number] = nil }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard isOn else { return }
        if let checkpoint = record.checkpoint {
            if let copy = copies[group.number], copy.state != checkpoint.state {
                storm.violate(.recordsReplay, "\(group.name): a checkpoint is not what the records before it lead to")
            }
            copies[group.number] = Copy(policy: checkpoint.policy, state: checkpoint.state)
        }
        guard let copy = copies[group.number] else {
            return storm.violate(.recordsReplay, "\(group.name): the first record of a process has no checkpoint")
        }
        copies[group.number] = nil
        let evaluation = evaluate(copy.policy, copy.state, record.observation, at: record.at)
        if evaluation.decision != record.decision || evaluation.plan != record.plan
            || evaluation.answers != record.answers || evaluation.events != record.events
            || evaluation.alarmTransitions != record.alarmTransitions
        {
            storm.violate(.recordsReplay, "\(group.name): the record decides otherwise when it is decided again")
        }
        copies[group.number] = Copy(policy: copy.policy, state: evaluation.state)
    }
}
