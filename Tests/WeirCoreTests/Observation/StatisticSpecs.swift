import Foundation
import Testing

@testable import WeirCore

@Suite("Statistics of a period")
struct StatisticSpecs {
    struct Row: CustomTestStringConvertible {
        var statistic: String
        var samples: [Double]
        var value: Double?
        var because: String
        var testDescription: String { "\(statistic) of \(samples.count) samples: \(because)" }
    }

    private static let ten = (1...10).map { Double($0 * 10) }.reversed() as [Double]
    private static let hundred = (1...100).map(Double.init)

    @Test(arguments: [
        Row(statistic: "p90", samples: ten, value: 90, because: "nine of ten are no larger"),
        Row(statistic: "p91", samples: ten, value: 100, because: "nine are not enough"),
        Row(statistic: "p50", samples: ten, value: 50, because: "the lower of the two in the middle, not between them"),
        Row(statistic: "p0", samples: ten, value: 10, because: "the smallest"),
        Row(statistic: "p100", samples: ten, value: 100, because: "the largest"),
        Row(statistic: "p99", samples: hundred, value: 99, because: "99 of a hundred"),
        Row(statistic: "p99.0000000001", samples: hundred, value: 100, because: "a little more than 99 of a hundred"),
        Row(statistic: "p99.9", samples: [7], value: 7, because: "there is no other"),
        Row(statistic: "tm90", samples: ten, value: 50, because: "without the highest tenth"),
        Row(statistic: "TM(10%:90%)", samples: ten, value: 55, because: "without a tenth at both ends"),
        Row(statistic: "TM(2%:98%)", samples: ten, value: 55, because: "2 % of ten is nobody, at both ends"),
        Row(statistic: "TM(20:50)", samples: ten, value: 40, because: "20 is outside, 50 is inside"),
        Row(statistic: "TM(500:)", samples: ten, value: nil, because: "nothing is within"),
        Row(statistic: "IQM", samples: [1, 2, 3, 40], value: 2.5, because: "the two in the middle"),
        Row(statistic: "wm80", samples: ten, value: 52, because: "90 and 100 are taken as 80"),
        Row(statistic: "WM(25:75)", samples: [10, 50, 100], value: 50, because: "10 is taken as 25, 100 as 75"),
        Row(statistic: "tc50", samples: ten, value: 5, because: "the lower half"),
        Row(statistic: "TC(:30)", samples: ten, value: 3, because: "10, 20 and 30"),
        Row(statistic: "TC(500:)", samples: ten, value: 0, because: "none"),
        Row(statistic: "TS(80:)", samples: ten, value: 190, because: "90 and 100"),
        Row(statistic: "PR(:30)", samples: ten, value: 30, because: "three of ten, in percent"),
        Row(statistic: "p50", samples: [-1, 2, 3], value: nil, because: "percentiles know no negative values"),
        Row(statistic: "minimum", samples: [-1, 2, 3], value: -1, because: "plain statistics do"),
    ])
    func values(_ row: Row) throws {
        let statistic = try #require(Statistic(row.statistic))
        #expect(value(statistic, row.samples.enumerated().map { Sample(at: .at(Double(-$0)), $1) }) == row.value)
    }

    private func value(_ statistic: Statistic, _ samples: [Sample]) -> Double? {
        var value: Double?
        let alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: statistic, period: .seconds(600),
            comparison: .greaterThan,
            threshold: 0)
        let window = MetricWindow(now: noon, period: alarm.period, count: alarm.datapointsInView)
        window.forEachDatapoint(in: samples.reversed()) { value = $1.value(statistic) }
        return value
    }

    @Test("joined samples count one by one when they were all alike, and make the percentile missing when not")
    func joined() throws {
        let p50 = try #require(Statistic("p50"))
        var alike = Sample(at: .at(-5), 4)
        alike.join(Sample(at: .at(-6), 4))
        #expect(value(p50, [Sample(at: .at(0), 9), alike]) == 4)
        #expect(try value(#require(Statistic("tc100")), [Sample(at: .at(0), 9), alike]) == 3)
        var mixed = Sample(at: .at(-5), 4)
        mixed.join(Sample(at: .at(-6), 5))
        #expect(value(p50, [Sample(at: .at(0), 9), mixed]) == nil)
        #expect(value(.sum, [Sample(at: .at(0), 9), mixed]) == 18)
    }

    @Test(
        "a statistic travels as its word",
        arguments: [
            "average", "sample_count", "p99", "p95.0123456789", "p0", "p100", "tm99.9", "TM(10%:90%)", "TM(150:1000)",
            "TM(:0.5)", "IQM", "wm98", "tc90", "ts90", "TC(80%:100%)", "PR(0:300)",
        ])
    func travel(_ word: String) throws {
        let statistic = try #require(Statistic(word))
        #expect(statistic.text == word)
        let data = try JSONEncoder().encode([statistic])
        #expect(try JSONDecoder().decode([Statistic].self, from: data) == [statistic])
    }

    @Test(
        "what is no statistic is refused",
        arguments: [
            "", "p", "p101", "p1e1", "p99.", "p9.01234567890", "P99", "tm", "tm0", "TM()", "TM(:)", "TM(10%:5)",
            "TM(90%:10%)", "TM(5:5)", "PR(10%:20%)", "pr90", "xx90", "tM(1:2)", "maximal", "TM(a:b)", "p 99",
        ])
    func mistaken(_ word: String) {
        #expect(Statistic(word) == nil)
    }

    @Test(
        "a percentile needs ten samples beyond it",
        arguments: [
            ("p99", 1000), ("p99.9", 10_000), ("p50", 20), ("p49", 21), ("p10", 100), ("p30", 34), ("p90", 100),
        ])
    func fewestSamples(_ word: String, _ count: Int) throws {
        #expect(try #require(Statistic(word)).fewestSamples == count)
    }

    @Test("p0, p100 and all other statistics need no number of samples", arguments: ["p0", "p100", "tm99", "maximum"])
    func needNone(_ word: String) throws {
        #expect(try #require(Statistic(word)).fewestSamples == nil)
    }

    @Test("with too few samples an alarm is judged all the same, or keeps its state, as it says")
    func lowSamples() throws {
        var alarm = AlarmDefinition(
            name: "a", metric: .builtIn(.visible), statistic: try #require(Statistic("p90")), period: .seconds(600),
            comparison: .greaterThan, threshold: 5)
        let few = (0..<99).map { Sample(at: .at(Double($0 - 99)), 9) }
        let enough = [Sample(at: .at(-100), 9)] + few
        #expect(alarm.judged(few, from: .ok, at: noon).0 == .alarm)
        alarm.lowSamples = .ignore
        let (state, judgement) = alarm.judged(few, from: .ok, at: noon)
        #expect(state == .ok)
        #expect(
            judgement.sentence
                == "visible p90 9 > 5 for 1 of 1 periods of 600s, p90 needs 100 samples: the state stays")
        #expect(alarm.judged(enough, from: .ok, at: noon).0 == .alarm)
        #expect(alarm.judged([], from: .ok, at: noon).0 == .insufficientData)
        // An older datapoint with few samples is not judged, so it does not matter.
        #expect(alarm.judged([Sample(at: .at(-700), 9)] + enough, from: .ok, at: noon).0 == .alarm)
    }
}
