/// How many messages an instance that is free now receives while messages wait: the mean and the mean of the square, on a grid of
/// times up to a horizon. The renewal equation, solved step by step; within a step the mass lies where its mean is.
struct Renewals: Sendable {
    private(set) var mean: [Double]
    private(set) var square: [Double]
    /// Seconds.
    let horizon: Double

    static let steps = 64

    init(_ survival: Survival, horizon: Double) {
        self.horizon = horizon
        let width = horizon / Double(Self.steps)
        let alive = (0...Self.steps).map { survival.after(Double($0) * width) }
        let places = Self.places(survival, alive, width)
        var (mean, square) = ([1.0], [1.0])
        let first = alive[0] - alive[1]
        let place = max(places[1], 1e-6)
        let divisor = max(1e-6, 1 - first * (1 - place))
        for step in 1...Self.steps {
            var sum = 1 + first * place * mean[step - 1]
            for part in stride(from: 2, through: step, by: 1) {
                let (share, late) = (alive[part - 1] - alive[part], places[part])
                sum += share * (late * mean[step - part] + (1 - late) * mean[step - part + 1])
            }
            mean.append(sum / divisor)
            sum = 1 + 2 * first * (place * mean[step - 1] + (1 - place) * mean[step]) + first * place * square[step - 1]
            for part in stride(from: 2, through: step, by: 1) {
                let (share, late) = (alive[part - 1] - alive[part], places[part])
                sum += 2 * share * (late * mean[step - part] + (1 - late) * mean[step - part + 1])
                sum += share * (late * square[step - part] + (1 - late) * square[step - part + 1])
            }
            square.append(sum / divisor)
        }
        self.mean = mean
        self.square = square
    }

    /// Where in its step the mass of each lies, 0…1.
    private static func places(_ survival: Survival, _ alive: [Double], _ width: Double) -> [Double] {
        var places = [0.5]
        for step in 1...steps {
            var integral = 0.0
            if step == 1 {
                var lower = 0.0
                for bucket in 0..<ServiceTimes.buckets where lower < width {
                    let upper = min(width, LogScale.work.edge(bucket))
                    integral += (upper - lower) * 0.5 * (survival.after(lower) + survival.after(upper))
                    lower = upper
                }
                integral /= width
            } else {
                for quarter in 0..<4 {
                    integral += survival.after((Double(step - 1) + (Double(quarter) + 0.5) / 4) * width) / 4
                }
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
