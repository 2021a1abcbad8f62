import WeirCore
import WeirRuntime

/// Nothing is launched before the disk has it: a launch that nobody remembers is an orphan after a crash.
enum StoredBeforeDone {
    /// Nor is anything promised to people, or to a worker.
    static func check(_ result: Answer.Result?, in group: StormGroup, _ storm: Storm) {
        guard case .accepted? = result, !group.plan.dryRun, storm.disk.isStored[group.name] == false else { return }
        storm.violate(.storedBeforeDone, "\(group.name) says yes to what it could not store")
    }

    static func check(_ action: Action, in group: StormGroup, _ storm: Storm) {
        guard !group.plan.dryRun else { return }
        switch action {
        case .launch(let id), .prepare(let id, _):
            let fleet = storm.disk.kept[group.name]?.written.state.fleet ?? []
            guard !fleet.contains(where: { $0.id == id }) else { return }
            storm.violate(.storedBeforeDone, "\(id) is launched, and the disk does not have it")
        case .pause, .resume, .runHook, .drain, .restore, .terminate, .remove: break
        }
    }
}
