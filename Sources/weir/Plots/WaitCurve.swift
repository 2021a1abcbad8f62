import WeirPlot
import WeirSimulator

/// What share of the jobs waited longer than so long, as a line: level where nobody's wait ends, and falling at once where many end
/// together.
struct WaitCurve {
    let points: [Point]

    /// - Parameters:
    ///   - least: where it begins. Unit: seconds.
    ///   - marks: points that are on it and that it is to pass.
    init(_ waits: WaitStatistics, from least: Double, through marks: [Point] = []) {
        let classes = waits.distribution()
        let count = Double(max(waits.count, 1))
        var left = waits.count - classes.filter { $0.upTo <= least }.reduce(0) { $0 + $1.count }
        var points = [Point(least, Double(left) / count)]
        for item in classes where item.upTo > least {
            points.append(Point(max(item.from, least), Double(left) / count))
            left -= item.count
            points += marks.filter { $0.x >= item.from && $0.x <= item.upTo }.sorted { ($0.x, $1.y) < ($1.x, $0.y) }
            points.append(Point(item.upTo, Double(left) / count))
        }
        self.points = points
    }

    /// Percentiles as points of the curve, those of one wait with one label: `95 and 99 % at most 50.0 s`.
    static func marks(_ percentiles: [(percent: Double, wait: Double)], beyond least: Double) -> [LabelledPoint] {
        var marks: [LabelledPoint] = []
        var start = 0
        let shown = percentiles.filter { $0.wait > least }
        while start < shown.count {
            let same = shown[start...].prefix { $0.wait == shown[start].wait }
            let numbers = same.map { SimulationText.decimal($0.percent, 0) }
            let all = numbers.dropLast().joined(separator: ", ")
            let names = all.isEmpty ? numbers[0] : "\(all) and \(numbers[numbers.count - 1])"
            for (place, item) in same.enumerated() {
                let label = place == 0 ? "\(names) % at most \(SimulationText.span(item.wait))" : ""
                marks.append(LabelledPoint(Point(item.wait, 1 - item.percent / 100), label))
            }
            start += same.count
        }
        return marks
    }
}

/// Hours with three digits at least, however few they are.
enum HoursText {
    static func short(_ hours: Double) -> String {
        var places = 1
        var least = 10.0
        while hours > 0, hours < least, places < 6 {
            places += 1
            least /= 10
        }
        return SimulationText.decimal(hours, places)
    }
}

/// A part of a whole in percent.
enum PercentText {
    /// With one decimal, and with as many as it takes to tell few from none, and nearly all from all.
    static func share(of part: Int, in whole: Int) -> String {
        guard part > 0, whole > 0 else { return "0.0 %" }
        let percent = Double(part) / Double(whole) * 100
        let rest = min(percent, 100 - percent)
        var places = 1
        var least = 0.1
        while rest > 0, rest < least, places < 9 {
            places += 1
            least /= 10
        }
        return "\(SimulationText.decimal(percent, places)) %"
    }
}
