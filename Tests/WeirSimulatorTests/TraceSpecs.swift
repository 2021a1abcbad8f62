import Foundation
import Testing

@testable import WeirSimulator

@Suite("Traces as CSV")
struct TraceSpecs {
    private func jobs(_ text: String, service: SpanModel? = nil, period: Duration? = nil) throws -> [Job] {
        let path = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString).csv")
        try Data(text.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        do throws(TraceFailure) {
            let trace = try CSVTrace(try LineReader(path.path), service: service, seed: 1, period: period)
            var jobs: ContiguousArray<Job> = []
            while true {
                var more: ContiguousArray<Job> = []
                try trace.read(2, into: &more)
                if more.isEmpty { return Array(jobs) }
                jobs += more
            }
        } catch {
            throw TraceFailure(path: "trace.csv", line: error.line, problem: error.problem)
        }
    }

    @Test("a line for each job: the first says when it begins, decimals are exact, other columns are passed over")
    func perJob() throws {
        let read = try jobs("submit_s,service_s,vcpus\n100,2,1\n100.001,0.123456789,4\r\n# a remark\n\n160,1e-05,1\n")
        #expect(
            read == [
                Job(arrivalNs: 0, serviceNs: 2_000_000_000), Job(arrivalNs: 1_000_000, serviceNs: 123_456_789),
                Job(arrivalNs: 60_000_000_000, serviceNs: 10_000),
            ])
    }

    @Test("a line for each interval: arrivals are spread evenly over it")
    func counts() throws {
        let text = "timestamp,arrivals\n2026-01-31T23:59:00Z,2\n2026-02-01T00:00:00Z,0\n2026-02-01T00:01:00Z,1\n"
        let read = try jobs(text, service: .constant(20))
        #expect(read.map(\.arrivalNs) == [15_000_000_000, 45_000_000_000, 150_000_000_000])
        #expect(read.allSatisfy { $0.serviceNs == 20_000_000_000 })
    }

    @Test("one interval alone is as long as somebody says, and without that nobody knows it")
    func single() throws {
        let text = "timestamp,arrivals\n2026-01-31T23:59:00Z,2\n"
        let read = try jobs(text, service: .constant(20), period: .seconds(60))
        #expect(read.map(\.arrivalNs) == [15_000_000_000, 45_000_000_000])
        let failure = #expect(throws: TraceFailure.self) { try jobs(text, service: .constant(20)) }
        #expect(failure?.line == 2)
        #expect(
            failure?.problem.hasPrefix("one interval alone does not say how long it is: say it with --period") == true)
        #expect(try jobs("timestamp,arrivals\n", service: .constant(20)).isEmpty)
    }

    @Test("a period has to be what the timestamps say")
    func period() throws {
        let text = "timestamp,arrivals\n2026-01-31T23:59:00Z,1\n2026-02-01T00:00:00Z,1\n"
        #expect(try jobs(text, service: .constant(20), period: .seconds(60)).map(\.arrivalNs).last == 90_000_000_000)
        let failure = #expect(throws: TraceFailure.self) {
            try jobs(text, service: .constant(20), period: .seconds(300))
        }
        #expect(failure?.line == 3)
        #expect(failure?.problem == "this timestamp is 60s after the one before, and --period says 300s")
    }

    @Test("an interval in which nothing arrived needs no mean")
    func nothingArrived() throws {
        let text = "timestamp,arrivals,mean_service_s\n2026-01-31T23:59:00Z,0,\n2026-02-01T00:00:00Z,1,20\n"
        #expect(try jobs(text) == [Job(arrivalNs: 90_000_000_000, serviceNs: 20_000_000_000)])
    }

    @Test("a blank time is what somebody else says")
    func blank() throws {
        let counts = "timestamp,arrivals,mean_service_s\n2026-01-31T23:59:00Z,1,\n2026-02-01T00:00:00Z,1,20\n"
        let seconds: [Int64] = [5_000_000_000, 20_000_000_000]
        #expect(try jobs(counts, service: .constant(5)).map(\.serviceNs) == seconds)
        #expect(try jobs("submit_s,service_s\n0,\n1,20\n", service: .constant(5)).map(\.serviceNs) == seconds)
    }

    @Test("times may have an offset, and counts decimals that say nothing")
    func otherPrograms() throws {
        let text = """
            timestamp,arrivals
            2026-01-31T23:59:00+00:00,1.0
            2026-02-01T05:30:00+05:30,2e0
            2026-01-31T20:01:00-04:00,+1
            """
        let read = try jobs(text, service: .constant(20))
        #expect(read.map { $0.arrivalNs / 1_000_000_000 } == [30, 75, 105, 150])
    }

    @Test("an interval may have as many as there may be")
    func most() throws {
        let text = "timestamp,arrivals\n2026-01-01T00:00:00Z,\(LoadLimits.mostArrivals)\n2026-01-01T00:01:00Z,0\n"
        let first = try withFile(text) { path in
            var some: ContiguousArray<Job> = []
            try CSVTrace(path, service: .constant(1), seed: 1).read(2, into: &some)
            return some.count
        }
        #expect(first == 2)
    }

    @Test("a comment in the first line may say when time begins; another is one like all")
    func beginning() throws {
        let lines = "submit_s,service_s\n10,2\n70,1\n"
        let named = try jobs("# begins 2026-01-05T00:00:00Z\n" + lines)
        #expect(named.map(\.arrivalNs) == [10_000_000_000, 70_000_000_000])
        for comment in ["# begins with ten seconds of nothing\n", "# a log\n# begins 2026-01-05T00:00:00Z\n"] {
            #expect(try jobs(comment + lines).map(\.arrivalNs) == [0, 60_000_000_000])
        }
    }

    @Test(
        "what is wrong is told with its line",
        arguments: [
            ("", nil, "is empty"), ("a,b\n1,2\n", 1, "the header is 'a,b'"),
            ("submit_s,service_s\n1,x\n", 2, "'x' is no number of seconds in service_s"),
            ("submit_s,service_s\n5,1\n4,1\n", 3, "submit_s goes back"),
            ("submit_s,service_s\n5,1\n6\n", 3, "1 fields, and the header has 2"),
            ("submit_s\n5\n", 1, "the trace does not say how long a job takes"),
            ("submit_s,service_s\n5,-1\n", 2, "service_s is negative"),
            ("submit_s,service_s\n5,315600001\n", 2, "service_s is too long: no job takes longer than ten years"),
            ("submit_s,service_s\n5,1\n3200000000,1\n", 3, "submit_s is too long after the first: no load is longer"),
            ("submit_s,service_s\n-8999999999,1\n8999999999,1\n", 3, "submit_s is too long after the first"),
            ("# begins 2026-01-05T00:00:00Z\nsubmit_s,service_s\n-1,1\n", 3, "submit_s is before the beginning"),
            ("# begins 2026-13-05T00:00:00Z\nsubmit_s,service_s\n1,1\n", 1, "'2026-13-05T00:00:00Z' is no time like"),
            ("timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,-3,1\n", 2, "'-3' is no number of arrivals"),
            ("timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,3,-1\n", 2, "mean_service_s is negative"),
            (
                "timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,3,\n", 2,
                "mean_service_s is blank: name how long"
            ),
            ("submit_s,service_s\n5,\n", 2, "service_s is blank: name how long such a job takes with --service-time"),
            (
                "timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,100000001,1\n", 2,
                "100000001 arrivals are too many: no interval has more than 100000000"
            ),
            (
                "timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,99999999999999999999,1\n", 2,
                "99999999999999999999 arrivals are too many"
            ),
            ("timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,0.5,1\n", 2, "'0.5' is no number of arrivals"),
            ("timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,0x10,1\n", 2, "'0x10' is no number of arr"),
            ("timestamp,arrivals,arrivals\n", 1, "the header has 'arrivals' and 'arrivals', which say the same"),
            ("submit_s,service_s,mean_service_s\n", 1, "the header has 'service_s' and 'mean_service_s', which say"),
            ("submit_s,service_s\r1,2\r", 1, "lines end with a carriage return alone: expected line feeds"),
            (
                "submit_s,service_s\r" + String(repeating: "1,2\r", count: 20_000), 1,
                "lines end with a carriage return alone"
            ),
            (
                "timestamp,arrivals,mean_service_s\n0001-01-01T00:00:00Z,1,1\n2026-01-01T00:00:00Z,1,1\n", 3,
                "'2026-01-01T00:00:00Z' is too long after 0001-01-01T00:00:00Z: no load is longer than a hundred years"
            ),
            (
                "timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,1,1\n0001-01-01T00:00:00Z,1,1\n", 3,
                "this timestamp is not after the one before"
            ),
            ("timestamp,arrivals,mean_service_s\nyesterday,3,1\n", 2, "'yesterday' is no time"),
            (
                "timestamp,arrivals,mean_service_s\n2026-01-01T00:00:00Z,1,1\n2026-01-01T00:01:00Z,1,1\n"
                    + "2026-01-01T00:03:00Z,1,1\n2026-01-01T00:04:00Z,1,1\n", 4,
                "intervals have to be of one length, here 60s, without gaps, and 2026-01-01T00:03:00Z follows 2026-01-01T00:01"
            ),
        ] as [(String, Int?, String)])
    func mistakes(_ text: String, _ line: Int?, _ problem: String) {
        let failure = #expect(throws: TraceFailure.self) { try jobs(text) }
        #expect(failure?.problem.hasPrefix(problem) == true, "\(failure?.problem ?? "nothing")")
        #expect(failure?.line == line)
    }
}
