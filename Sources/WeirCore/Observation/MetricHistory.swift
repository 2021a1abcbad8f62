/// The recent samples of every metric that an alarm looks at: as far back as the longest evaluation range reaches.
public struct MetricHistory: Sendable, Equatable, Codable {
    /// One for each metric, in the order in which alarms first name them.
    package var series: [Series] = []
    /// What `FILL(…, REPEAT)` repeats.
    package var lastKnown: LastKnownValues?

    public init() {}

    /// How many samples are kept, of all metrics together.
    public var sampleCount: Int { series.reduce(0) { $0 + $1.samples.count } }

    func index(of metric: MetricID) -> Int? {
        for index in series.indices where series[index].metric == metric { return index }
        return nil
    }

    /// Every sample, moved by a span: for a clock that was set back.
    mutating func move(by span: Duration) {
        for index in series.indices { series[index].move(by: span) }
    }
}

extension MetricHistory {
    /// The samples of one metric, oldest first, none from the future.
    package struct Series: Sendable, Equatable {
        package var metric: MetricID
        package private(set) var samples: [Sample] = []

        init(metric: MetricID) {
            self.metric = metric
        }

        mutating func append(_ sample: Sample) {
            samples.append(sample)
        }

        /// It changes nothing, and is called mutating all the same: for one that is not, the samples are retained and released.
        @inline(__always)
        mutating func judge(
            by criteria: AlarmCriteria, from former: AlarmState, at now: Instant
        ) -> (AlarmState, AlarmFinding) {
            criteria.judge(samples, mayBeFilledIn: metric.isNamed, from: former, at: now)
        }

        /// Every eighth sample is soon enough to forget old ones.
        var needsTidying: Bool { samples.count & 7 == 0 }

        /// - Parameters:
        ///   - range: how far back any alarm looks; older samples may go.
        ///   - capacity: about the most samples to keep, at least 2.
        mutating func tidy(keeping range: Duration, capacity: Int) {
            guard let newest = samples.last else { return }
            forget(before: newest.at - range)
            if samples.count > capacity { thin() }
        }

        mutating func move(by span: Duration) {
            for index in samples.indices { samples[index].at = samples[index].at + span }
        }

        /// Samples at or before `limit` are outside every window. They go when they are a fourth of all, not one by one, so
        /// that a tick does not move the whole array each time.
        private mutating func forget(before limit: Instant) {
            guard let oldest = samples.first, oldest.at <= limit else { return }
            let expired = samples.firstIndex { $0.at > limit } ?? samples.count
            if expired * 4 >= samples.count { samples.removeFirst(expired) }
        }

        /// Joins the older half in pairs. Windows are then a little less sharp at their old end; what the samples add up to
        /// stays exact.
        private mutating func thin() {
            let half = samples.count / 2 & ~1
            var kept: [Sample] = []
            kept.reserveCapacity(samples.count - half / 2)
            for index in stride(from: 0, to: half, by: 2) {
                var joined = samples[index + 1]
                joined.join(samples[index])
                kept.append(joined)
            }
            kept.append(contentsOf: samples[half...])
            samples = kept
        }
    }
}

/// Travels as times since the sample before and plain values; the rare joined samples carry their four figures, and those
/// that were filled in their places.
extension MetricHistory.Series: Codable {
    private enum Key: String, CodingKey {
        case metric, start, steps, values, joined, filledIn
    }

    private struct Joined: Codable {
        var index: Int
        var minimum: Double
        var maximum: Double
        var count: Int
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        metric = try container.decode(MetricID.self, forKey: .metric)
        var at = try container.decodeIfPresent(Instant.self, forKey: .start) ?? Instant(milliseconds: 0)
        let steps = try container.decode([Int64].self, forKey: .steps)
        let sums = try container.decode([Double].self, forKey: .values)
        guard steps.count == sums.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: container, debugDescription: "\(sums.count) values for \(steps.count) times")
        }
        samples.reserveCapacity(steps.count)
        for (step, sum) in zip(steps, sums) {
            at = Instant(milliseconds: at.milliseconds + step)
            samples.append(Sample(at: at, sum))
        }
        for joined in try container.decodeIfPresent([Joined].self, forKey: .joined) ?? [] {
            guard samples.indices.contains(joined.index), joined.count > 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .joined, in: container, debugDescription: "no sample \(joined.index)")
            }
            samples[joined.index].minimum = joined.minimum
            samples[joined.index].maximum = joined.maximum
            samples[joined.index].count = joined.count
        }
        for index in try container.decodeIfPresent([Int].self, forKey: .filledIn) ?? []
        where samples.indices.contains(index) {
            samples[index].isFilledIn = true
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(metric, forKey: .metric)
        try container.encodeIfPresent(samples.first?.at, forKey: .start)
        var last = samples.first?.at.milliseconds ?? 0
        var steps: [Int64] = []
        steps.reserveCapacity(samples.count)
        for sample in samples {
            steps.append(sample.at.milliseconds - last)
            last = sample.at.milliseconds
        }
        try container.encode(steps, forKey: .steps)
        try container.encode(samples.map(\.sum), forKey: .values)
        let joined = samples.indices.filter { samples[$0].count > 1 }.map { index in
            let sample = samples[index]
            return Joined(index: index, minimum: sample.minimum, maximum: sample.maximum, count: sample.count)
        }
        if !joined.isEmpty { try container.encode(joined, forKey: .joined) }
        let filledIn = samples.indices.filter { samples[$0].isFilledIn }
        if !filledIn.isEmpty { try container.encode(filledIn, forKey: .filledIn) }
    }
}
