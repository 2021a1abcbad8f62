import WeirCore
import WeirRuntime

/// Mistakes that are put in on purpose, to see that a checker finds them. They sit around the real code: in what decides, in the
/// store, in the hands, in what is observed. The real code has no switch for them.
package enum PlantedBug: String, CaseIterable, Sendable {
    case boundsExceeded = "bounds-exceeded"
    case slowStartMultiplies = "slow-start-multiplies"
    case pendingIsTakenForWarm = "pending-is-taken-for-warm"
    case launchTokenForgotten = "launch-token-forgotten"
    case startedAgainUnderSameID = "started-again-under-same-id"
    case busyStopped = "busy-stopped"
    case unacknowledgedIsIdle = "unacknowledged-is-idle"
    case pausedAtWork = "paused-at-work"
    case protectedScaledIn = "protected-scaled-in"
    case protectionForgotten = "protection-forgotten"
    case orphaned = "orphaned"
    case actedBeforeStored = "acted-before-stored"
    case messagesDropped = "messages-dropped"
    case foreignTouched = "foreign-touched"
    case crashLoopHot = "crash-loop-hot"
    case drainNeverEnds = "drain-never-ends"
    case cooldownHoldsScaleOut = "cooldown-holds-scale-out"
    case drainHoldsScaling = "drain-holds-scaling"
    case inFlightNotCounted = "in-flight-not-counted"
    case outageTakenForZero = "outage-taken-for-zero"
    case aboveMaximumRefused = "above-maximum-refused"
    case reasonMissing = "reason-missing"
    case restartResetsDesired = "restart-resets-desired"
    case dryRunActs = "dry-run-acts"
    case spins = "spins"
    case limitNotShared = "limit-not-shared"
    case fallbackForgotten = "fallback-forgotten"
    case failuresRepeatedAtOnce = "failures-repeated-at-once"
    case successForgotten = "success-forgotten"
    case sourceGivenUp = "source-given-up"
    case suspendedLaunches = "suspended-launches"
    case hiddenMemory = "hidden-memory"
}
