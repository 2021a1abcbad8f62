/// How many messages an instance that is free now receives while messages wait: the mean and the mean of the square, on a grid of
/// times up to a horizon. The renewal equation, solved step by step; within a step the mass lies where its mean is.
struct Renewals: Sendable {
    private(set) var mean: [Double]
    private(set) var square: [Double]
    /// Seconds.
    let horizon: Double
    private let grid: Grid

    static let steps = 64

    /// - Parameter former: with the same horizon, its grid serves again.
    init(_ survival: Survival, horizon: Double, after former: Renewals?) {
        self.horizon = horizon
        if let former, former.horizon == horizon { grid = former.grid } else { grid = Grid(horizon) }
        let alive = grid.steps.map { survival.after($0) }
        let places = Self.places(survival, alive, grid)
        var (mean, square) = ([1.0], [1.0])
        let first = alive[0] - alive[1]
        let place = max(places[1], 1e-6)
        let divisor = max(1e-6, 1 - first * (1 - place))
        // The share that ends in each step, as its mean lies between the step's ends.
        var before = [0.0]
        var after = [0.0]
        for step in 1...Self.steps {
            let share = alive[step - 1] - alive[step]
            before.append(share * (1 - places[step]))
            after.append(share * places[step])
        }
        for step in 1...Self.steps {
            var sum = 0.0
            var squares = 0.0
            if step > 1 {
                for part in 2...step {
                    sum += after[part] * mean[step - part] + before[part] * mean[step - part + 1]
                    squares += after[part] * square[step - part] + before[part] * square[step - part + 1]
                }
            }
            let next = (1 + first * place * mean[step - 1] + sum) / divisor
            let twice = 2 * (first * (place * mean[step - 1] + (1 - place) * next) + sum)
            mean.append(next)
            square.append((1 + twice + first * place * square[step - 1] + squares) / divisor)
        }
        self.mean = mean
        self.square = square
    }

    /// The times at which the survival function is looked at.
    private struct Grid: Sendable {
        let width: Double
        /// At each step's end, from zero on.
        let steps: [Survival.Place]
        /// Four in each step.
        let quarters: [Survival.Place]
        /// In the first step, where it falls most: the ends of its buckets.
        let edges: [(seconds: Double, place: Survival.Place)]

        init(_ horizon: Double) {
            let width = horizon / Double(Renewals.steps)
            self.width = width
            steps = (0...Renewals.steps).map { Survival.Place(Double($0) * width) }
            quarters = (0..<4 * Renewals.steps).map {
                Survival.Place((Double($0 / 4) + (Double($0 % 4) + 0.5) / 4) * width)
            }
            var edges: [(seconds: Double, place: Survival.Place)] = []
            for bucket in 0..<ServiceTimes.buckets where (edges.last?.seconds ?? 0) < width {
                let seconds = min(width, LogScale.work.edge(bucket))
                edges.append((seconds, Survival.Place(seconds)))
            }
            self.edges = edges
        }
    }

    /// Where in its step the mass of each lies, 0…1.
    private static func places(_ survival: Survival, _ alive: [Double], _ grid: Grid) -> [Double] {
        var places = [0.5]
        for step in 1...steps {
            var integral = 0.0
            if step == 1 {
                var (lower, above) = (0.0, 1.0)
                for edge in grid.edges {
                    let below = survival.after(edge.place)
                    integral += (edge.seconds - lower) * 0.5 * (above + below)
                    (lower, above) = (edge.seconds, below)
                }
                integral /= grid.width
            } else {
                for quarter in 4 * (step - 1)..<4 * step { integral += survival.after(grid.quarters[quarter]) / 4 }
            }
            let mass = alive[step - 1] - alive[step]
            places.append(mass > 1e-12 ? min(1, max(0, (integral - alive[step]) / mass)) : 0.5)
        }
        return places
    }

    /// The mean of what is received within so many seconds.
    func received(within seconds: Double) -> Double { at(mean, seconds) }

    func variance(within seconds: Double) -> Double {
        let mean = received(within: seconds)
        return max(0, at(square, seconds) - mean * mean)
    }

    private func at(_ table: [Double], _ seconds: Double) -> Double {
        let place = seconds / horizon * Double(Self.steps)
        if place <= 0 { return table[0] }
        guard place < Double(Self.steps) else { return table[Self.steps] }
        let step = Int(place)
        return table[step] + (table[step + 1] - table[step]) * (place - Double(step))
    }
}
