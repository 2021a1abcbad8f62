import WeirCore

/// Estimates how long jobs would have waited: both fleets, the live one and the shadow's, serve the arrivals that were measured,
/// with the service time that was measured, in a fluid model. What the model says of the live fleet can be held against what was
/// measured of it: that is its error.
struct ShadowWaits: Sendable, Equatable, Codable {
    /// Instances in service over a stretch of time. Unit: seconds since the account began.
    struct Stretch: Sendable, Equatable, Codable {
        var from: Double
        var until: Double
        var live: Int
        var shadow: Int
    }

    private(set) var live = FluidQueue()
    private(set) var shadow = FluidQueue()
    /// Arrivals that were measured, and the visible backlog over time: by Little's law the mean wait is their ratio.
    private(set) var arrivals = 0.0
    private var visibleSeconds = 0.0
    /// Jobs that were completed, and the time for which they were in flight.
    private(set) var completions = 0.0
    private var flightSeconds = 0.0
    private var stretches: [Stretch] = []
    private var former: Former?
    /// What came while nobody knew how long a job takes: both queues serve it once that is known.
    private var unserved: [Interval] = []

    /// What came between two measurements.
    private struct Interval: Sendable, Equatable, Codable {
        var arrived: Double
        var stretches: [Stretch]
        /// Messages that one instance works on at a time.
        var live: Int
        var shadow: Int
        /// At its end nothing waited in the real queue.
        var isEmptyAfter: Bool

        /// What came right after it.
        mutating func append(_ next: Interval) {
            arrived += next.arrived
            isEmptyAfter = next.isEmptyAfter
            for stretch in next.stretches {
                if let last = stretches.last, last.live == stretch.live, last.shadow == stretch.shadow {
                    stretches[stretches.count - 1].until = stretch.until
                } else {
                    stretches.append(stretch)
                }
            }
        }
    }

    private struct Former: Sendable, Equatable, Codable {
        var at: Double
        var visible: Double
        var inFlight: Double
    }

    /// Before so many jobs were completed nobody knows how long one takes.
    static let leastCompletions = 10.0
    private static let mostStretches = 1000
    private static let mostUnserved = 300
    /// Unit: seconds.
    private static let longestUnserved = 12 * 3600.0

    /// Mean time that a job is in flight, as the source tells it of each, else by Little's law; nil until it is known. 0: jobs are so
    /// short that none was ever seen in flight.
    var serviceTime: Double? {
        completions >= Self.leastCompletions ? flightSeconds / completions : nil
    }
    var measuredMean: Double? { arrivals > 0 ? visibleSeconds / arrivals : nil }

    mutating func pass(_ stretch: Stretch) {
        guard former != nil, stretch.until > stretch.from else { return }
        if let last = stretches.last, last.until == stretch.from, last.live == stretch.live,
            last.shadow == stretch.shadow || stretches.count >= Self.mostStretches
        {
            stretches[stretches.count - 1].until = stretch.until
        } else {
            stretches.append(stretch)
        }
    }

    /// Of the time until the next measurement nothing is known.
    mutating func interrupt() {
        former = nil
        stretches = []
    }

    /// - Parameters:
    ///   - live: messages that one instance works on at a time, under the live policy.
    ///   - shadow: the same under the shadow's.
    mutating func measured(_ measurement: Measurement, at now: Double, concurrency: (live: Int, shadow: Int)) {
        guard let visible = measurement.visible.number, let inFlight = measurement.inFlight.number else { return }
        if let former {
            let span = now - former.at
            let change = visible + inFlight - former.visible - former.inFlight
            let told = (measurement.arrivalRate.number, measurement.completionRate.number)
            func count(_ arrived: Double, _ done: Double) {
                self.count(
                    arrived, done, measurement.traffic, former, isEmptyAfter: visible == 0, concurrency)
            }
            switch told {
            case (let arrived?, let done?): count(arrived * span, done * span)
            case (let arrived?, nil): count(arrived * span, max(arrived * span - change, 0))
            case (nil, let done?): count(max(done * span + change, 0), done * span)
            // Unknown, not zero.
            case (nil, nil): break
            }
        }
        let isTooLong = (unserved.first?.stretches.first).map { now - $0.from > Self.longestUnserved } ?? false
        if isTooLong { startAnew() }
        if former == nil || isTooLong, live.backlog == 0, shadow.backlog == 0, unserved.isEmpty, visible > 0 {
            let oldest = measurement.oldestAge.number ?? 0
            live.arrive(visible, from: now - oldest, until: now)
            shadow.arrive(visible, from: now - oldest, until: now)
        }
        stretches = []
        former = Former(at: now, visible: visible, inFlight: inFlight)
    }

    private mutating func count(
        _ arrived: Double, _ done: Double, _ traffic: Traffic?, _ former: Former, isEmptyAfter: Bool,
        _ concurrency: (live: Int, shadow: Int)
    ) {
        let span = stretches.reduce(0) { $0 + $1.until - $1.from }
        guard span > 0 else { return }
        arrivals += arrived
        var flight = 0.0
        var isFetchedAhead = false
        for stretch in stretches {
            let length = stretch.until - stretch.from
            visibleSeconds += former.visible * length
            // Messages fetched ahead wait in their worker: an instance works on no more than its concurrency.
            let slots = Double(stretch.live * concurrency.live)
            if former.inFlight > slots { isFetchedAhead = true }
            flight += min(former.inFlight, slots) * length
        }
        // Many a look falls just when a message is deleted: where the source tells of each how long it took, that is truer.
        if let traffic, !isFetchedAhead {
            completions += Double(traffic.services.count)
            flightSeconds += traffic.serviceSeconds
        } else {
            completions += done
            flightSeconds += flight
        }
        let interval = Interval(
            arrived: arrived, stretches: stretches, live: concurrency.live, shadow: concurrency.shadow,
            isEmptyAfter: isEmptyAfter)
        guard let serviceTime else {
            // Before the first there is nothing that could wait.
            if arrived > 0 || !unserved.isEmpty || live.backlog > 0 { unserved.append(interval) }
            if unserved.count > Self.mostUnserved { joinUnserved() }
            return
        }
        for interval in unserved { serve(interval, serviceTime) }
        unserved = []
        serve(interval, serviceTime)
    }

    /// Each two become one: what came is spread over both.
    private mutating func joinUnserved() {
        var joined: [Interval] = []
        for place in stride(from: 0, to: unserved.count, by: 2) {
            var interval = unserved[place]
            if place + 1 < unserved.count { interval.append(unserved[place + 1]) }
            joined.append(interval)
        }
        unserved = joined
    }

    /// It is not known for too long: what came until now is in neither queue, nor in what was measured.
    private mutating func startAnew() {
        unserved = []
        (live, shadow) = (FluidQueue(), FluidQueue())
        (arrivals, visibleSeconds) = (0, 0)
    }

    private mutating func serve(_ interval: Interval, _ serviceTime: Double) {
        let span = interval.stretches.reduce(0) { $0 + $1.until - $1.from }
        func rate(_ slots: Int) -> Double {
            slots == 0 ? 0 : serviceTime == 0 ? .infinity : Double(slots) / serviceTime
        }
        for stretch in interval.stretches {
            let share = interval.arrived * (stretch.until - stretch.from) / span
            live.arrive(share, from: stretch.from, until: stretch.until)
            shadow.arrive(share, from: stretch.from, until: stretch.until)
            live.flow(from: stretch.from, until: stretch.until, rate: rate(stretch.live * interval.live))
            shadow.flow(from: stretch.from, until: stretch.until, rate: rate(stretch.shadow * interval.shadow))
        }
        guard interval.isEmptyAfter, let end = interval.stretches.last?.until else { return }
        // The real queue is empty: what the model has left is its error, as an idle instance begins a whole job at once. A shadow that has
        // no more left has the same error, one that has more has a queue of its own.
        if shadow.backlog <= live.backlog + Self.sameBacklog { shadow.empty(at: end) }
        live.empty(at: end)
    }

    /// What is less apart is a rounding error. Unit: jobs.
    private static let sameBacklog = 1e-6
}
