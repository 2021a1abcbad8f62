import WeirCore
import WeirSimulator

/// A load to try policies on, cut into parts.
public struct Track: Sendable {
    private let loads: [Load]
    public let objective: Objective
    private let searched: [(load: Int, slice: LoadSplit.Slice)]
    private let heldOut: [(load: Int, slice: LoadSplit.Slice)]
    /// What is held out, in words; nil: nothing is.
    public let heldOutWords: String?
    /// Places of the slices that are searched on, in the order in which they are tried: those of each rung first.
    private let order: [Int]
    /// How many of them belong to each rung; the last is all of them.
    public let rungs: [Int]

    /// A load with the world that it is in.
    public struct Load: Sendable {
        let jobs: [Job]
        let beginsAt: Int64?
        let lastsNs: Int64
        let model: SimulationModel

        /// - Parameters:
        ///   - jobs: sorted by arrival.
        ///   - beginsAt: in milliseconds since 1970; nil where it knows no calendar.
        ///   - lastsNs: how long it goes on, also without jobs. Unit: nanoseconds.
        public init(_ jobs: [Job], beginsAt: Int64?, lastsNs: Int64 = 0, _ model: SimulationModel) {
            self.lastsNs = lastsNs
            self.jobs = jobs
            self.beginsAt = beginsAt
            self.model = model
        }
    }

    /// - Parameter loads: at least one.
    public init(_ loads: [Load], _ objective: Objective, holdingOut rule: LoadSplit.Rule) {
        self.loads = loads
        self.objective = objective
        let splits = loads.map { LoadSplit($0.jobs, beginsAt: $0.beginsAt, rule: rule) }
        searched = splits.enumerated().flatMap { load, split in split.searched.map { (load, $0) } }
        heldOut = splits.enumerated().flatMap { load, split in split.heldOut.map { (load, $0) } }
        heldOutWords = splits.compactMap(\.heldOutWords).first
        let count = searched.count
        rungs =
            count >= 6 ? [(count + 8) / 9, (count + 2) / 3, count] : count >= 2 ? [(count + 3) / 4, count] : [count]
        // Parts lie far apart, so that the first ones are not all of one season.
        let stride = Self.stride(count)
        order = (0..<count).map { ($0 * stride + count / 2) % count }
    }

    /// Near the golden section of a number, and without a common divisor with it: steps of it visit every place once.
    private static func stride(_ count: Int) -> Int {
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        let golden = max(Int(Double(count) * 0.618), 1)
        return (golden...(golden + count)).first { divisor($0, count) == 1 } ?? 1
    }

    public var searchedJobs: Int { searched.reduce(0) { $0 + $1.slice.jobs.count } }

    // MARK: Trying

    /// How a candidate did so far; it can be tried on a larger part later.
    public struct Progress: Sendable {
        public internal(set) var totals = Totals()
        /// It cannot become the best any more.
        public internal(set) var isHopeless = false

        public init() {}
    }

    /// Tries a policy on the parts of a rung that it was not yet tried on.
    /// - Parameters:
    ///   - toBeat: an objective that is reached by a policy that keeps its condition. Whoever cannot beat it is tried no further.
    ///   - goesOn: asked again and again.
    /// - Returns: nil when it did not go on.
    public func go(
        _ policy: GroupPolicy, _ former: Progress?, rung: Int, toBeat: Double?, goesOn: @escaping () -> Bool
    ) -> Progress? {
        var progress = former ?? Progress()
        while progress.totals.count < rungs[rung], !progress.isHopeless {
            let part = searched[order[progress.totals.count]]
            guard let hopeless = simulate(policy, part, &progress.totals, toBeat, goesOn) else { return nil }
            progress.isHopeless = hopeless || isHopeless(progress.totals, toBeat)
        }
        return progress
    }

    /// What a policy does on the part that was held out; nil when nothing was, or when it did not go on.
    public func heldOut(_ policy: GroupPolicy, goesOn: @escaping () -> Bool) -> SimulationReport? {
        var totals = Totals()
        for part in heldOut {
            guard simulate(policy, part, &totals, nil, goesOn) != nil else { return nil }
        }
        return totals.whole()
    }

    /// - Returns: whether it was given up as hopeless; nil when somebody had enough of it.
    private func simulate(
        _ policy: GroupPolicy, _ part: (load: Int, slice: LoadSplit.Slice), _ totals: inout Totals, _ toBeat: Double?,
        _ goesOn: @escaping () -> Bool
    ) -> Bool? {
        let load = loads[part.load]
        let begins = (load.beginsAt ?? GeneratedLoad.monday) + part.slice.fromNs / 1_000_000
        var simulation = Simulation(
            policy, load.model, SlicedJobs(load.jobs, part.slice, beginsAt: begins, lastsNs: load.lastsNs),
            beginsAt: Instant(milliseconds: begins))
        let most = mostHours(toBeat).map { ($0 - (totals.report?.workerHours ?? 0)) * 3600 }
        var isHopeless = false
        simulation.goesOn = { progress in
            if let most, progress.instanceSeconds > most { isHopeless = true }
            return !isHopeless && goesOn()
        }
        // Jobs from memory have no mistakes.
        try? simulation.run()
        if simulation.wasInterrupted, !isHopeless { return nil }
        totals.add(simulation.report(trace: ""), simulation.waits)
        return isHopeless
    }

    // MARK: Early ends

    /// What all instances cost only grows, so whoever has needed more than another needs for all is given up.
    private func mostHours(_ toBeat: Double?) -> Double? {
        guard let toBeat else { return nil }
        switch objective.leastField {
        case "worker_hours": return toBeat
        case "cost":
            guard let price = loads[0].model.billing.hourlyPrice, price > 0 else { return nil }
            return toBeat / price
        default: return nil
        }
    }

    /// More jobs have waited too long already than may of all, or more was spent.
    private func isHopeless(_ totals: Totals, _ toBeat: Double?) -> Bool {
        guard let toBeat, let report = totals.report, totals.count < searched.count else { return false }
        if let most = mostHours(toBeat), report.workerHours > most { return true }
        guard let limit = objective.limit, let percent = WaitLimit.percents[limit.field] else { return false }
        return totals.longer(than: limit.most) > searchedJobs - WaitStatistics.rank(percent, of: searchedJobs)
    }

    /// What is to be said of a candidate.
    public func verdict(_ progress: Progress) -> Verdict? {
        guard let report = progress.totals.whole() else { return nil }
        let figures = Figures(report)
        var objective = objective.objective(figures)
        // A part is judged as if all were like it, so that it can be compared with others.
        if report.jobs < searchedJobs, report.jobs > 0, self.objective.isSum {
            objective *= Double(searchedJobs) / Double(report.jobs)
        }
        var violation = self.objective.violation(figures)
        if !objective.isFinite {
            // It divides by zero: nothing is worse.
            objective = .infinity
            violation += 1
        }
        // Whoever leaves jobs undone has waits that nobody counts.
        let undone = Verdict.violation(leaving: progress.totals.undone, of: report.jobs)
        let limited = figures[FieldName(self.objective.limitedField)]
        return Verdict(
            objective: objective, violation: violation + undone, undone: undone,
            limited: Verdict.Limited(value: limited, limit: self.objective.limit?.most ?? limited),
            isWhole: !progress.isHopeless && progress.totals.count == searched.count)
    }
}
