import Glibc

/// A queue as a fluid: arrivals are spread evenly over each interval, and so much of them flows away as there is capacity, first
/// in, first out. Its waits are those of the fluid: chance within an interval is not in them.
struct FluidQueue: Sendable, Equatable, Codable {
    /// What arrived evenly over one interval and has not been begun. Unit: seconds since some moment, and jobs.
    private struct Parcel: Sendable, Equatable, Codable {
        var from: Double
        var until: Double
        var jobs: Double
    }

    private var parcels: [Parcel] = []
    private(set) var waits = WaitTally()

    /// Beyond this many, neighbours are joined.
    private static let mostParcels = 1000
    /// Less than this is a rounding error.
    private static let leastJobs = 1e-9

    var backlog: Double { parcels.reduce(0) { $0 + $1.jobs } }

    mutating func arrive(_ jobs: Double, from: Double, until: Double) {
        guard jobs > Self.leastJobs else { return }
        parcels.append(Parcel(from: from, until: until, jobs: jobs))
        if parcels.count > Self.mostParcels { joinNeighbours() }
    }

    /// - Parameter rate: jobs that are begun in a second, when there are any.
    mutating func flow(from: Double, until end: Double, rate: Double) {
        var now = from
        while rate > 0, now < end, let first = parcels.first, first.from < end {
            now = max(now, first.from)
            let taken = begin(first, at: now, end: end, rate: rate)
            now = taken.until
            guard taken.share < 1 else {
                parcels.removeFirst()
                continue
            }
            parcels[0].from += (first.until - first.from) * taken.share
            parcels[0].jobs -= first.jobs * taken.share
            if parcels[0].jobs <= Self.leastJobs { parcels.removeFirst() }
        }
    }

    /// All of it is begun by now: what was left waited until now at the longest.
    mutating func empty(at now: Double) {
        for parcel in parcels {
            waits.add(parcel.jobs, from: max(now - parcel.from, 0), to: max(now - parcel.until, 0))
        }
        parcels = []
    }

    /// The share x of a parcel has arrived at `from + x·span`, and is begun at `at + x·jobs/rate`, or when it arrives if that is
    /// later.
    /// - Returns: how much of it is begun by `end`, and until when that takes.
    private mutating func begin(
        _ parcel: Parcel, at now: Double, end: Double, rate: Double
    ) -> (share: Double, until: Double) {
        let span = parcel.until - parcel.from
        let needs = parcel.jobs / rate
        let behind = now - parcel.from
        // Faster than it comes: from this share on nothing waits.
        let caughtUp = span > needs ? behind / (span - needs) : .infinity
        let delayed = min(caughtUp, 1, needs > 0 ? (end - now) / needs : 1)
        if delayed > 0 {
            waits.add(parcel.jobs * delayed, from: behind, to: max(behind + delayed * (needs - span), 0))
        }
        guard caughtUp < 1, delayed == caughtUp else { return (delayed, now + delayed * needs) }
        let share = span > 0 ? min((end - parcel.from) / span, 1) : 1
        waits.add(parcel.jobs * max(share - delayed, 0), from: 0, to: 0)
        return (share, parcel.from + share * span)
    }

    private mutating func joinNeighbours() {
        var joined: [Parcel] = []
        for (number, parcel) in parcels.enumerated() {
            if number % 2 == 1 {
                joined[joined.count - 1].until = parcel.until
                joined[joined.count - 1].jobs += parcel.jobs
            } else {
                joined.append(parcel)
            }
        }
        parcels = joined
    }
}

/// How long jobs waited: mean and maximum as they are, quantiles to within a tenth.
struct WaitTally: Sendable, Equatable, Codable {
    private(set) var jobs = 0.0
    /// Unit: seconds.
    private(set) var total = 0.0
    private(set) var longest = 0.0
    /// Jobs by the logarithm of their wait; the first are those that did not wait.
    private var buckets: [Double] = []

    private static let growth = 1.1
    /// Unit: seconds; what waits less waits not at all.
    private static let shortest = 0.01
    private static let mostBuckets = 256

    var mean: Double? { jobs > 0 ? total / jobs : nil }

    /// Jobs whose waits lie evenly between two.
    mutating func add(_ count: Double, from first: Double, to last: Double) {
        guard count > 0 else { return }
        jobs += count
        total += count * (first + last) / 2
        longest = max(longest, first, last)
        let parts = first == last ? 1 : 8
        for part in 0..<parts {
            let wait = first + (last - first) * (Double(part) + 0.5) / Double(parts)
            let number = wait < Self.shortest ? 0 : 1 + Int(log(wait / Self.shortest) / log(Self.growth))
            let bucket = min(number, Self.mostBuckets - 1)
            while buckets.count <= bucket { buckets.append(0) }
            buckets[bucket] += count / Double(parts)
        }
    }

    /// The wait that this share of the jobs did not exceed; nil when there were none.
    func quantile(_ share: Double) -> Double? {
        guard jobs > 0 else { return nil }
        var left = jobs * share
        for (number, count) in buckets.enumerated() {
            left -= count
            guard left <= jobs * 1e-12 else { continue }
            return number == 0 ? 0 : min(Self.shortest * pow(Self.growth, Double(number)), longest)
        }
        return longest
    }
}
