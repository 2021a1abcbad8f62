import Testing

@testable import WeirStorm

/// Storms over the real control code. `weir-storm` runs thousands of seeds; here are as many as take a few seconds.
@Suite("Storms")
struct StormSpecs {
    /// Short storms, so that a debug build gets through them.
    private static func report(_ seed: UInt64, _ bug: PlantedBug? = nil, hours: Double = 2) -> StormReport {
        var options = StormOptions(seed: seed)
        options.stormHours = hours
        options.bug = bug
        return Storm(options).run()
    }

    @Test(
        "in a storm no rule is broken, and in the calm after it everything settles",
        arguments: 1...6 as ClosedRange<UInt64>)
    func clean(_ seed: UInt64) {
        let report = Self.report(seed)
        #expect(report.violations == [], "seed \(seed)")
        #expect(report.ticks > 100)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var bug: PlantedBug
        var checker: CheckerName
        var seed: UInt64

        init(_ bug: PlantedBug, _ checker: CheckerName, seed: UInt64) {
            self.bug = bug
            self.checker = checker
            self.seed = seed
        }

        var testDescription: String { "\(bug.rawValue) breaks: \(checker.rawValue)" }
    }

    static let rows: [Row] = [
        Row(.boundsExceeded, .boundsKept, seed: 1),
        Row(.slowStartMultiplies, .launchesJustified, seed: 1),
        Row(.pendingIsTakenForWarm, .oneNeedOneLaunch, seed: 1),
        Row(.launchTokenForgotten, .launchesJustified, seed: 143),
        Row(.startedAgainUnderSameID, .launchedOnce, seed: 2),
        Row(.busyStopped, .busyNotStopped, seed: 1),
        Row(.unacknowledgedIsIdle, .busyNotStopped, seed: 4),
        Row(.pausedAtWork, .busyNotStopped, seed: 1),
        Row(.protectedScaledIn, .protectedNotStopped, seed: 1),
        Row(.protectionForgotten, .restartChangesNothing, seed: 1),
        Row(.orphaned, .nobodyOrphaned, seed: 1),
        Row(.actedBeforeStored, .storedBeforeDone, seed: 1),
        Row(.messagesDropped, .noMessageLost, seed: 1),
        Row(.foreignTouched, .foreignUntouched, seed: 3),
        Row(.crashLoopHot, .crashLoopBounded, seed: 6),
        Row(.drainNeverEnds, .desiredReached, seed: 1),
        Row(.cooldownHoldsScaleOut, .scaleOutPrompt, seed: 13),
        Row(.drainHoldsScaling, .scaleOutPrompt, seed: 134),
        Row(.inFlightNotCounted, .workCounts, seed: 8),
        Row(.outageTakenForZero, .workCounts, seed: 17),
        Row(.aboveMaximumRefused, .desiredClamped, seed: 1),
        Row(.reasonMissing, .reasonsGiven, seed: 1),
        Row(.restartResetsDesired, .restartChangesNothing, seed: 1),
        Row(.dryRunActs, .dryRunLeavesNoTrace, seed: 1),
        Row(.spins, .neverSpins, seed: 1),
        Row(.limitNotShared, .sharedLimitKept, seed: 11),
        Row(.fallbackForgotten, .fallbackKept, seed: 5),
        Row(.failuresRepeatedAtOnce, .failuresPause, seed: 2),
        Row(.successForgotten, .pausesBeginAnew, seed: 11),
        Row(.sourceGivenUp, .askedInTime, seed: 42),
        Row(.suspendedLaunches, .suspensionKept, seed: 64),
        Row(.hiddenMemory, .recordsReplay, seed: 1),
    ]

    @Test(
        "a mistake that is planted is found, by the checker that it is for; without it nothing is found",
        arguments: rows)
    func found(_ row: Row) {
        // The seed that is named is tried first; what decides shifts with any change of the code, and then another finds it.
        let finder = ([row.seed] + Array(1...Self.mostSeeds)).first {
            Self.report($0, row.bug).violations.first?.checker == row.checker
        }
        guard let finder else {
            Issue.record("none of \(Self.mostSeeds) seeds finds it")
            return
        }
        #expect(Self.report(finder).violations == [], "seed \(finder)")
    }

    private static let mostSeeds: UInt64 = 160

    @Test("every mistake has its row, and every rule a mistake that breaks it")
    func complete() {
        #expect(PlantedBug.allCases.filter { bug in !Self.rows.contains { $0.bug == bug } } == [])
        #expect(CheckerName.allCases.filter { rule in !Self.rows.contains { $0.checker == rule } } == [])
    }

    @Test("the same seed decides the same, to the last action")
    func repeatable() {
        let (first, second) = (Self.report(7), Self.report(7))
        #expect(first.digest == second.digest)
        #expect(first.ticks == second.ticks)
        #expect(first.digest != Self.report(8).digest)
    }

    @Test("every kind of fault occurs")
    func stormy() {
        var counts = FaultCounts()
        for seed in 1...12 as ClosedRange<UInt64> { counts.add(Self.report(seed, hours: 8).faults) }
        #expect(FaultKind.allCases.filter { counts[$0] == 0 } == [])
    }
}
