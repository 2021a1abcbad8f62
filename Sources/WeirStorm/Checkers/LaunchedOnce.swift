import WeirCore

/// The id of an instance is the token of its launch: nothing is made twice under one id.
enum LaunchedOnce {
    static func check(_ worker: Int, in storm: Storm) {
        guard storm.workers[worker].creations > 1 else { return }
        storm.violate(.launchedOnce, "\(storm.workers[worker].id) was made \(storm.workers[worker].creations) times")
    }
}
