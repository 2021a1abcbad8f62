import WeirCore
import WeirRuntime

/// What a new process goes on from is what the former one had stored, and that is all that the former one had told anybody.
struct RestartChangesNothing {
    private struct Memory {
        /// Desired capacity of the last record of this process.
        var recorded: Int?
        /// What the last process left on the disk; nil when it could not store its last decision.
        var left: Int?
    }

    private var memories: [Memory]

    init(_ groups: Int) {
        memories = Array(repeating: Memory(), count: groups)
    }

    mutating func begins(_ group: StormGroup, _ state: GroupState, isNew: Bool, in storm: Storm) {
        memories[group.number].recorded = isNew ? nil : state.desiredCapacity
        if !isNew, let left = memories[group.number].left, state.desiredCapacity != left {
            storm.violate(
                .restartChangesNothing,
                "\(group.name) wanted \(left) before the restart, and \(state.desiredCapacity) after it")
        }
        memories[group.number].left = nil
        guard !isNew else { return }
        // Promises outlive the process that gave them.
        for instance in state.fleet where instance.lifecycleState == .inService {
            let worker = storm.position(of: instance.id, in: group)
            if storm.workers[worker].isPromised, !instance.protectedFromScaleIn {
                storm.violate(.restartChangesNothing, "\(instance.id) was promised protection before the restart")
            }
        }
    }

    /// Nobody is given up whom no process has ever asked the launcher for: what was not begun before a restart is begun after it.
    static func checkGivenUp(_ worker: Int, _ entry: Ledger.Entry, of group: StormGroup, in storm: Storm) {
        // It is found out when the group looks, which may be some time later.
        let timeout = 3 * group.policy.launchTimeout.wholeMilliseconds
        let wasHeldUp =
            storm.now - storm.diskFailsUntil < timeout || storm.now - storm.clockSetAt < timeout
            || storm.checks.isSuspended(.launch, in: group)
        guard !entry.wasAskedFor, !entry.isStray, storm.workers[worker].creations == 0, !wasHeldUp else { return }
        storm.violate(
            .restartChangesNothing, "\(storm.workers[worker].id) is given up, and nobody has ever asked for it")
    }

    mutating func hasLeft(_ group: StormGroup) { memories[group.number] = Memory() }

    mutating func dies(_ group: StormGroup, in storm: Storm) {
        let isStored = storm.disk.isStored[group.name] == true
        memories[group.number].left = isStored && !group.plan.dryRun ? memories[group.number].recorded : nil
    }

    /// What was not written durably has to be of no weight: samples, and nothing that was decided.
    func losesPower(_ group: StormGroup, in storm: Storm) {
        guard let kept = storm.disk.kept[group.name], let durable = kept.durable else { return }
        var (written, lasting) = (kept.written.state, durable.state)
        // Whose launch failed is remembered until a listing does not show it, and that it was forgotten is found again.
        written.fleet.removeAll(where: \.launchFailed)
        lasting.fleet.removeAll(where: \.launchFailed)
        let differing = [
            ("desired capacity", written.desiredCapacity == lasting.desiredCapacity),
            ("suspended processes", written.suspended == lasting.suspended),
            ("fleet", written.fleet.map(\.id) == lasting.fleet.map(\.id)),
            ("lifecycle states", written.fleet.map(\.lifecycleState) == lasting.fleet.map(\.lifecycleState)),
            (
                "protection",
                written.fleet.map(\.protectedFromScaleIn) == lasting.fleet.map(\.protectedFromScaleIn)
            ),
            ("scheduled sizes", written.scheduledSizes == lasting.scheduledSizes),
        ].filter { !$0.1 }
        if !differing.isEmpty {
            let fields = differing.map(\.0).joined(separator: ", ")
            storm.violate(.restartChangesNothing, "\(group.name) had not stored durably: \(fields)")
        }
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        if let recorded = memories[group.number].recorded, record.decision.previousDesired != recorded {
            storm.violate(
                .restartChangesNothing,
                "\(group.name) wanted \(recorded), and goes on from \(record.decision.previousDesired)")
        }
        memories[group.number].recorded = record.decision.desired
    }
}
