import WeirCore

/// The last decisions that say something: those that changed desired capacity, and those that were held back by another
/// reason than the one before. It begins empty with each process.
struct RecentDecisions {
    /// Oldest first, `Limits.decisionsKept` at most.
    private(set) var all: [DatedDecision] = []
    /// Of the last decision of all, kept or not.
    private var codes: [String] = []

    mutating func add(_ dated: DatedDecision) {
        let codes = dated.decision.reasons.map(\.code)
        let isNews = codes != self.codes
        self.codes = codes
        let changes = dated.decision.desired != dated.decision.previousDesired
        guard changes || isNews && !dated.decision.isQuiet else { return }
        all.append(dated)
        if all.count > Limits.decisionsKept { all.removeFirst() }
    }
}
