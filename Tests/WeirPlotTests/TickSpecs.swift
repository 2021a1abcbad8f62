import Testing

@testable import WeirPlot

@Suite("Labels of axes")
struct TickSpecs {
    @Test(
        "numbers go up in steps of 1, 2, 2.5 or 5, from zero to beyond the largest",
        arguments: [
            (0.0, 4, ["0", "0.25", "0.5", "0.75", "1"]), (1, 4, ["0", "0.25", "0.5", "0.75", "1"]),
            (7, 4, ["0", "2", "4", "6", "8"]), (100, 5, ["0", "20", "40", "60", "80", "100"]),
            (101, 4, ["0", "50", "100", "150"]), (4321, 3, ["0", "2,000", "4,000", "6,000"]),
            (43_210, 4, ["0", "20k", "40k", "60k"]), (0.003, 3, ["0", "0.001", "0.002", "0.003"]),
        ])
    func numbers(_ most: Double, _ count: Int, _ labels: [String]) {
        #expect(Ticks.numbers(to: most, count: count, isWhole: false).map(\.label) == labels)
    }

    @Test("labels have as many digits as the steps need: no two are alike, and none is rounded")
    func digits() {
        func labels(_ least: Double, _ most: Double, _ count: Int) -> [String] {
            Ticks.numbers(from: least, to: most, count: count).map(\.label)
        }
        #expect(
            labels(0.00544, 0.00563, 5) == ["0.0054", "0.00545", "0.0055", "0.00555", "0.0056", "0.00565"])
        #expect(labels(20_011, 20_014, 3) == ["20,011", "20,012", "20,013", "20,014"])
        #expect(labels(1234.25, 1234.5, 1) == ["1234.25", "1234.5"])
        #expect(Ticks.shares(to: 0.00051, count: 4).map(\.label) == ["0 %", "0.02 %", "0.04 %", "0.06 %"])
        for least in [1e-7, 0.031, 5.5, 1234, 98_765, 4.2e6, 7e9] {
            for width in [1e-5, 1e-3, 0.1, 0.9] {
                let all = labels(least, least * (1 + width), 5)
                #expect(Set(all).count == all.count, "\(all)")
            }
        }
    }

    @Test("what comes in pieces has no label between them")
    func wholeNumbers() {
        #expect(Ticks.numbers(to: 2, count: 5, isWhole: true).map(\.label) == ["0", "1", "2"])
        #expect(Ticks.numbers(to: 0, count: 5, isWhole: true).map(\.label) == ["0", "1"])
        #expect(Ticks.numbers(to: 9, count: 4, isWhole: true).map(\.label) == ["0", "3", "6", "9"])
    }

    @Test(
        "durations go up in steps that clocks know, in one unit",
        arguments: [
            (0.0, 4, ["0", "500 ms", "1 s"]), (0.05, 4, ["0", "20 ms", "40 ms", "60 ms"]),
            (55, 4, ["0", "15 s", "30 s", "45 s", "60 s"]), (70, 3, ["0", "30 s", "60 s", "90 s"]),
            (520, 3, ["0", "5 min", "10 min"]), (5000, 3, ["0", "30 min", "60 min", "90 min"]),
            (40_000, 3, ["0", "6 h", "12 h"]), (400_000, 4, ["0", "2 d", "4 d", "6 d"]),
            (9e6, 3, ["0", "50 d", "100 d", "150 d"]),
        ])
    func durations(_ most: Double, _ count: Int, _ labels: [String]) {
        #expect(Ticks.durations(to: most, count: count).map(\.label) == labels)
    }

    @Test("an axis of shares ends beyond the largest share, not at all of them")
    func shares() {
        #expect(Ticks.shares(to: 1, count: 4).map(\.label) == ["0 %", "25 %", "50 %", "75 %", "100 %"])
        #expect(Ticks.shares(to: 0.037, count: 4).map(\.label) == ["0 %", "1 %", "2 %", "3 %", "4 %"])
    }

    @Test("a logarithmic axis has the roundest durations first, and no two too near to each other")
    func logarithmic() {
        let wide = Ticks.logarithmic(from: 0.5, to: 4000, gap: 0.06).map(\.label)
        #expect(
            wide == [
                "500 ms", "1 s", "2 s", "5 s", "10 s", "30 s", "1 min", "2 min", "5 min", "10 min", "30 min", "1 h",
            ])
        #expect(Ticks.logarithmic(from: 0.5, to: 4000, gap: 0.3).map(\.label) == ["1 s", "1 min", "1 h"])
        #expect(Ticks.logarithmic(from: 300, to: 1300, gap: 0.1).map(\.label) == ["5 min", "10 min", "20 min"])
    }

    @Test(
        "a time axis with a calendar turns where the clock does: hours at full hours, weeks on Mondays",
        arguments: [
            // From 2014-04-10T00:04:00Z, a Thursday.
            (1800, 6, ["00:05", "00:10", "00:15", "00:20", "00:25", "00:30"]),
            (86_400, 5, ["06:00", "12:00", "18:00", "11 Apr"]),
            (3 * 86_400, 3, ["11 Apr", "12 Apr", "13 Apr"]),
            (30 * 86_400, 5, ["14 Apr", "21 Apr", "28 Apr", "5 May"]),
        ] as [(Double, Int, [String])])
    func calendar(_ span: Double, _ count: Int, _ labels: [String]) {
        let axis = TimeAxis(beginsAt: 1_397_088_240_000, span: span)
        #expect(TimeTicks.on(axis, count: count).map(\.label) == labels)
    }

    @Test("a time axis without a calendar counts from its beginning")
    func elapsed() {
        func labels(_ span: Double, _ count: Int) -> [String] {
            TimeTicks.on(TimeAxis(beginsAt: nil, span: span), count: count).map(\.label)
        }
        #expect(labels(95, 4) == ["0", "30 s", "1 min", "1 min 30"])
        #expect(labels(5000, 4) == ["0", "30 min", "1 h"])
        #expect(labels(2 * 86_400, 5) == ["0", "12 h", "1 d", "1 d 12 h", "2 d"])
    }

    @Test(
        "days have their dates, also leap days and those before 1970",
        arguments: [
            (951_782_400_000, "29 Feb"), (1_709_164_800_000, "29 Feb"),
            (-86_400_000, "31 Dec"),
            (4_107_456_000_000, "28 Feb"), (4_107_542_400_000, "1 Mar"),
        ] as [(Int64, String)])
    func dates(_ milliseconds: Int64, _ day: String) {
        let text = CalendarText(milliseconds: milliseconds)
        #expect(text.day == day && text.isMidnight)
        #expect(CalendarText(milliseconds: milliseconds + 3_723_999).clock == "01:02:03")
    }
}
