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
        arguments: 1...12 as ClosedRange<UInt64>)
    func clean(_ seed: UInt64) {
        let report = Self.report(seed)
        #expect(report.violations == [], "seed \(seed)")
        #expect(report.ticks > 100)
    }

    @Test("every mistake that is planted is found", arguments: PlantedBug.allCases)
    func found(_ bug: PlantedBug) {
        let finder = (1...40 as ClosedRange<UInt64>).first { !Self.report($0, bug).violations.isEmpty }
        #expect(finder != nil)
    }

    @Test("each rule has a mistake that breaks it")
    func everyRule() {
        var broken: Set<CheckerName> = []
        for bug in PlantedBug.allCases {
            for seed in 1...40 as ClosedRange<UInt64> {
                guard let violation = Self.report(seed, bug).violations.first else { continue }
                broken.insert(violation.checker)
                break
            }
        }
        #expect(CheckerName.allCases.filter { !broken.contains($0) } == [])
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
        for seed in 1...30 as ClosedRange<UInt64> { counts.add(Self.report(seed, hours: 6).faults) }
        #expect(FaultKind.allCases.filter { counts[$0] == 0 } == [])
    }
}
