import WeirCore

/// After people were told that launching, or ending, is suspended, nobody is launched for the capacity, or chosen to go for it,
/// until they ask for the opposite.
struct SuspensionKept {
    private var suspended: [[ScalingProcess]]

    init(_ groups: Int) {
        suspended = Array(repeating: [], count: groups)
    }

    mutating func isAnswered(_ kind: Request.Kind, _ result: Answer.Result?, of group: StormGroup) {
        switch (kind, result) {
        case (.suspend(let processes), .accepted?): suspended[group.number] += processes
        // Both may have waited for the disk, and are answered one after the other.
        case (.resume, .accepted?): suspended[group.number] = []
        default: break
        }
    }

    mutating func isRequested(_ kind: Request.Kind, of group: StormGroup) {
        guard case .resume = kind else { return }
        suspended[group.number] = []
    }

    func isSuspended(_ process: ScalingProcess, in group: StormGroup) -> Bool {
        suspended[group.number].contains(process)
    }

    mutating func hasLeft(_ group: StormGroup) { suspended[group.number] = [] }

    func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard !suspended[group.number].isEmpty, !asksForResuming(record) else { return }
        for planned in record.plan.actions {
            let process: ScalingProcess
            switch (planned.action, planned.why) {
            case (.launch, .capacity), (.resume, .capacity): process = .launch
            case (.drain, .surplus), (.drain, .beyondFleet): process = .terminate
            default: continue
            }
            guard suspended[group.number].contains(process) else { continue }
            storm.violate(
                .suspensionKept,
                "\(process.rawValue) is suspended, and \(planned.action.instance) is told: \(planned.why.sentence)")
        }
    }

    private func asksForResuming(_ record: Record) -> Bool {
        record.observation.requests.contains { if case .resume = $0.kind { true } else { false } }
    }
}
