import Testing
import WeirCore

@testable import WeirSimulator

@Suite("Made-up loads")
struct GeneratorSpecs {
    private static let hour: Int64 = 3_600_000_000_000
    private static let day = 24 * hour

    private func jobs(_ parts: LoadPart..., seed: UInt64 = 1) throws -> [Job] {
        try all(try GeneratedLoad(parts, service: .exponential(mean: 3), seed: seed, name: "load"), by: 1000)
    }

    /// Arrivals in each span of this length.
    private func counts(_ jobs: [Job], each spanNs: Int64, of all: Int) -> [Double] {
        var counts = [Double](repeating: 0, count: all)
        for job in jobs { counts[Int(job.arrivalNs / spanNs)] += 1 }
        return counts
    }

    private func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }

    /// Variance over mean: 1 for Poisson arrivals.
    private func dispersion(_ counts: [Double]) -> Double {
        let mean = mean(counts)
        return self.mean(counts.map { ($0 - mean) * ($0 - mean) }) / mean
    }

    @Test("how far it was read is how far it is in its time")
    func shareRead() throws {
        let load = try GeneratedLoad(
            [LoadPart(.constant(rate: 1), lengthNs: 100_000_000_000)], service: .constant(1), seed: 1, name: "load")
        var jobs: ContiguousArray<Job> = []
        var shares = [load.shareRead]
        for count in [10, 20, 95] {
            try load.read(count, into: &jobs)
            shares.append(load.shareRead)
        }
        #expect(shares == [0, 0.095, 0.195, 0.945])
        try load.read(1000, into: &jobs)
        #expect(load.shareRead == 1)
    }

    @Test("constant: at equal distances, the first after half of one")
    func constant() throws {
        let jobs = try jobs(LoadPart(.constant(rate: 0.5), lengthNs: 7_000_000_000))
        #expect(jobs.map(\.arrivalNs) == [1_000_000_000, 3_000_000_000, 5_000_000_000])
    }

    @Test("Poisson: the rate is right within four standard errors, and counts vary as they should")
    func poisson() throws {
        let jobs = try jobs(LoadPart(.poisson(rate: 1), lengthNs: 10 * Self.hour))
        #expect(abs(Double(jobs.count) - 36_000) < 4 * 36_000.0.squareRoot())
        let dispersion = dispersion(counts(jobs, each: 60_000_000_000, of: 600))
        #expect(abs(dispersion - 1) < 4 * (2.0 / 600).squareRoot(), "\(dispersion)")
    }

    @Test("a daily cycle: its mean is the rate, its peak is where it was said to be")
    func diurnal() throws {
        let shape = HourlyShape.sine(swing: 0.8, peak: 14.5, weekend: 1)
        let jobs = try jobs(LoadPart(.cycle(rate: 0.03, shape), lengthNs: 14 * Self.day))
        let expected = 0.03 * 14 * 86_400
        #expect(abs(Double(jobs.count) - expected) < 4 * expected.squareRoot())
        var byHour = [Double](repeating: 0, count: 24)
        for job in jobs { byHour[Int(job.arrivalNs / Self.hour % 24)] += 1 }
        let hourly = expected / 24
        #expect(abs(byHour[14] / hourly - 1.8) < 4 * (1.8 / hourly).squareRoot())
        #expect(abs(byHour[2] / hourly - 0.2) < 4 * (0.2 / hourly).squareRoot())
    }

    @Test("a weekly cycle: less at the weekend, and the mean of the week is the rate")
    func weekly() throws {
        let shape = HourlyShape.sine(swing: 0, peak: 0, weekend: 0.3)
        let days = counts(
            try jobs(LoadPart(.cycle(rate: 0.05, shape), lengthNs: 7 * Self.day)), each: Self.day, of: 7)
        let weekday = 0.05 * 86_400 * 7 / 5.6
        for (day, count) in days.enumerated() {
            let expected = day < 5 ? weekday : weekday * 0.3
            #expect(abs(count - expected) < 4 * expected.squareRoot(), "day \(day)")
        }
    }

    @Test("hours by weight: one for each hour of the day; of a weight of 0 there is nothing")
    func weights() throws {
        let weights = (0..<24).map { $0 == 9 ? 3.0 : $0 == 20 ? 1 : 0 }
        let hours = counts(
            try jobs(LoadPart(.cycle(rate: 0.1, .weights(weights)), lengthNs: 2 * Self.day)), each: Self.hour, of: 48)
        for (hour, count) in hours.enumerated() {
            let expected = 8640 * weights[hour % 24] / 4
            #expect(abs(count - expected) <= 4 * expected.squareRoot(), "hour \(hour)")
        }
    }

    @Test("bursts: so many at once or over a time, again and again; a part may begin later")
    func bursts() throws {
        let atOnce = try jobs(
            LoadPart(.bursts(size: 3, every: .constant(3600), overNs: 0), lengthNs: 2 * Self.hour))
        #expect(atOnce.map(\.arrivalNs) == [0, 0, 0, Self.hour, Self.hour, Self.hour])
        var later = LoadPart(.bursts(size: 2, every: .constant(3600), overNs: 60_000_000_000), lengthNs: Self.hour)
        later.fromNs = 5_000_000_000
        #expect(try jobs(later).map(\.arrivalNs) == [20_000_000_000, 50_000_000_000])
    }

    @Test("on and off: arrivals at the rate while it is on, and none while it is off")
    func onOff() throws {
        let part = LoadPart(
            .onOff(rate: 1, on: .constant(600), off: .constant(3000)), lengthNs: 24 * Self.hour)
        let parts = counts(try jobs(part), each: 600_000_000_000, of: 144)
        for (place, count) in parts.enumerated() where place % 6 != 0 { #expect(count == 0, "\(place)") }
        let total = parts.reduce(0, +)
        #expect(abs(total - 14_400) < 4 * 14_400.0.squareRoot())
    }

    @Test("parts add up in the order of time, and do not disturb each other")
    func sum() throws {
        let poisson = LoadPart(.poisson(rate: 0.1), lengthNs: Self.hour)
        var constant = LoadPart(.constant(rate: 0.01), lengthNs: Self.hour)
        constant.service = .constant(7)
        let alone = try jobs(poisson)
        let both = try jobs(poisson, constant)
        #expect(both.map(\.arrivalNs) == both.map(\.arrivalNs).sorted())
        #expect(both.filter { $0.serviceNs != 7_000_000_000 } == alone)
        #expect(both.count == alone.count + 36)
    }

    @Test("the same seed gives the same jobs, on any machine; another gives others")
    func deterministic() throws {
        let cycle = HourlyShape.sine(swing: 0.5, peak: 12, weekend: 0.5)
        let parts = [
            LoadPart(.poisson(rate: 1), lengthNs: Self.hour), LoadPart(.cycle(rate: 1, cycle), lengthNs: Self.hour),
            LoadPart(
                .onOff(rate: 1, on: .exponential(mean: 60), off: .pareto(smallest: 9, shape: 1.5)),
                lengthNs: Self.hour),
        ]
        func sum(_ seed: UInt64) throws -> UInt64 {
            let load = try GeneratedLoad(
                parts, service: .lognormal(mean: 5, deviation: 9), seed: seed, name: "load")
            // FNV-1a over all numbers.
            return try all(load, by: 100).flatMap { [$0.arrivalNs, $0.serviceNs] }.reduce(0xCBF2_9CE4_8422_2325) {
                ($0 ^ UInt64(bitPattern: $1)) &* 0x100_0000_01B3
            }
        }
        let told = try sum(1)
        #expect(told == 12_519_700_896_647_233_373)
        #expect(try sum(2) != told)
    }

    @Test("a load that does not say how long its jobs take is a mistake")
    func noService() {
        let failure = #expect(throws: TraceFailure.self) {
            try GeneratedLoad([LoadPart(.poisson(rate: 1), lengthNs: 1)], service: nil, seed: 1, name: "poisson")
        }
        #expect(failure?.problem.hasPrefix("how long do its jobs take?") == true)
    }
}

@Suite("Lengths from a file, and loads into one")
struct LoadFileSpecs {
    @Test(
        "a number of seconds in each line, or a column of a CSV file",
        arguments: ["# measured\n2\n0.5\n\n2\n", "name,service_s\na,2\nb,0.5\nc,2\n", "service_s\n2\n0.5\n2"])
    func lengths(_ text: String) throws {
        #expect(try withFile(text) { try SpanFile.read($0) } == .drawn(from: [2, 0.5, 2]))
    }

    @Test("each length is as likely as it is in the file")
    func drawn() throws {
        var chance = Randomness(seed: 5)
        let model = SpanModel.drawn(from: [2, 0.5, 2])
        let short = (0..<9000).count { _ in model.draw(&chance) == 500_000_000 }
        #expect(abs(short - 3000) < 180)
    }

    @Test(
        "what is wrong with it is told with its line",
        arguments: [
            ("", nil, "has no lengths in it"), ("seconds\n1\n", 1, "expected a number of seconds, or a header"),
            ("1\nx\n", 2, "'x' has no number of seconds from 0 in field 1"), ("1\n-1\n", 2, "'-1' has no number"),
            ("a,service_s\n1\n", 2, "'1' has no number of seconds from 0 in field 2"),
        ] as [(String, Int?, String)])
    func mistakes(_ text: String, _ line: Int?, _ problem: String) {
        let failure = #expect(throws: TraceFailure.self) { try withFile(text) { try SpanFile.read($0) } }
        #expect(failure?.problem.hasPrefix(problem) == true && failure?.line == line, "\(failure as Any)")
    }

    @Test("what was written is read again as the same jobs")
    func written() throws {
        let jobs = [
            Job(arrivalNs: 0, serviceNs: 1), Job(arrivalNs: 1_500_000_000, serviceNs: 20_000_000_000),
            Job(arrivalNs: 86_400_000_000_000, serviceNs: 123_456_789),
        ]
        let (again, _) = try rewritten(ListedJobs(jobs))
        #expect(again == jobs)
    }

    @Test("what comes late in a load that knows the calendar comes as late in what was written")
    func writtenLate() throws {
        let jobs = [Job(arrivalNs: 7_200_000_000_001, serviceNs: 1), Job(arrivalNs: 7_300_000_000_000, serviceNs: 2)]
        let (again, beginsAt) = try rewritten(ListedJobs(jobs, beginsAt: GeneratedLoad.monday + 250))
        #expect(again == jobs && beginsAt == GeneratedLoad.monday + 250)
    }

    private func rewritten(_ load: ListedJobs) throws -> (jobs: [Job], beginsAt: Int64?) {
        var text = ""
        let writing = WrittenLoad(load, to: "w.csv") { lines in
            text += lines
            return nil
        }
        _ = try all(writing)
        return try withFile(text) { path in
            let trace = try CSVTrace(path, service: nil, seed: 1)
            return (try all(trace), trace.beginsAt)
        }
    }

    @Test("a file that cannot be written is told, and is no mistake of who wrote the command")
    func full() {
        let writing = WrittenLoad(ListedJobs([]), to: "w.csv") { _ in "No space left on device" }
        let failure = #expect(throws: TraceFailure.self) { try all(writing) }
        #expect(failure?.description == "w.csv: cannot be written: No space left on device")
        #expect(failure?.isMistake == false)
    }
}
