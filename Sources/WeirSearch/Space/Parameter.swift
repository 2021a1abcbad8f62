import WeirSimulator

/// A figure that a search may move, and between which bounds.
public struct Parameter: Sendable, Equatable {
    public var name: String
    public var domain: Domain
    /// What it counts are seconds.
    public var isTime: Bool

    public init(_ name: String, _ domain: Domain, isTime: Bool = false) {
        self.name = name
        self.domain = domain
        self.isTime = isTime
    }

    public enum Domain: Sendable, Equatable {
        /// From `least` to `most`, each octave as likely as any other; three digits that matter. Range: above 0.
        case scale(least: Double, most: Double)
        /// Whole numbers, likewise.
        case counts(least: Int, most: Int)
        /// From `least` to `most`, in hundredths.
        case share(least: Double, most: Double)
        /// One of these, in their order.
        case choice([Double])
    }

    /// The value at a place of the axis. Range of `place`: 0…1.
    public func value(at place: Double) -> Double {
        let place = min(max(place, 0), 1)
        switch domain {
        case .scale(let least, let most):
            return Self.rounded(least * PortableMath.exp(PortableMath.log(most / least) * place))
        case .counts(let least, let most):
            // Half a step beyond either end, so that these are as likely as the others; from 0 all is moved by one half.
            let (low, high) = Self.ends(least, most)
            let value = PortableMath.exp(low + (high - low) * place) - (least > 0 ? 0 : 0.5)
            return min(max(value.rounded(), Double(least)), Double(most))
        case .share(let least, let most): return ((least + (most - least) * place) * 100).rounded() / 100
        case .choice(let values): return values[min(Int(place * Double(values.count)), values.count - 1)]
        }
    }

    /// A place of the axis where the value is this one, or the nearest that there is.
    public func place(of value: Double) -> Double {
        switch domain {
        case .scale(let least, let most):
            guard most > least else { return 0.5 }
            return min(max(PortableMath.log(max(value, least) / least) / PortableMath.log(most / least), 0), 1)
        case .counts(let least, let most):
            guard most > least else { return 0.5 }
            let (low, high) = Self.ends(least, most)
            let at = PortableMath.log(max(value, Double(least)) + (least > 0 ? 0 : 0.5))
            return min(max((at - low) / (high - low), 0), 1)
        case .share(let least, let most): return most > least ? min(max((value - least) / (most - least), 0), 1) : 0.5
        case .choice(let values):
            let nearest = values.indices.min { abs(values[$0] - value) < abs(values[$1] - value) } ?? 0
            return (Double(nearest) + 0.5) / Double(values.count)
        }
    }

    private static func ends(_ least: Int, _ most: Int) -> (Double, Double) {
        least > 0
            ? (PortableMath.log(Double(least) - 0.5), PortableMath.log(Double(most) + 0.5))
            : (PortableMath.log(0.5), PortableMath.log(Double(most) + 1))
    }

    /// Three digits that matter, as a person would write it.
    private static func rounded(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return value }
        // Between 100 and 1000 three digits are a whole number. Powers of ten up to 10²² are exact.
        var (power, size) = (1.0, value)
        while size >= 1000 {
            power *= 10
            size = value / power
        }
        if power > 1 { return size.rounded() * power }
        while size < 100, power < 1e12 {
            power *= 10
            size = value * power
        }
        return size.rounded() / power
    }
}

/// A kind of solution, with the figures that it has.
public struct Family: Sendable, Equatable {
    public var name: String
    public var parameters: [Parameter]
    /// Where a search begins; nil: anywhere.
    public var start: [Double]?

    /// - Parameter start: values, not places.
    public init(_ name: String, _ parameters: [Parameter], start: [Double]? = nil) {
        self.name = name
        self.parameters = parameters
        self.start = start.map { zip(parameters, $0).map { $0.place(of: $1) } }
    }

    public func values(at places: [Double]) -> [Double] { zip(parameters, places).map { $0.value(at: $1) } }
}

/// A solution to be tried: a kind, and a place in the cube of its figures.
public struct Candidate: Sendable, Equatable {
    public var family: Int
    /// 0…1 each.
    public var places: [Double]

    public init(family: Int, places: [Double]) {
        self.family = family
        self.places = places
    }
}
