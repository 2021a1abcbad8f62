import Testing
import WeirCore

@testable import WeirSimulator

@Suite("Arrivals from a metric of CloudWatch")
struct MetricTraceSpecs {
    /// Minutes since noon, and how many came in each.
    private func series(_ id: String, _ points: [(Int, Double)], isComplete: Bool = true) -> MetricSeries {
        MetricSeries(
            id: id, label: "NumberOfMessagesSent",
            datapoints: points.map { minute, sum in
                .init(at: Sample.noon + .seconds(60 * minute), sum: sum, place: "Values[\(minute)]")
            }, isComplete: isComplete)
    }

    private func trace(
        _ series: [MetricSeries], wanted: String? = nil, period: Duration? = nil
    ) throws -> MetricTrace {
        try MetricTrace(series, wanted: wanted, period: period, service: .constant(2), seed: 1, path: "m.json")
    }

    @Test("in any order; a period that CloudWatch does not tell of had no arrivals")
    func gaps() throws {
        let trace = try trace([series("a", [(7, 1), (0, 2), (3, 0), (2, 1)])])
        #expect(trace.beginsAt == Sample.noon.milliseconds)
        let jobs = try all(trace)
        #expect(jobs.map { $0.arrivalNs / 1_000_000_000 } == [15, 45, 150, 450])
        #expect(jobs.allSatisfy { $0.serviceNs == 2_000_000_000 })
    }

    @Test("how far it was read is the share of the arrivals")
    func shareRead() throws {
        let trace = try trace([series("a", [(0, 2), (1, 6)])])
        var jobs: ContiguousArray<Job> = []
        #expect(trace.shareRead == 0)
        try trace.read(6, into: &jobs)
        #expect(trace.shareRead == 0.75)
    }

    @Test("the period is the longest that fits, or the one that is named")
    func period() throws {
        let points = [(0, 1.0), (10, 1), (25, 1)]
        #expect(try all(try trace([series("a", points)])).map { $0.arrivalNs / 1_000_000_000 } == [150, 750, 1650])
        let named = try trace([series("a", points)], period: .seconds(60))
        #expect(try all(named).map { $0.arrivalNs / 1_000_000_000 } == [30, 630, 1530])
        let lone = try trace([series("a", [(3, 1)])], period: .seconds(300))
        #expect(try all(lone).map(\.arrivalNs) == [150_000_000_000])
    }

    @Test("parts of one metric are put together, and of several one has to be named")
    func choice() throws {
        let pages = [series("a", [(1, 1)], isComplete: false), series("a", [(0, 1)])]
        #expect(try all(try trace(pages)).count == 2)
        let several = [series("a", [(0, 1), (1, 1)]), series("b", [(0, 5), (1, 0)])]
        #expect(try all(try trace(several, wanted: "b")).count == 5)
    }

    @Test("what is wrong is told with its place")
    func mistakes() {
        let rows: [([MetricSeries], String?, Duration?, String)] = [
            ([], nil, nil, "has no metric in it"),
            ([series("a", [])], nil, nil, "a (NumberOfMessagesSent) has no datapoints"),
            ([series("a", [(0, 1)])], nil, nil, "has only one datapoint: say with --period"),
            ([series("a", [(0, 1), (1, 2.5)])], nil, nil, "Values[1]: 2.5 is no number of arrivals"),
            ([series("a", [(0, 1), (1, -2)])], nil, nil, "Values[1]: -2.0 is no number of arrivals"),
            ([series("a", [(0, 1), (1, .infinity)])], nil, nil, "Values[1]: inf is no number of arrivals"),
            (
                [series("a", [(0, 1), (1, 6e10)])], nil, nil,
                "Values[1]: 60000000000.0 arrivals are too many: no interval has more than 100000000"
            ),
            ([series("a", [(0, 1), (1, 1), (1, 1)])], nil, nil, "Values[1]: 2026-03-01T12:01:00Z is there twice"),
            (
                [series("a", [(0, 1), (60 * 24 * 366 * 300, 1)])], nil, nil,
                "Values[158112000]: 2326-10-15T12:00:00Z is too long after 2026-03-01T12:00:00Z (Values[0]): no load is longer"
            ),
            ([series("a", [(0, 1), (1, 1)])], nil, .seconds(300), "Values[1]: is 60s after the one before"),
            (
                [series("a", [(0, 1), (1, 1)], isComplete: false)], nil, nil,
                "a (NumberOfMessagesSent) is not all there"
            ),
            ([series("a", [(0, 1)]), series("b", [(0, 1)])], nil, nil, "has several metrics: say with --metric"),
            ([series("a", [(0, 1)])], "c", nil, "has no metric 'c'; there are: a (NumberOfMessagesSent)"),
            (
                [series("a", [(0, 1)]), series("b", [(0, 1)])], "NumberOfMessagesSent", nil,
                "has several metrics 'NumberOfMessagesSent'"
            ),
        ]
        for (series, wanted, period, problem) in rows {
            let failure = #expect(throws: TraceFailure.self) { try trace(series, wanted: wanted, period: period) }
            #expect(failure?.problem.hasPrefix(problem) == true, "\(failure?.problem ?? "nothing")")
        }
    }

    @Test(
        "times are read as the AWS command line writes them",
        arguments: [
            ("2026-03-01T12:00:00Z", 0), ("2026-03-01T12:00:00+00:00", 0), ("2026-03-01T13:30:00+01:30", 0),
            ("2026-03-01T07:00:01-05:00", 1000), ("2026-03-01T12:00:00.250000+00:00", 250),
            ("2026-03-01T12:00:00", nil), ("2026-03-01T12:00:00+1:00", nil), ("+00:00", nil), ("now", nil), ("", nil),
        ] as [(String, Int64?)])
    func times(_ text: String, _ milliseconds: Int64?) {
        #expect(Instant(timestamp: text)?.milliseconds == milliseconds.map { Sample.noon.milliseconds + $0 })
    }
}
