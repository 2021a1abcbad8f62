/// Made-up jobs: what all parts bring, one after the other. Each part draws from a stream of its own, so that another part changes
/// nothing about it.
public final class GeneratedLoad: JobSource {
    private var streams = Streams()
    /// When the last part ends.
    private var endNs: Int64 = 0
    /// 2026-01-05T00:00:00Z, a Monday. Unit: milliseconds since 1970.
    public static let monday: Int64 = 1_767_571_200_000

    public var beginsAt: Int64? { Self.monday }

    /// Of its time: how many jobs there will be nobody knows.
    public var shareRead: Double? { streams.isOver ? 1 : Double(streams.readNs) / Double(max(endNs, 1)) }

    /// - Parameters:
    ///   - service: how long jobs take in parts that do not say.
    ///   - name: of the load, for what is wrong with it.
    /// - Throws: when a part does not say how long its jobs take, and `service` does not either.
    public init(_ parts: [LoadPart], service: SpanModel?, seed: UInt64, name: String) throws(TraceFailure) {
        let root = Randomness(seed: seed)
        for (number, part) in parts.enumerated() {
            guard let service = part.service ?? service else {
                throw TraceFailure(
                    path: name,
                    problem: "how long do its jobs take? Say so with taking=20s in it, or --service-time 20s")
            }
            let number = UInt64(number)
            streams.add(
                PartArrivals(part, root.split(20).split(number)), DrawnSpans(service, root.split(21).split(number)))
            endNs = max(endNs, part.fromNs + part.lengthNs)
        }
    }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        streams.read(count, into: &jobs)
    }
}

/// The parts of a load, and how far each was read.
private struct Streams {
    private struct Stream {
        var arrivals: PartArrivals
        var services: DrawnSpans
        var nextNs: Int64
    }

    private var streams: [Stream] = []
    /// How far the load was read.
    private(set) var readNs: Int64 = 0

    var isOver: Bool { streams.allSatisfy { $0.nextNs == .max } }

    mutating func add(_ arrivals: PartArrivals, _ services: DrawnSpans) {
        var arrivals = arrivals
        let nextNs = arrivals.next()
        streams.append(Stream(arrivals: arrivals, services: services, nextNs: nextNs))
    }

    mutating func read(_ count: Int, into jobs: inout ContiguousArray<Job>) {
        while jobs.count < count {
            // Of two at one moment, the part that was named first is first.
            guard let next = streams.indices.min(by: { streams[$0].nextNs < streams[$1].nextNs }),
                streams[next].nextNs < .max
            else { return }
            readNs = streams[next].nextNs
            jobs.append(Job(arrivalNs: readNs, serviceNs: streams[next].services.next()))
            streams[next].nextNs = streams[next].arrivals.next()
        }
    }
}

/// When the jobs of one part arrive.
struct PartArrivals {
    private let part: LoadPart
    private var chance: Randomness
    /// From one Poisson arrival to the next; nil for parts of other kinds.
    private var gaps: DrawnSpans?
    /// Since the beginning of the part. Unit: nanoseconds.
    private var clockNs: Int64 = 0
    /// Jobs so far, or in this burst.
    private var place = 0
    /// Until when there are arrivals, where they come and go.
    private var onUntilNs: Int64 = 0

    init(_ part: LoadPart, _ chance: Randomness) {
        self.part = part
        self.chance = chance
        switch part.kind {
        case .onOff(_, let on, _): onUntilNs = on.draw(&self.chance)
        case .poisson(let rate): gaps = DrawnSpans(.exponential(mean: 1 / rate), chance)
        case .constant, .cycle, .bursts: break
        }
    }

    /// The next arrival, in nanoseconds since the beginning of the load; the largest number there is: no more.
    mutating func next() -> Int64 {
        let arrivalNs: Int64
        switch part.kind {
        case .constant(let rate):
            arrivalNs = Int64(((Double(place) + 0.5) / rate * 1e9).rounded())
            place += 1
        case .poisson:
            clockNs += gaps?.next() ?? 0
            arrivalNs = clockNs
        case .cycle(let rate, let shape): arrivalNs = thinned(rate, shape)
        case .bursts(let size, let every, let overNs):
            if place == size {
                place = 0
                clockNs += max(every.draw(&chance), overNs)
            }
            arrivalNs = clockNs + Spread.offset(place, of: size, over: overNs)
            place += 1
        case .onOff(let rate, let on, let off):
            clockNs += SpanModel.exponential(mean: 1 / rate).draw(&chance)
            // What would have come later comes in a later time of arrivals, as if there had been no pause between them.
            while clockNs > onUntilNs, clockNs < part.lengthNs {
                let pauseNs = off.draw(&chance)
                clockNs += pauseNs
                onUntilNs += pauseNs + on.draw(&chance)
            }
            arrivalNs = clockNs
        }
        return arrivalNs < part.lengthNs ? part.fromNs + arrivalNs : .max
    }

    /// Arrivals at the highest rate, of which each is kept with the share that the rate has then.
    ///
    /// Source: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", Naval Research Logistics Quarterly 26(3).
    private mutating func thinned(_ rate: Double, _ shape: HourlyShape) -> Int64 {
        let highest = shape.highest
        let gap = SpanModel.exponential(mean: 1 / (rate * highest))
        while clockNs < part.lengthNs {
            clockNs += gap.draw(&chance)
            if chance.unit() * highest <= shape.rate(atNs: part.fromNs + clockNs) { return clockNs }
        }
        return clockNs
    }
}
