import WeirCore

/// After people were told that launching, or ending, is suspended, nobody is launched for the capacity, or chosen to go for it,
/// until they ask for the opposite.
struct SuspensionKept {
    private var suspended: [[ScalingProcess]]
    /// Nobody has asked for resuming since suspending was asked for.
    private var isLastWord: [Bool]

    init(_ groups: Int) {
        suspended = Array(repeating: [], count: groups)
        isLastWord = Array(repeating: false, count: groups)
    }

    mutating func isAnswered(_ kind: Request.Kind, _ result: Answer.Result?, of group: StormGroup) {
        // Its answer may have waited for the disk while the opposite was asked for.
        guard case .suspend(let processes) = kind, case .accepted? = result, isLastWord[group.number] else { return }
        suspended[group.number] += processes
    }

    mutating func isRequested(_ kind: Request.Kind, of group: StormGroup) {
        switch kind {
        case .suspend: isLastWord[group.number] = true
        case .resume:
            isLastWord[group.number] = false
            suspended[group.number] = []
        default: break
        }
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
