import WeirCore

/// One metric as CloudWatch tells it: sums of arrivals, such as those of NumberOfMessagesSent, a datapoint for each period.
public struct MetricSeries: Sendable, Equatable {
    public struct Datapoint: Sendable, Equatable {
        /// The begin of the period.
        public var at: Instant
        public var sum: Double
        /// Where in the document it stands, as in `Datapoints[3]`.
        public var place: String

        public init(at: Instant, sum: Double, place: String) {
            self.at = at
            self.sum = sum
            self.place = place
        }
    }

    /// What the request called it; empty where there is no such name.
    public var id: String
    public var label: String
    /// In any order.
    public var datapoints: [Datapoint]
    /// CloudWatch has said that there is no more of it.
    public var isComplete: Bool

    public init(id: String, label: String, datapoints: [Datapoint], isComplete: Bool) {
        self.id = id
        self.label = label
        self.datapoints = datapoints
        self.isComplete = isComplete
    }

    fileprivate var name: String { id.isEmpty ? label : "\(id) (\(label))" }
}

/// Arrivals from one metric, evenly spread over each period. A period without a datapoint had no arrivals: CloudWatch tells nothing of
/// periods in which nothing was counted.
public final class MetricTrace: JobSource {
    private struct Period {
        var startNs: Int64
        var arrivals: Int
    }

    private let periods: [Period]
    private let lengthNs: Int64
    private var services: DrawnSpans
    private var current = 0
    private var place = 0
    private var told = 0
    private var total = 0
    public let beginsAt: Int64?

    public var shareRead: Double? { total > 0 ? Double(told) / Double(total) : 1 }

    /// - Parameters:
    ///   - series: of all that the document has. Those with the same id are parts of one.
    ///   - wanted: the id or the label of the one that is meant; nil: the only one.
    ///   - period: how long one datapoint covers; nil: the longest that fits between all of them.
    ///   - path: of the document, for what is wrong with it.
    /// - Throws: when it is not clear which metric or period is meant, and when something is not there or is no count.
    public init(
        _ series: [MetricSeries], wanted: String?, period: Duration?, service: SpanModel?, seed: UInt64, path: String
    ) throws(TraceFailure) {
        func failure(_ problem: String) -> TraceFailure { TraceFailure(path: path, problem: problem) }
        guard let service else { throw failure(TraceForm.noService) }
        services = DrawnSpans(service, Randomness(seed: seed).split(11))
        let chosen = try Self.choose(Self.merge(series), wanted, failure)
        guard chosen.isComplete else {
            throw failure("\(chosen.name) is not all there: ask for the rest as well, or for a shorter time")
        }
        let sorted = chosen.datapoints.sorted { $0.at < $1.at }
        guard let first = sorted.first, let last = sorted.last else {
            throw failure("\(chosen.name) has no datapoints")
        }
        guard LoadLimits.span(from: first.at, to: last.at) != nil else {
            throw failure(
                "\(last.place): \(last.at.rfc3339) is too long after \(first.at.rfc3339) (\(first.place)): "
                    + LoadLimits.tooLong)
        }
        lengthNs = try Self.length(sorted, period, failure).wholeMilliseconds * 1_000_000
        beginsAt = first.at.milliseconds
        var periods: [Period] = []
        periods.reserveCapacity(sorted.count)
        for datapoint in sorted {
            guard datapoint.sum.isFinite, datapoint.sum >= 0, datapoint.sum.rounded() == datapoint.sum else {
                throw failure(
                    "\(datapoint.place): \(datapoint.sum) is no number of arrivals: ask CloudWatch for the Sum of a count"
                )
            }
            guard datapoint.sum <= Double(LoadLimits.mostArrivals) else {
                throw failure("\(datapoint.place): \(datapoint.sum) arrivals are too many: \(LoadLimits.tooMany)")
            }
            periods.append(
                Period(
                    startNs: (datapoint.at - first.at).wholeMilliseconds * 1_000_000, arrivals: Int(datapoint.sum)))
        }
        self.periods = periods
        total = periods.reduce(0) { $0 + $1.arrivals }
    }

    /// Pages of one answer tell each metric again, with other datapoints.
    private static func merge(_ series: [MetricSeries]) -> [MetricSeries] {
        var merged: [MetricSeries] = []
        for part in series {
            if let index = merged.firstIndex(where: { $0.id == part.id && $0.label == part.label }) {
                merged[index].datapoints += part.datapoints
                merged[index].isComplete = part.isComplete
            } else {
                merged.append(part)
            }
        }
        return merged
    }

    private static func choose(
        _ series: [MetricSeries], _ wanted: String?, _ failure: (String) -> TraceFailure
    ) throws(TraceFailure) -> MetricSeries {
        let names = series.map(\.name).joined(separator: ", ")
        guard let wanted else {
            guard let only = series.first else { throw failure("has no metric in it") }
            guard series.count == 1 else {
                throw failure("has several metrics: say with --metric which one the arrivals are: \(names)")
            }
            return only
        }
        let fitting = series.filter { $0.id == wanted || $0.label == wanted }
        guard let chosen = fitting.first else { throw failure("has no metric '\(wanted)'; there are: \(names)") }
        guard fitting.count == 1 else { throw failure("has several metrics '\(wanted)': name one by its id: \(names)") }
        return chosen
    }

    /// - Parameter sorted: at least one.
    private static func length(
        _ sorted: [MetricSeries.Datapoint], _ period: Duration?, _ failure: (String) -> TraceFailure
    ) throws(TraceFailure) -> Duration {
        if let period, period <= .zero { throw failure("--period has to be longer than nothing") }
        var common: Int64 = 0
        for (former, next) in zip(sorted, sorted.dropFirst()) {
            var (gap, rest) = ((next.at - former.at).wholeMilliseconds, common)
            guard gap > 0 else {
                throw failure("\(next.place): \(next.at.rfc3339) is there twice, as in \(former.place)")
            }
            if let period, gap % period.wholeMilliseconds != 0 {
                throw failure(
                    "\(next.place): is \(Duration.milliseconds(gap).text) after the one before: no multiple of --period"
                )
            }
            while rest != 0 { (gap, rest) = (rest, gap % rest) }
            common = gap
        }
        if let period { return period }
        guard common > 0 else {
            throw failure("has only one datapoint: say with --period how long it covers, such as 60s")
        }
        return .milliseconds(common)
    }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        while jobs.count < count, current < periods.count {
            let period = periods[current]
            guard place < period.arrivals else {
                current += 1
                place = 0
                continue
            }
            jobs.append(
                Job(
                    arrivalNs: period.startNs + Spread.offset(place, of: period.arrivals, over: lengthNs),
                    serviceNs: services.next()))
            place += 1
            told += 1
        }
    }
}

extension Instant {
    /// `2026-01-31T12:00:00Z`, or with an offset such as `+01:00`, as people and the AWS command line write times.
    public init?(timestamp text: String) {
        if let instant = Instant(rfc3339: text) {
            self = instant
            return
        }
        let sign = text.utf8.dropLast(5).last
        let digits = text.suffix(5).split(separator: ":", omittingEmptySubsequences: false)
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 2,
            digits.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hours = Int64(digits[0]), let minutes = Int64(digits[1]), hours < 24, minutes < 60,
            let local = Instant(rfc3339: text.dropLast(6) + "Z")
        else { return nil }
        let offset = Duration.seconds((hours * 60 + minutes) * 60)
        self = sign == UInt8(ascii: "+") ? local - offset : local + offset
    }
}
