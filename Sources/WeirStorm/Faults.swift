/// What can go wrong outside, each counted by its name.
package enum FaultKind: String, CaseIterable, Sendable {
    case answerLost = "source: answer lost"
    case answerLate = "source: answer late"
    case answerDoubled = "source: answer doubled"
    case suddenZero = "source: sudden zero"
    case staleAnswer = "source: stale answer"
    case sourceAway = "source: away for a time"
    case callRefused = "launcher: refused"
    case callLost = "launcher: never arrived"
    case outcomeLost = "launcher: done, but reported failed"
    case callLate = "launcher: late"
    case doneAfterFailure = "launcher: done after it was reported failed"
    case halfDone = "launcher: made, but not started"
    case engineAway = "launcher: away for a time"
    case listingFailed = "listing: failed"
    case listingLate = "listing: late, so old"
    case startsLate = "instance: starts late"
    case neverStarts = "instance: never starts"
    case diesYoung = "instance: dies young"
    case diesAtWork = "instance: dies, perhaps at work"
    case hangs = "instance: hangs"
    case vanishes = "instance: taken away by others"
    case crashLoop = "instance: all die young for a time"
    case checkLies = "health check: failed"
    case clockForward = "clock: jumps forward"
    case clockBack = "clock: jumps back"
    case killed = "weir: killed"
    case killedBeforeSaving = "weir: killed before saving"
    case killedAfterSaving = "weir: killed between saving and performing"
    case killedWhilePerforming = "weir: killed while performing"
    case powerLost = "weir: power lost"
    case stoppedWell = "weir: stopped and started"
    case diskFailed = "disk: saving failed"
    case policyChanged = "people: policy changed"
    case policyTaken = "people: policy taken away, and brought back"
    case limitChanged = "people: shared limit changed"
    case operatorAsked = "people: request"
    case stray = "others: unknown instance of the group"
    case foreign = "others: foreign container"
}

/// How often each has happened.
package struct FaultCounts: Sendable {
    private var counts = [Int](repeating: 0, count: FaultKind.allCases.count)

    package init() {}

    package subscript(kind: FaultKind) -> Int {
        FaultKind.allCases.firstIndex(of: kind).map { counts[$0] } ?? 0
    }

    package mutating func add(_ kind: FaultKind) {
        guard let index = FaultKind.allCases.firstIndex(of: kind) else { return }
        counts[index] += 1
    }

    package mutating func add(_ other: FaultCounts) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    package var total: Int { counts.reduce(0, +) }
}
