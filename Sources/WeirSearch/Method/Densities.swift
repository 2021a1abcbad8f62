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
        // Evenly spaced by rank: more of them say little more, and each takes time for every draw.
        let most = SearchLimits.mostOthers
        self.other = Kernels(other.count <= most ? other : (0..<most).map { other[$0 * other.count / most] })
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

    /// Near a point.
    func draw(_ chance: inout Randomness) -> [Double] {
        let point = points[chance.below(points.count)]
        return point.indices.map { figure in
            Draws.normal(point[figure], widths[figure] * SearchLimits.wideningOfDraws, &chance)
        }
    }

    /// Up to a constant that is the same everywhere.
    func logDensity(_ places: [Double]) -> Double {
        // The innermost loop of a search: no closures, no tuples.
        var logs = [Double](repeating: 0, count: points.count)
        var most = -Double.infinity
        for number in points.indices {
            let point = points[number]
            var sum = 0.0
            for figure in widths.indices {
                let distance = (places[figure] - point[figure]) / widths[figure]
                sum -= distance * distance / 2
            }
            logs[number] = sum
            if sum > most { most = sum }
        }
        var density = 0.0
        // What is so much less than the most adds less than a hundred-thousandth.
        for sum in logs where sum > most - 12 { density += PortableMath.exp(sum - most) }
        return most + PortableMath.log(density)
    }
}

/// Steps from a good place: few figures move, by little or by much.
///
/// Source: Beyer and Schwefel, "Evolution strategies: a comprehensive introduction", Natural Computing 1 (2002). The size of a step is drawn on
/// a logarithmic scale instead of learned, as a search has no time for that.
enum Draws {
    /// - Parameter ranked: the best first; at least one.
    static func step(from ranked: [[Double]], _ chance: inout Randomness) -> [Double] {
        let dice = chance.unit()
        let place = ranked[
            min(Int(dice * dice * Double(SearchLimits.parents)), min(SearchLimits.parents, ranked.count) - 1)]
        let moved = chance.below(place.count)
        let size =
            SearchLimits.smallestStep
            * PortableMath.exp(chance.unit() * PortableMath.log(SearchLimits.largestStep / SearchLimits.smallestStep))
        return place.indices.map { figure in
            let moves = figure == moved || chance.unit() <= SearchLimits.shareThatMoves
            return moves ? normal(place[figure], size, &chance) : place[figure]
        }
    }

    /// Within 0…1.
    static func normal(_ mean: Double, _ deviation: Double, _ chance: inout Randomness) -> Double {
        for _ in 0..<16 {
            let radius = (-2 * PortableMath.log(chance.unit())).squareRoot()
            let value = mean + deviation * radius * PortableMath.cosine(turns: chance.unit())
            if (0...1).contains(value) { return value }
        }
        return chance.unit()
    }
}
