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

    private struct Former: Sendable, Equatable, Codable {
        var at: Double
        var visible: Double
        var inFlight: Double
    }

    /// Before so many jobs were completed nobody knows how long one takes.
    static let leastCompletions = 10.0
    private static let mostStretches = 1000

    /// Mean time that a job is in flight, by Little's law; nil until it is known.
    var serviceTime: Double? {
        completions >= Self.leastCompletions && flightSeconds > 0 ? flightSeconds / completions : nil
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
            switch told {
            case (let arrived?, let done?): count(arrived * span, done * span, former, concurrency)
            case (let arrived?, nil): count(arrived * span, max(arrived * span - change, 0), former, concurrency)
            case (nil, let done?): count(max(done * span + change, 0), done * span, former, concurrency)
            // Unknown, not zero.
            case (nil, nil): break
            }
        } else if live.backlog == 0, shadow.backlog == 0, visible > 0 {
            let oldest = measurement.oldestAge.number ?? 0
            live.arrive(visible, from: now - oldest, until: now)
            shadow.arrive(visible, from: now - oldest, until: now)
        }
        stretches = []
        former = Former(at: now, visible: visible, inFlight: inFlight)
    }

    private mutating func count(
        _ arrived: Double, _ done: Double, _ former: Former, _ concurrency: (live: Int, shadow: Int)
    ) {
        let span = stretches.reduce(0) { $0 + $1.until - $1.from }
        guard span > 0 else { return }
        arrivals += arrived
        completions += done
        for stretch in stretches {
            let length = stretch.until - stretch.from
            visibleSeconds += former.visible * length
            // Messages fetched ahead wait in their worker: an instance works on no more than its concurrency.
            flightSeconds += min(former.inFlight, Double(stretch.live * concurrency.live)) * length
        }
        for stretch in stretches {
            let share = arrived * (stretch.until - stretch.from) / span
            live.arrive(share, from: stretch.from, until: stretch.until)
            shadow.arrive(share, from: stretch.from, until: stretch.until)
            guard let serviceTime else { continue }
            live.flow(
                from: stretch.from, until: stretch.until, rate: Double(stretch.live * concurrency.live) / serviceTime)
            shadow.flow(
                from: stretch.from, until: stretch.until,
                rate: Double(stretch.shadow * concurrency.shadow) / serviceTime)
        }
    }
}
