import FoundationEssentials
import WeirCore
import WeirSimulator

/// What `aws cloudwatch get-metric-data` and `get-metric-statistics` print, one document or several one after the other in a list.
struct CloudWatchJSON {
    let series: [MetricSeries]

    /// - Parameter path: of the document, for what is wrong with it.
    init(_ bytes: [UInt8], path: String) throws(TraceFailure) {
        func failure(_ problem: String) -> TraceFailure { TraceFailure(path: path, problem: problem) }
        let pages: [Page]
        do {
            // Pages that were put together with `jq -s` are a list.
            let isList = bytes.first { $0 > 32 } == UInt8(ascii: "[")
            let decoder = JSONDecoder()
            pages =
                isList
                ? try decoder.decode([Page].self, from: Data(bytes))
                : [try decoder.decode(Page.self, from: Data(bytes))]
        } catch let error as DecodingError {
            if case .dataCorrupted = error, let ending = JSONEnding(bytes) {
                throw TraceFailure(path: path, line: ending.line, problem: ending.problem)
            }
            throw failure(Self.text(error))
        } catch {
            throw failure("cannot be read as JSON: \(error)")
        }
        if pages.last?.nextToken != nil {
            throw failure("is only a part: it ends with a NextToken. Ask again without --no-paginate and --max-items")
        }
        var series: [MetricSeries] = []
        for (index, page) in pages.enumerated() {
            let place = pages.count > 1 ? "[\(index)]." : ""
            if let results = page.metricDataResults {
                for (number, result) in results.enumerated() {
                    series.append(try result.series("\(place)MetricDataResults[\(number)]", failure))
                }
            } else if let datapoints = page.datapoints {
                series.append(try Self.statistics(page.label ?? "", datapoints, place, failure))
            } else {
                throw failure(
                    """
                    is JSON, but has neither MetricDataResults nor Datapoints: expected what aws cloudwatch get-metric-data \
                    or get-metric-statistics prints
                    """)
            }
        }
        self.series = series
    }

    private static func statistics(
        _ label: String, _ datapoints: [Page.Datapoint], _ place: String, _ failure: (String) -> TraceFailure
    ) throws(TraceFailure) -> MetricSeries {
        var found: [MetricSeries.Datapoint] = []
        for (number, datapoint) in datapoints.enumerated() {
            let place = "\(place)Datapoints[\(number)]"
            guard let sum = datapoint.sum else {
                throw failure("\(place) has no Sum: ask for it with --statistics Sum")
            }
            found.append(.init(at: try datapoint.timestamp.instant(place, failure), sum: sum, place: place))
        }
        return MetricSeries(id: "", label: label, datapoints: found, isComplete: true)
    }

    /// Where it is in the document, and what is wrong there.
    private static func text(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.reduce(into: "") { path, key in
                if let index = key.intValue {
                    path += "[\(index)]"
                } else {
                    path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
                }
            }
            return path.isEmpty ? "" : "\(path): "
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context))has no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context))\(context.debugDescription)"
        case .dataCorrupted(let context):
            return "is no JSON: \(context.underlyingError.map { "\($0)" } ?? context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}

private struct Page: Decodable {
    var metricDataResults: [Result]?
    var datapoints: [Datapoint]?
    var label: String?
    var nextToken: String?

    enum CodingKeys: String, CodingKey {
        case metricDataResults = "MetricDataResults"
        case datapoints = "Datapoints"
        case label = "Label"
        case nextToken = "NextToken"
    }

    struct Result: Decodable {
        var id: String
        var label: String?
        var timestamps: [Timestamp]
        var values: [Double]
        var status: String?

        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case label = "Label"
            case timestamps = "Timestamps"
            case values = "Values"
            case status = "StatusCode"
        }

        func series(_ place: String, _ failure: (String) -> TraceFailure) throws(TraceFailure) -> MetricSeries {
            guard timestamps.count == values.count else {
                throw failure("\(place) has \(timestamps.count) Timestamps and \(values.count) Values")
            }
            var found: [MetricSeries.Datapoint] = []
            found.reserveCapacity(values.count)
            for (number, value) in values.enumerated() {
                found.append(
                    .init(
                        at: try timestamps[number].instant("\(place).Timestamps[\(number)]", failure), sum: value,
                        place: "\(place).Values[\(number)]"))
            }
            return MetricSeries(
                id: id, label: label ?? "", datapoints: found, isComplete: status == nil || status == "Complete")
        }
    }

    struct Datapoint: Decodable {
        var timestamp: Timestamp
        var sum: Double?

        enum CodingKeys: String, CodingKey {
            case timestamp = "Timestamp"
            case sum = "Sum"
        }
    }

    /// As text, or as a number of seconds since 1970, as it travels.
    enum Timestamp: Decodable {
        case text(String)
        case seconds(Double)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let seconds = try? container.decode(Double.self) {
                self = .seconds(seconds)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        func instant(_ place: String, _ failure: (String) -> TraceFailure) throws(TraceFailure) -> Instant {
            switch self {
            case .text(let text):
                guard let instant = Instant(timestamp: text) else {
                    throw failure("\(place): '\(text)' is no time like 2026-01-31T12:00:00Z")
                }
                return instant
            case .seconds(let seconds):
                guard abs(seconds) < 1e11 else {
                    throw failure("\(place): \(seconds) is no time in seconds since 1970")
                }
                return Instant(milliseconds: Int64((seconds * 1000).rounded()))
            }
        }
    }
}
