import WeirCore
import WeirRuntime

/// Nothing is done to what weir did not launch.
enum ForeignUntouched {
    static func check(_ call: LauncherCall, _ run: HandRun, in storm: Storm) {
        guard storm.workers[run.worker].isForeign else { return }
        storm.violate(.foreignUntouched, "\(run.action.word) is asked of \(storm.workers[run.worker].id)")
    }
}
