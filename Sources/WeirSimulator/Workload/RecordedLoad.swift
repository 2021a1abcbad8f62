import WeirCore

/// The load that a group really had, from its records: how many messages came between two measurements, how long one took, and how
/// long an instance took to start.
///
/// What came in an interval is known exactly where the source counts it; else it is what the backlog grew by, which is too few by
/// what was completed meanwhile. When in the interval each came is not known: they are spread evenly over it, and where the queue was
/// empty before, over the time since the oldest came.
public struct RecordedLoad: Sendable {
    /// Messages.
    public private(set) var arrivals = 0
    /// Of these, in intervals in which only the growth of the backlog is known.
    public private(set) var guessed = 0
    public private(set) var beginsAt: Instant?
    public private(set) var endsAt: Instant?
    /// Some are further from the first than any load is long: a clock was wrong. They are left out.
    public private(set) var isTooLong = false
    /// They tell of more messages than any load has: a source said what cannot be. What is too many is left out.
    public private(set) var hasTooMany = false

    private struct Interval {
        var from: Instant
        var to: Instant
        var arrivals: Int
    }

    private var intervals: [Interval] = []
    private var last: (at: Instant, measurement: Measurement, held: [HeldMessages]?)?
    /// Messages that one instance works on at a time; nil until the records say it.
    private var concurrency: Int?
    /// By how much the clock was set back until now: time goes on all the same.
    private var setBack = Duration.zero
    /// Unit: messages × seconds in flight, and messages, over the same intervals.
    private var inFlightSeconds = 0.0
    private var completed = 0.0
    private var startSeconds = 0.0
    private var starts = 0

    public init() {}

    /// - Parameter record: of the same group as those before, in their order.
    public mutating func take(_ record: Record) {
        for event in record.events {
            guard case .cameIntoService(let after) = event.kind else { continue }
            startSeconds += after.inSeconds
            starts += 1
        }
        if let checkpoint = record.checkpoint { concurrency = checkpoint.policy.concurrency }
        guard let measurement = record.observation.measurement, measurement.backlog != nil else { return }
        if beginsAt == nil {
            beginsAt = record.at
            add(measurement.backlog ?? 0, from: record.at, to: record.at)
        }
        guard let at = moment(of: record) else {
            isTooLong = true
            return
        }
        endsAt = at
        let atWork = workedOn(last?.held, record.observation.held)
        if let last, at > last.at {
            add(measurement, after: last.measurement, atWork: atWork, from: last.at, to: at)
        }
        last = (at, measurement, record.observation.held)
    }

    /// By a clock that is never set back; nil for one that no load is long enough for.
    private mutating func moment(of record: Record) -> Instant? {
        guard let beginsAt, let span = LoadLimits.span(from: beginsAt, to: record.at), span > -LoadLimits.longestNs
        else { return nil }
        if let last, record.at + setBack < last.at { setBack = last.at - record.at }
        let at = record.at + setBack
        return LoadLimits.span(from: beginsAt, to: at) == nil ? nil : at
    }

    /// Messages fetched ahead wait in their worker: of those that are in flight so many are worked on, at two measurements. Nil where
    /// none was fetched ahead, or nobody knows.
    private func workedOn(_ former: [HeldMessages]?, _ held: [HeldMessages]?) -> (before: Double, after: Double)? {
        guard let concurrency, let former, let held, (former + held).contains(where: { $0.messages > concurrency })
        else { return nil }
        func count(_ held: [HeldMessages]) -> Double {
            Double(held.reduce(0) { $0 + min($1.messages, concurrency) })
        }
        return (count(former), count(held))
    }

    private mutating func add(
        _ measurement: Measurement, after former: Measurement, atWork: (before: Double, after: Double)?,
        from: Instant, to: Instant
    ) {
        let seconds = (to - from).inSeconds
        // A look often falls just when a message is deleted, and what is in flight then is not what was: where each is told, that counts.
        if let traffic = measurement.traffic, atWork == nil {
            inFlightSeconds += traffic.serviceSeconds
            completed += Double(traffic.services.count)
        } else if let rate = measurement.completionRate.number, let inFlight = former.inFlight.number,
            let after = measurement.inFlight.number
        {
            inFlightSeconds += ((atWork?.before ?? inFlight) + (atWork?.after ?? after)) / 2 * seconds
            completed += rate * seconds
        }
        if let rate = measurement.arrivalRate.number {
            add((rate * seconds).rounded(), from: measurement.firstArrival(after: former, from, to), to: to)
        } else {
            let before = arrivals
            add((measurement.backlog ?? 0) - (former.backlog ?? 0), from: from, to: to)
            guessed += arrivals - before
        }
    }

    private mutating func add(_ count: Double, from: Instant, to: Instant) {
        guard count >= 1 else { return }
        guard Double(arrivals) + count <= Double(LoadLimits.mostArrivals) else {
            hasTooMany = true
            return
        }
        arrivals += Int(count)
        intervals.append(Interval(from: from, to: to, arrivals: Int(count)))
    }

    /// How long a message was in flight on average: where the source tells it of each, these; else by Little's law. Nil when nothing was completed that was counted. Unit: seconds.
    public var meanService: Double? { completed > 0 ? inFlightSeconds / completed : nil }

    /// How long an instance took to start on average; nil when none did. Unit: seconds.
    public var meanStartup: Double? { starts > 0 ? startSeconds / Double(starts) : nil }

    /// - Parameters:
    ///   - service: how long each job takes.
    ///   - seed: of what is drawn.
    public func jobs(_ service: SpanModel, seed: UInt64) -> ListedJobs {
        var chance = Randomness(seed: seed).split(11)
        let beginning = beginsAt?.milliseconds ?? 0
        var jobs: [Job] = []
        jobs.reserveCapacity(arrivals)
        for interval in intervals {
            let fromNs = (interval.from.milliseconds - beginning) * 1_000_000
            let lengthNs = (interval.to.milliseconds - interval.from.milliseconds) * 1_000_000
            for place in 0..<interval.arrivals {
                let arrivalNs = fromNs + Spread.offset(place, of: interval.arrivals, over: lengthNs)
                jobs.append(Job(arrivalNs: arrivalNs, serviceNs: service.draw(&chance)))
            }
        }
        return ListedJobs(
            jobs, beginsAt: beginsAt?.milliseconds,
            lastsNs: ((endsAt?.milliseconds ?? beginning) - beginning) * 1_000_000)
    }
}

extension Measurement {
    /// When what came between two measurements began to come, as far as that is known.
    fileprivate func firstArrival(after former: Measurement, _ from: Instant, _ to: Instant) -> Instant {
        guard former.backlog == 0, completionRate.number == 0, let visible = visible.number, visible > 0,
            let age = oldestAge.number
        else { return from }
        return max(from, to - .milliseconds(Int64(age * 1000)))
    }

    /// Messages that are there, whether they wait, are in flight or delayed; nil when it is not known how many wait.
    fileprivate var backlog: Double? {
        visible.number.map { $0 + (inFlight.number ?? 0) + (delayed.number ?? 0) }
    }
}
