import Foundation
import Testing

@testable import WeirSimulator

@Suite("Mathematics that is the same on any machine")
struct PortableMathSpecs {
    /// How far apart, in units of the last place of the second.
    static func distance(_ ours: Double, _ theirs: Double) -> Double { abs(ours - theirs) / theirs.ulp }

    @Test("a logarithm is that of the mathematics library, but for the last places")
    func logarithm() {
        var chance = Randomness(seed: 1)
        for _ in 0..<20_000 {
            let number = chance.unit()
            for x in [number, number * 0x1p-900, 0.9 + number / 5, number * 1e12] {
                #expect(Self.distance(PortableMath.log(x), Foundation.log(x)) <= 4 || abs(PortableMath.log(x)) < 1e-9)
            }
        }
        #expect(PortableMath.log(1) == 0)
        #expect(Self.distance(PortableMath.log(0x1p-53), Foundation.log(0x1p-53)) <= 1)
    }

    @Test("four logarithms at once are the four one by one, to the last bit")
    func logarithms() {
        var chance = Randomness(seed: 5)
        for _ in 0..<20_000 {
            let number = chance.unit()
            let four = SIMD4(number, number * 0x1p-900, 0.9 + number / 5, number * 1e12)
            let logarithms = PortableMath.log(four)
            for lane in 0..<4 { #expect(logarithms[lane] == PortableMath.log(four[lane])) }
        }
        #expect(PortableMath.log(SIMD4(1, 0x1p-53, 2, 0.5)) == SIMD4([1, 0x1p-53, 2, 0.5].map(PortableMath.log)))
    }

    @Test("so is an exponential")
    func exponential() {
        var chance = Randomness(seed: 2)
        for _ in 0..<20_000 {
            let number = chance.unit()
            for x in [number, number * 700, -number * 700, (number - 0.5) * 2] {
                let tolerance = max(4, abs(x) * 2)
                #expect(Self.distance(PortableMath.exp(x), Foundation.exp(x)) <= tolerance)
            }
        }
        #expect(PortableMath.exp(0) == 1)
        #expect(PortableMath.exp(-800) == 0 && PortableMath.exp(800) == .infinity)
    }

    @Test("so is a cosine of turns")
    func cosine() {
        var chance = Randomness(seed: 3)
        for _ in 0..<20_000 {
            let turns = chance.unit()
            for turns in [turns, turns * 1000, (turns * 8).rounded() / 8] {
                let rest = turns - turns.rounded(.down)
                #expect(abs(PortableMath.cosine(turns: turns) - Foundation.cos(rest * 2 * .pi)) < 1e-15)
            }
        }
        #expect([0, 0.25, 0.5, 0.75, 1].map { PortableMath.cosine(turns: $0).rounded() } == [1, 0, -1, 0, 1])
    }

    @Test("numbers are drawn that hold on any machine")
    func drawn() {
        var chance = Randomness(seed: 4)
        let models: [SpanModel] = [
            .exponential(mean: 20), .lognormal(mean: 20, deviation: 40), .pareto(smallest: 5, shape: 1.5),
        ]
        let lengths = models.map { model in (0..<3).map { _ in model.draw(&chance) } }
        #expect(
            lengths == [
                [7_725_826_000, 10_011_715_000, 27_623_983_000], [15_692_638_000, 4_943_920_000, 6_482_817_000],
                [15_587_380_000, 14_555_115_000, 6_093_977_000],
            ])
    }

    @Test("what is drawn ahead is what is drawn one by one")
    func ahead() {
        let models: [SpanModel] = [
            .constant(1.5), .exponential(mean: 20), .exponential(mean: 2e-6), .exponential(mean: 3e8),
            .exponential(mean: 0), .lognormal(mean: 20, deviation: 40), .pareto(smallest: 5, shape: 1.5),
            .drawn(from: [1, 2, 5]), .drawn(from: []),
        ]
        for model in models {
            var chance = Randomness(seed: 6)
            var spans = DrawnSpans(model, chance)
            for _ in 0..<1000 { #expect(spans.next() == model.draw(&chance), "\(model)") }
        }
    }

    @Test("four at once are rounded as one is: halves of a microsecond up")
    func halves() {
        let seconds = [0, 0.5e-6, 1.5e-6, 2.5e-6, 0.49e-6, 3.51e-6, 1234.0000005, 1.6e9]
        for first in stride(from: 0, to: seconds.count, by: 4) {
            let four = SIMD4(seconds[first..<first + 4])
            let rounded = SpanModel.rounded(four)
            for lane in 0..<4 { #expect(rounded[lane] == SpanModel.rounded(four[lane]), "\(four[lane])") }
        }
        #expect(SpanModel.rounded(2.5e-6) == 3000)
    }
}
