import WeirCore
import WeirRuntime

/// One group of a storm: the real loop, and the world around it.
final class StormGroup {
    let number: Int
    let plan: GroupPlan
    /// As the policy file says now.
    var policy: GroupPolicy
    /// The policy file is there.
    var isWanted = true
    /// Nil while weir is down, and when the group has left.
    var loop: LoopHolder?
    let imagined: ImaginedHands?

    /// Counts its loops: answers to a former one are nobody's.
    var life = 0

    // MARK: The driver, as `GroupController` is one

    var timer = 0
    /// When the timer rings.
    var wakesAt: Int64 = -1
    var stepIsDue = false
    var isStepping = false
    var wasSignalled = false
    /// Commands of hooks that run.
    var hookRuns: [Int] = []
    var healthRound = 0

    // MARK: The world

    var letters: Letters
    /// Positions of workers that exist in some way, in the order in which they came.
    var present: [Int] = []
    /// Where handing out messages goes on.
    var turn = 0
    var sourceIsAwayUntil: Int64 = -1
    /// All that is launched dies young until then.
    var crashLoopUntil: Int64 = -1
    var lastMeasurement: Measurement?
    var replies: [Int: Reply] = [:]
    /// It says again and again what it said then, until that time.
    var frozen: (answer: Measurement, until: Int64)?

    init(number: Int, plan: GroupPlan) {
        self.number = number
        self.plan = plan
        policy = plan.policy
        letters = Letters(visibilityMs: plan.visibilityMs)
        imagined = plan.dryRun ? ImaginedHands(lister: NoLister()) : nil
    }

    var name: String { plan.policy.name }
    var seesWork: Bool { plan.policy.workIsSeen }
}

/// Holds the loop in one place, so that it is changed where it is and never copied.
final class LoopHolder {
    var value: GroupLoop

    init(_ loop: GroupLoop) {
        value = loop
    }

    /// Looks at it where it is: asked as a property of an object, the whole of it would be copied first.
    func look<Result>(_ look: (inout GroupLoop) -> Result) -> Result { look(&value) }
}

/// What is done with the answer to a request.
enum Reply {
    case operatorAsked(Request.Kind)
    /// This worker wants to begin with its message.
    case workerAsked(worker: Int)
    case ignored
}

/// The lists come from the storm itself.
private struct NoLister: InstanceLister {
    func list() async throws(LauncherFailure) -> [ListedInstance] { [] }
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
