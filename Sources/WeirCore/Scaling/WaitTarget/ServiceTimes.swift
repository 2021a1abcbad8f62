/// How long messages take, as learned: a histogram in which each completion counts for a little less with every one after it,
/// so that an old regime is forgotten.
struct ServiceTimes: Sendable, Equatable {
    /// One weight for each bucket of `LogScale.work`.
    private(set) var weights = [Double](repeating: 0, count: Self.buckets)
    /// Completions that it speaks of, at most as many as it remembers.
    private(set) var seen = 0.0

    static let buckets = 240
    /// After so many more, one counts for a third. Unit: completions.
    static let memory = 512.0

    static func bucket(_ seconds: Double) -> Int { min(LogScale.work.bucket(seconds), buckets - 1) }

    /// Those of one look have no order: each counts as much as the others.
    mutating func learn(_ histogram: Tally) {
        let count = histogram.entries.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let kept = exponential(Double(count) * logarithm(1 - 1 / Self.memory))
        let weight = Self.memory * (1 - kept) / Double(count)
        for index in weights.indices { weights[index] *= kept }
        for entry in histogram.entries {
            weights[min(max(entry.value, 0), Self.buckets - 1)] += weight * Double(entry.count)
        }
        seen = min(seen + Double(count), Self.memory)
    }
}

/// Travels as how many it has seen, and each bucket that has a weight.
extension ServiceTimes: Codable {
    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        seen = try container.decode(Double.self)
        while !container.isAtEnd {
            let bucket = try container.decode(Int.self)
            let weight = try container.decode(Double.self)
            if weights.indices.contains(bucket) { weights[bucket] = weight }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(seen)
        for bucket in weights.indices where weights[bucket] > 0 {
            try container.encode(bucket)
            try container.encode(weights[bucket])
        }
    }
}
