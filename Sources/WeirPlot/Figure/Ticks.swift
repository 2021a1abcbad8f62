import Glibc

/// A place on an axis, and what is written there.
struct Tick: Equatable {
    var value: Double
    var label: String
}

/// Round numbers, as many as fit.
enum Ticks {
    /// From 0 to at least `most`, at most `count` steps of 1, 2, 2.5 or 5 times a power of ten.
    static func numbers(to most: Double, count: Int, isWhole: Bool) -> [Tick] {
        let top = most > 0 ? most : 1
        var step = niceStep(top / Double(max(count, 1)))
        if isWhole { step = max(step.rounded(.up), 1) }
        return upwards(to: top, by: step) { NumberText.short($0, step: step) }
    }

    /// From at most `least` to at least `most`.
    static func numbers(from least: Double, to most: Double, count: Int) -> [Tick] {
        let step = niceStep(Swift.max(most - least, Swift.max(abs(most), 1) * 1e-6) / Double(max(count, 1)))
        let first = (least / step + 1e-9).rounded(.down)
        let last = Swift.max((most / step - 1e-9).rounded(.up), first + 1)
        return (0...Int(last - first)).map { number in
            let value = (first + Double(number)) * step
            return Tick(value: value, label: NumberText.short(value, step: step))
        }
    }

    /// From 0 to at least `most` seconds, in steps that clocks know.
    static func durations(to most: Double, count: Int) -> [Tick] {
        let top = most > 0 ? most : 1
        let wanted = top / Double(max(count, 1))
        let step = clockSteps.first { $0 >= wanted } ?? niceStep(wanted / 86_400) * 86_400
        return upwards(to: top, by: step) { NumberText.duration($0, unitOf: step) }
    }

    /// From 0 to at least `most`, a share of at most 1, in percent.
    static func shares(to most: Double, count: Int) -> [Tick] {
        numbers(to: most * 100, count: count, isWhole: false).map {
            Tick(value: $0.value / 100, label: "\($0.label) %")
        }
    }

    /// Round durations between two, the rounder ones first, none nearer to another than `gap` of the axis (0…1).
    static func logarithmic(from least: Double, to most: Double, gap: Double) -> [Tick] {
        let width = log(most / least)
        var chosen: [Double] = []
        for candidates in roundDurations {
            for value in candidates where value >= least * 0.999 && value <= most * 1.001 {
                let isFree = chosen.allSatisfy { abs(log(value / $0)) / width >= gap }
                if isFree { chosen.append(value) }
            }
        }
        return chosen.sorted().map { Tick(value: $0, label: NumberText.duration($0)) }
    }

    private static func upwards(to top: Double, by step: Double, _ label: (Double) -> String) -> [Tick] {
        let steps = Int((top / step - 1e-9).rounded(.up))
        return (0...max(steps, 1)).map { Tick(value: Double($0) * step, label: label(Double($0) * step)) }
    }

    /// The next larger of 1, 2, 2.5, 5 and 10 times a power of ten.
    static func niceStep(_ wanted: Double) -> Double {
        let power = pow(10, floor(log10(wanted)))
        let factor = [1, 2, 2.5, 5].first { $0 * power >= wanted * (1 - 1e-9) } ?? 10
        return factor * power
    }

    /// Unit: seconds.
    private static let clockSteps: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
        7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    ]

    private static let roundDurations: [[Double]] = [
        [1e-3, 1, 60, 3600, 86_400],
        [0.01, 0.1, 10, 600, 36_000, 864_000],
        [0.03, 0.3, 5, 30, 300, 1800, 10_800, 432_000, 2_592_000],
        [0.002, 0.005, 0.02, 0.05, 0.2, 0.5, 2, 20, 120, 1200, 7200, 21_600, 172_800],
    ]
}
