import Testing
import WeirSimulator

@testable import weir

@Suite("The made-up world in words")
struct WorldTextSpecs {
    @Test(
        "A rate is told with as many digits as it takes",
        arguments: [
            (0.25, "25.00 %"), (1, "100.00 %"), (0.07, "7.00 %"), (0.0123, "1.23 %"), (0.0001, "0.01 %"),
            (0.00123, "0.123 %"), (0.00001, "0.001 %"), (0.0000025, "0.00025 %"), (1e-9, "0.0000001 %"),
            (1e-12, "0.0000000001 %"),
        ])
    func rates(_ share: Double, _ expected: String) {
        var model = SimulationModel()
        model.failureRate = share
        #expect(WorldText.sentences(model).contains("\(expected) of the attempts fail"))
    }
}

@Suite("How far something is")
struct ProgressLineSpecs {
    @Test("The share that was read, what was done, and how long it takes yet")
    func share() {
        let line = ProgressLine.text(share: 0.25, saying: ["12 ticks", "6 ticks/s"], after: .seconds(2))
        #expect(line.contains("25 %  12 ticks  6 ticks/s  6.00 s left"))
    }

    @Test("Where nobody knows how much there is, no more is said than what was done")
    func unknown() {
        #expect(ProgressLine.text(share: nil, saying: ["12 ticks"], after: .seconds(2)) == "12 ticks")
    }

    @Test(arguments: [(0, "0"), (1900, "950"), (24_000, "12 k"), (2_400_000, "1.2 M")])
    func rates(_ count: Int, _ expected: String) {
        #expect(ProgressLine.rate(count, in: .seconds(2)) == expected)
    }
}
