import WeirSimulator

/// Where good solutions of one kind lie, and where the others do: two densities, each a sum of kernels.
///
/// Source: Bergstra, Bardenet, Bengio and Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011; with kernels over all
/// figures at once as in Falkner, Klein and Hutter, "BOHB: robust and efficient hyperparameter optimization at scale", ICML 2018.
struct Densities {
    private let good: Kernels
    private let other: Kernels

    /// - Parameters:
    ///   - good: at least one.
    ///   - other: at least one.
    init(good: [[Double]], other: [[Double]]) {
        self.good = Kernels(good)
        self.other = Kernels(other)
    }

    /// The most promising of some places near good ones.
    func proposal(_ chance: inout Randomness) -> [Double] {
        var best: (places: [Double], ratio: Double)?
        for _ in 0..<SearchLimits.drawsPerProposal {
            let places = good.draw(&chance)
            let ratio = good.logDensity(places) - other.logDensity(places)
            if best.map({ ratio > $0.ratio }) ?? true { best = (places, ratio) }
        }
        return best?.places ?? []
    }
}

/// Points, each with a bell around it that ends with the cube.
private struct Kernels {
    private let points: [[Double]]
    /// For each figure.
    private let widths: [Double]

    init(_ points: [[Double]]) {
        self.points = points
        let figures = points[0].count
        let count = Double(points.count)
        // The normal reference rule. Source: Silverman, "Density estimation for statistics and data analysis", 4.3.2.
        let factor = 1.06 * PortableMath.exp(-PortableMath.log(count) / (Double(figures) + 4))
        widths = (0..<figures).map { figure in
            let mean = points.reduce(0) { $0 + $1[figure] } / count
            let variance = points.reduce(0) { $0 + ($1[figure] - mean) * ($1[figure] - mean) } / count
            return max(factor * variance.squareRoot(), SearchLimits.narrowestKernel)
        }
    }

    /// Near a point; some figures are just as there, as in the crossover of differential evolution (Storn and Price 1997), since
    /// whoever moves all at once seldom moves all of them well.
    func draw(_ chance: inout Randomness) -> [Double] {
        let point = points[chance.below(points.count)]
        let moved = chance.below(point.count)
        let share = chance.unit()
        return point.indices.map { figure in
            guard figure == moved || chance.unit() <= share else { return point[figure] }
            return Self.normal(point[figure], widths[figure] * SearchLimits.wideningOfDraws, &chance)
        }
    }

    func logDensity(_ places: [Double]) -> Double {
        let logs = points.map { point in
            zip(zip(places, point), widths).reduce(0.0) { sum, item in
                let ((place, centre), width) = item
                let distance = (place - centre) / width
                return sum - distance * distance / 2 - PortableMath.log(width)
            }
        }
        let most = logs.max() ?? 0
        return most + PortableMath.log(logs.reduce(0) { $0 + PortableMath.exp($1 - most) } / Double(logs.count))
    }

    /// Within 0…1.
    private static func normal(_ mean: Double, _ deviation: Double, _ chance: inout Randomness) -> Double {
        for _ in 0..<16 {
            let radius = (-2 * PortableMath.log(chance.unit())).squareRoot()
            let value = mean + deviation * radius * PortableMath.cosine(turns: chance.unit())
            if (0...1).contains(value) { return value }
        }
        return chance.unit()
    }
}
