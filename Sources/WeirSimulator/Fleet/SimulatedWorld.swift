import WeirCore

/// One group among those that are simulated together.
public final class SimulatedGroup {
    /// Not public: the optimizer of Swift 6.3 ends with a failed assertion where it makes a public setter for it.
    var simulation: Simulation

    public init(_ simulation: consuming Simulation) {
        self.simulation = simulation
    }

    /// What came of it until now.
    public func report(trace: String) -> SimulationReport { simulation.report(trace: trace) }
    public var timeline: Timeline? { simulation.timeline }
    public var waits: WaitStatistics { simulation.waits }
}

/// Groups on one made-up clock, under the limits that they share. Each has its own queue, jobs and instances; they meet only where one
/// of them decides: it sees what the others leave to it, and others are woken by what it gives back or takes.
///
/// The group whose next event is the earliest goes on, until it has decided or another one is earlier. Of two at one moment the one that
/// was named first goes first.
public final class SimulatedWorld {
    public let groups: [SimulatedGroup]
    public let limits: SharedLimits
    /// Asked again and again whether to go on; nil: it goes on.
    public var goesOn: ((SimulationProgress) -> Bool)?

    /// - Parameter groups: that begin at the same moment of the calendar.
    public init(_ groups: [SimulatedGroup], limits: [FleetLimit]) {
        self.groups = groups
        self.limits = SharedLimits(limits)
    }

    /// Until the last job of the last group has ended, or somebody has enough of it.
    /// - Throws: what is wrong with a trace.
    public func run() throws(TraceFailure) {
        for group in groups where group.simulation.policy.$fleet.isThere { group.simulation.limits = limits }
        follow()
        if groups.count == 1 { return try groups[0].simulation.run() }
        for group in groups { try group.simulation.begin() }
        while !groups.contains(where: { $0.simulation.wasInterrupted }),
            !groups.allSatisfy({ $0.simulation.isOver })
        {
            try step()
        }
        let endNs = groups.reduce(0) { max($0, $1.simulation.lastNs) }
        let wasInterrupted = groups.contains { $0.simulation.wasInterrupted }
        for group in groups { group.simulation.end(atNs: endNs, wasInterrupted: wasInterrupted) }
    }

    private func step() throws(TraceFailure) {
        var first = 0
        var (firstNs, secondNs) = (groups[0].simulation.nextNs, Int64.max)
        for index in groups.indices.dropFirst() {
            let nextNs = groups[index].simulation.nextNs
            if nextNs < firstNs {
                (first, secondNs, firstNs) = (index, firstNs, nextNs)
            } else {
                secondNs = min(secondNs, nextNs)
            }
        }
        try groups[first].simulation.advance(until: secondNs)
        let nowNs = groups[first].simulation.nowNs
        for name in limits.takeWoken() {
            for group in groups where group.simulation.policy.name == name {
                group.simulation.driver.nudge(atNs: nowNs)
            }
        }
    }

    /// Each tells how far it is; told on is how far all are.
    private func follow() {
        guard let goesOn else { return }
        var told = groups.map { _ in SimulationProgress(nowNs: 0, events: 0, shareRead: 0) }
        for index in groups.indices {
            groups[index].simulation.goesOn = { progress in
                told[index] = progress
                return goesOn(Self.sum(told))
            }
        }
    }

    static func sum(_ told: [SimulationProgress]) -> SimulationProgress {
        let shares = told.map(\.shareRead)
        let known = shares.compactMap { $0 }
        return SimulationProgress(
            nowNs: told.reduce(0) { max($0, $1.nowNs) }, events: told.reduce(0) { $0 + $1.events },
            shareRead: known.count == shares.count ? known.reduce(0, +) / Double(max(known.count, 1)) : nil)
    }
}

/// Jobs that come later by the same span, so that loads of several groups have one beginning.
public final class ShiftedJobs: JobSource {
    private let source: any JobSource
    private let shiftNs: Int64
    public let beginsAt: Int64?

    /// - Parameters:
    ///   - beginsAt: when the clock begins. A load that does not say when it was begins then, too. Unit: milliseconds since 1970.
    ///   - name: of the load, for what is wrong with it.
    /// - Throws: when it comes so much later that both together are no load.
    public init(_ source: any JobSource, beginsAt: Int64, name: String) throws(TraceFailure) {
        self.source = source
        self.beginsAt = beginsAt
        let (begin, own) = (Instant(milliseconds: beginsAt), Instant(milliseconds: source.beginsAt ?? beginsAt))
        guard let shiftNs = LoadLimits.span(from: begin, to: own) else {
            throw TraceFailure(
                path: name,
                problem: "begins too long after the first of these loads, at \(begin.rfc3339): \(LoadLimits.tooLong)")
        }
        self.shiftNs = shiftNs
    }

    public var lastsNs: Int64 { source.lastsNs == 0 ? 0 : source.lastsNs + shiftNs }
    public var remarks: [String] { source.remarks }
    public var shareRead: Double? { source.shareRead }

    public func read(_ count: Int, into jobs: inout ContiguousArray<Job>) throws(TraceFailure) {
        let before = jobs.count
        try source.read(count, into: &jobs)
        guard shiftNs != 0 else { return }
        for index in before..<jobs.count { jobs[index].arrivalNs += shiftNs }
    }
}
