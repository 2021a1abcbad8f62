import WeirCore
import WeirRuntime

/// All that chance has decided about one group before the storm begins. Spans are in milliseconds.
struct GroupPlan {
    var policy: GroupPolicy
    /// From the launcher's work to an instance that runs.
    var startMs: Int64
    /// From running to taking messages.
    var bootMs: Int64
    /// Mean time at work on one message.
    var workMs: Int64
    /// Mean time between two batches of messages, and how large a batch is at most.
    var arrivalMs: Int64
    var batch: Int
    var visibilityMs: Int64
    /// Where nobody sees who holds what: a worker protects itself while it is at work.
    var protectsItself: Bool
    /// How often instances are asked for their health; nil: never.
    var healthMs: Int64?
    /// How long the worker, or whoever completes hooks, takes for it; nil: nobody does.
    var hookMs: Int64?
    /// Nothing of what it decides is really done.
    var dryRun = false
    /// More messages than this that wait bring its first instance; nil: nothing does.
    var backlogThatCalls: Int?
    /// An empty queue brings it down to its minimum.
    var shrinksWhenEmpty = false
    /// The alarm that scales in looks at this much of the past.
    var quietSpanMs: Int64 = 0
    /// It adds by steps, which no cooldown and no activity may hold up.
    var addsBySteps = false
    /// So many are launched for one message.
    var addsForOne = 1
    /// Its source says of when its figures are.
    var saysWhen = false
}
