import WeirCore
import WeirRuntime

/// A dry run asks the launcher for nothing but lists, and writes nothing.
enum DryRunLeavesNoTrace {
    static func check(_ call: LauncherCall, _ run: HandRun, in storm: Storm) {
        let group = storm.groups[run.group]
        guard group.plan.dryRun else { return }
        storm.violate(.dryRunLeavesNoTrace, "\(group.name) is a dry run, and asks for \(run.action.word)")
    }

    static func check(_ group: StormGroup, in storm: Storm) {
        guard group.plan.dryRun, storm.disk.kept[group.name] != nil else { return }
        storm.violate(.dryRunLeavesNoTrace, "\(group.name) is a dry run, and its state was stored")
    }
}
