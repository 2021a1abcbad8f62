/// What a link in the chain of reasons did.
public enum ReasonRole: String, Sendable, Codable, CaseIterable {
    /// A policy, a person or the schedule asked for this capacity, and it was followed.
    case asked
    /// Another one asked for more.
    case outranked
    /// A bound changed what was asked for.
    case limited
    /// Something was to happen, and waited.
    case held
    /// Nobody asked for anything.
    case quiet
    /// Something else that was done or seen.
    case noted
}

extension Reason {
    public var role: ReasonRole {
        switch fact {
        case .proposed, .setByOperator, .endedByOperator, .scheduled, .fallback, .leaving, .refreshBegan, .standbyBegan,
            .standbyEnded, .sizesOfFile:
            .asked
        case .outranked: .outranked
        case .limitedToMaximum, .raisedToMinimum, .limitedByRate, .limitedByFleet: .limited
        case .heldByWarmup, .heldByCooldown, .heldByActivity, .heldByMissingData, .heldByProtection, .heldByWork,
            .heldByLaunchBackoff, .suspended, .heldByUnknownFleet, .heldByFailedListing, .refreshHeld, .unhealthyWait,
            .lifetimeHeldByProtection, .heldByTarget, .heldByTracker, .heldByFallback, .heldAfterFallback,
            .heldByNoProgress, .poolHeldByLaunchBackoff, .heldByArrival, .heldByFleet, .noCapacity, .noDatapoint,
            .noStep, .unknownBacklog, .heldByStabilization:
            .held
        case .noAlarm, .notMeasured, .repeatsLater: .quiet
        case .newTemplate, .refreshRollsBack, .refreshEnded, .scheduleLost, .notBelieved, .fallbackEnded: .noted
        }
    }
}
