import WeirSimulator

/// Exponential gaps and lengths of a second in the mean, each from a stream of its own, as the yardstick draws them.
final class PoissonJobs: JobSource {
    private struct Stream {
        var left: Int
        var atNs: Int64 = 0
        var gaps: DrawnSpans
        var services = DrawnSpans(.exponential(mean: 1), Randomness(seed: 2))

        mutating func read(_ count: Int, into jobs: inout ContiguousArray<Job>) {
            let read = min(count, left)
            for _ in 0..<read {
                atNs += gaps.next()
                jobs.append(Job(arrivalNs: atNs, serviceNs: services.next()))
            }
            left -= read
        }
    }

    private var stream: Stream

    init(_ count: Int, rate: Double) {
        stream = Stream(left: count, gaps: DrawnSpans(.exponential(mean: 1 / rate), Randomness(seed: 1)))
    }

    var beginsAt: Int64? { nil }

    func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        stream.read(count, into: &jobs)
    }
}

/// All within the first second, each for a millisecond.
final class JobsAtOnce: JobSource {
    private var made = 0
    private let total: Int

    init(_ count: Int) {
        total = count
    }

    var beginsAt: Int64? { nil }

    func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        for _ in 0..<min(count, total - made) {
            jobs.append(Job(arrivalNs: Int64(made) * 1_000_000_000 / Int64(total), serviceNs: 1_000_000))
            made += 1
        }
    }
}

/// So many jobs in each minute, more by day than by night, spread evenly over it.
final class MinuteCounts: JobSource {
    private let minutes: Int
    private let mean: Double
    private let service: SpanModel
    private var chance = Randomness(seed: 1)
    private var minute = 0
    private var place = 0
    private var count = 0

    /// - Parameter mean: of the jobs in a minute.
    init(minutes: Int, mean: Double, service: SpanModel) {
        self.minutes = minutes
        self.mean = mean
        self.service = service
        count = draw()
    }

    static var month: MinuteCounts { MinuteCounts(minutes: 43_200, mean: 5, service: .constant(10)) }
    static var busy: MinuteCounts { MinuteCounts(minutes: 38_880, mean: 48, service: .constant(10)) }
    static var large: MinuteCounts {
        MinuteCounts(minutes: 15_840, mean: 12, service: .lognormal(mean: 8000, deviation: 24_000))
    }

    var beginsAt: Int64? { nil }

    /// A triangle over the day, up to twice the mean, and up to as much again by chance.
    private func draw() -> Int {
        let ofDay = Double(minute % 1440) / 1440
        let shape = 1 - abs(2 * ofDay - 1)
        return Int((mean * 2 * shape * 2 * chance.unit()).rounded())
    }

    func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        while jobs.count < count, minute < minutes {
            guard place < self.count else {
                minute += 1
                place = 0
                self.count = draw()
                continue
            }
            let first = place
            let last = min(self.count, first + count - jobs.count)
            let (minute, inMinute, service) = (Int64(minute), Double(self.count), service)
            var chance = chance
            for place in first..<last {
                let offset = Int64((Double(place) + 0.5) * 6e10 / inMinute)
                jobs.append(Job(arrivalNs: minute * 60_000_000_000 + offset, serviceNs: service.draw(&chance)))
            }
            (place, self.chance) = (last, chance)
        }
    }
}
