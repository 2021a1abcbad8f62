import WeirSimulator

/// Which part of a load is searched on, and which is held out, to see whether what was found holds there too.
public struct LoadSplit: Sendable {
    /// Jobs one after the other without a gap, on their own.
    public struct Slice: Sendable {
        /// Of the jobs of the load.
        public var jobs: Range<Int>
        /// Where its time begins. Unit: nanoseconds since the beginning of the load.
        public var fromNs: Int64
    }

    public enum Rule: String, Sendable, CaseIterable {
        /// Every fourth day of four days or more, else the last quarter of two hours or more, else nothing.
        case automatic = "auto"
        case everyFourthDay = "every-fourth-day"
        case lastQuarter = "last-quarter"
        case nothing = "none"
    }

    /// What was held out, in words; nil: nothing was.
    public private(set) var heldOutWords: String?
    public private(set) var searched: [Slice]
    public private(set) var heldOut: [Slice]

    private static let dayNs: Int64 = 86_400_000_000_000

    /// - Parameters:
    ///   - jobs: sorted by arrival.
    ///   - beginsAt: of the load, in milliseconds since 1970, so that days are those of the calendar (UTC); nil: they are counted from the first job.
    public init(_ jobs: [Job], beginsAt: Int64?, rule: Rule) {
        let spanNs = jobs.last?.arrivalNs ?? 0
        let offsetNs = (beginsAt ?? 0) % 86_400_000 * 1_000_000
        let days = Int((spanNs + offsetNs) / Self.dayNs) + 1
        searched = [Slice(jobs: 0..<jobs.count, fromNs: 0)]
        heldOut = []
        switch rule {
        case .automatic where days >= 4, .everyFourthDay: splitDays(jobs, days: days, offsetNs: offsetNs)
        case .automatic where spanNs >= Self.dayNs / 12, .lastQuarter:
            let cutNs = spanNs / 4 * 3
            let cut = Self.first(from: cutNs, in: jobs)
            guard cut > 0, cut < jobs.count else { return }
            searched = [Slice(jobs: 0..<cut, fromNs: 0)]
            heldOut = [Slice(jobs: cut..<jobs.count, fromNs: cutNs)]
            heldOutWords = "the last quarter"
        case .automatic, .nothing: break
        }
    }

    /// Runs of days that are searched on, and each fourth one between them.
    private mutating func splitDays(_ jobs: [Job], days: Int, offsetNs: Int64) {
        var searched: [Slice] = []
        var heldOut: [Slice] = []
        var start = 0
        for day in 0..<days {
            let isHeldOut = day % 4 == 3
            guard isHeldOut || day == days - 1 || (day + 1) % 4 == 3 else { continue }
            let fromDay = isHeldOut ? day : day / 4 * 4
            let fromNs = max(Int64(fromDay) * Self.dayNs - offsetNs, 0)
            let end = Self.first(from: Int64(day + 1) * Self.dayNs - offsetNs, in: jobs)
            if end > start {
                let slice = Slice(jobs: start..<end, fromNs: fromNs)
                if isHeldOut { heldOut.append(slice) } else { searched.append(slice) }
            }
            start = end
        }
        guard !searched.isEmpty, !heldOut.isEmpty else { return }
        self.searched = searched
        self.heldOut = heldOut
        heldOutWords = "every fourth day"
    }

    private static func first(from momentNs: Int64, in jobs: [Job]) -> Int {
        var (low, high) = (0, jobs.count)
        while low < high {
            let middle = (low + high) / 2
            if jobs[middle].arrivalNs < momentNs { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The jobs of a slice, in its own time.
final class SlicedJobs: JobSource {
    private let jobs: [Job]
    private let slice: LoadSplit.Slice
    private var position: Int
    let beginsAt: Int64?
    let lastsNs: Int64

    /// - Parameter lastsNs: how long the load goes on: so does its last slice. Unit: nanoseconds.
    init(_ jobs: [Job], _ slice: LoadSplit.Slice, beginsAt: Int64?, lastsNs: Int64) {
        self.lastsNs = slice.jobs.upperBound == jobs.count ? max(0, lastsNs - slice.fromNs) : 0
        self.jobs = jobs
        self.slice = slice
        self.beginsAt = beginsAt
        position = slice.jobs.lowerBound
    }

    func read(_ count: Int, into chunk: inout ContiguousArray<Job>) throws(TraceFailure) {
        let end = min(position + count, slice.jobs.upperBound)
        for job in jobs[position..<end] {
            chunk.append(Job(arrivalNs: job.arrivalNs - slice.fromNs, serviceNs: job.serviceNs))
        }
        position = end
    }
}
