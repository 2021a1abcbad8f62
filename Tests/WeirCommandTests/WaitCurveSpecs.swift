import Testing
import WeirPlot
import WeirSimulator

@testable import weir

@Suite("The share of jobs that waited longer")
struct WaitCurveSpecs {
    private static func waits(_ seconds: [(Double, Int)]) -> WaitStatistics {
        var waits = WaitStatistics()
        for (wait, count) in seconds {
            for _ in 0..<count { waits.add(Int64(wait * 1e9)) }
        }
        return waits
    }

    /// What the curve shows at a wait, where it does not fall.
    private static func share(_ points: [Point], at wait: Double) -> Double? {
        zip(points, points.dropFirst()).first { $0.x <= wait && wait < $1.x }.map { from, to in
            from.y + (to.y - from.y) * (wait - from.x) / (to.x - from.x)
        }
    }

    @Test("it is exact where waits cluster: level between them, and falling at once")
    func clusters() {
        let curve = WaitCurve(Self.waits([(0, 500), (5, 300), (50, 200)]), from: 1).points
        for (wait, share) in [(1.0, 0.5), (4.9, 0.5), (5.1, 0.2), (10, 0.2), (30, 0.2), (49.9, 0.2)] {
            #expect(abs((Self.share(curve, at: wait) ?? -1) - share) < 1e-12, "\(wait)")
        }
        #expect(curve.last == Point(50, 0))
        let one = WaitCurve(Self.waits([(10, 1)]), from: 1).points
        #expect(one == [Point(1, 1), Point(10, 1), Point(10, 0)])
        #expect(WaitCurve(Self.waits([(0, 3)]), from: 1).points == [Point(1, 0)])
    }

    @Test("of waits of every length it is right within a class")
    func spread() {
        let waits = Self.waits((1...10_000).map { (Double($0) / 100, 1) })
        let curve = WaitCurve(waits, from: 0.02).points
        for wait in [0.5, 3, 17, 42, 99] {
            #expect(abs((Self.share(curve, at: wait) ?? -1) - (1 - wait / 100)) < 0.001, "\(wait)")
        }
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.x <= $1.x && $0.y >= $1.y })
    }

    @Test("percentiles are on it, and those of one wait share a label")
    func percentiles() {
        let marks = WaitCurve.marks([(50, 5), (95, 50), (99, 50)], beyond: 1)
        #expect(marks.map(\.label) == ["50 % at most 5.00 s", "95 and 99 % at most 50.0 s", ""])
        #expect(
            WaitCurve.marks([(50, 9), (95, 9), (99, 9)], beyond: 1).first?.label == "50, 95 and 99 % at most 9.00 s")
        let curve = WaitCurve(Self.waits([(5, 800), (50, 200)]), from: 1, through: marks.map(\.point)).points
        #expect(marks.map(\.point).allSatisfy(curve.contains))
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.x <= $1.x && $0.y >= $1.y })
    }

    @Test(
        "few are not told as none, nor nearly all as all",
        arguments: [
            (0, 2000, "0.0 %"), (1, 2000, "0.05 %"), (1, 3, "33.3 %"), (1999, 2000, "99.95 %"), (7, 7, "100.0 %"),
            (0, 0, "0.0 %"),
        ])
    func shares(_ part: Int, _ whole: Int, _ text: String) {
        #expect(PercentText.share(of: part, in: whole) == text)
    }

    @Test(
        "few hours are told with as many digits as many",
        arguments: [(0.0319, "0.0319"), (0.75, "0.750"), (6406.06, "6406.1"), (0, "0.0")])
    func hours(_ hours: Double, _ text: String) {
        #expect(HoursText.short(hours) == text)
    }

    @Test("a policy differs from every other by colour or by how its lines are broken")
    func styles() {
        let styles = (0..<24).map { ComparisonFigure.style($0) }
        #expect(styles.prefix(6).allSatisfy { $0.stroke == .solid } && styles[6].tone == styles[0].tone)
        #expect(Set(styles.map { "\($0.tone) \($0.stroke)" }).count == 24)
    }
}
