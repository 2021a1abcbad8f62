/// What a policy with a wait target has learned, and what it has under way. It is kept over restarts.
public struct WaitMemory: Sendable, Codable {
    public var policy: String
    /// When it last looked.
    var at: Instant
    var service: ServiceTimes
    /// Completions that the tables do not know of yet.
    var unread = 0.0
    /// When the last one was.
    private(set) var completedAt: Instant
    /// The expected number of messages that may be late before one more instance is launched; steered by how many are.
    private(set) var steered: Double
    /// Arrivals each second: over the planning time, and over sixteen times it.
    private(set) var rate = 0.0
    private(set) var slowRate = 0.0
    private(set) var firstArrival: Instant?
    /// How full the windows are of both, 0…1. A state of weir from before they were measured has none: they count as full.
    private(set) var filled: Double? = 0
    private var slowFilled: Double? = 0
    private(set) var burstiness = Burstiness()
    /// The newest launches, from order to in service, the newest last. Unit: seconds.
    private(set) var startups: [Double] = []
    /// What a launch is taken to take. Unit: seconds.
    private(set) var startup: Double
    /// What three of four of them take at most; nil before one was seen. Unit: seconds.
    private(set) var startupMostly: Double?
    /// Since when so many instances are more than are needed, the longest first.
    var surplus: [Surplus] = []
    /// When messages came that may be waiting still and have time left, the oldest first.
    private(set) var young: [Arrivals] = []
    /// When the source last told what is in flight; nil: it never did.
    var inFlightTold: Instant?
    /// When it wants to look again, if nothing happens before.
    var due: Instant?
    private(set) var basis: WaitTables.Basis?
    /// Follow from `basis`, and are made from it where they are not at hand.
    private(set) var tables: WaitTables?

    struct Surplus: Sendable, Equatable, Codable {
        var since: Instant
        var count: Int
    }

    struct Arrivals: Sendable, Equatable, Codable {
        var at: Instant
        var count: Int
    }

    private enum CodingKeys: String, CodingKey {
        case policy, at, service, unread, completedAt, steered, rate, slowRate, firstArrival, filled, slowFilled
        case burstiness, startups, startup, startupMostly, surplus, young, due, basis
        case inFlightTold
    }

    /// How much one message that is late, or is not, moves the tolerance.
    static let gain = 0.05
    /// The same where instances have to be there before messages are: what it moves then is seen only much later.
    static let gainAhead = 0.02
    /// Of spare capacity there is a little more than enough while more were late than may be: else what was missed at first, or in a
    /// calm before something new, would be made up for too late.
    static let interest = 1.15
    /// Of many that are due no larger share is late without another launch, as far as is expected.
    static let mostOfDue = 1.0 / 400
    /// What a launch is taken to take before one was seen. Unit: seconds.
    static let startupUnseen = 60.0
    /// Launches that are remembered.
    static let mostStartups = 64
    /// Arrivals are joined where they are nearer to each other than this share of the time that they have left.
    static let youngParts = 64.0

    /// - Parameter startup: what a launch is taken to take until one was seen. Unit: seconds.
    init(policy: String, _ target: WaitTarget, startup: Double, at now: Instant) {
        self.policy = policy
        at = now
        completedAt = now
        service = ServiceTimes()
        steered = target.share * target.share
        self.startup = startup
    }

    // MARK: Learning

    /// - Parameter planned: seconds.
    mutating func learn(_ traffic: Traffic, _ target: WaitTarget, planned: Double, at now: Instant) {
        let window = planned
        let ahead = max(0, planned - target.target.inSeconds)
        let passed = max(0, (now - at).inSeconds)
        forget(passed, window)
        if ahead == 0 { burstiness.restart(0) }
        if traffic.arrivals > 0 {
            if firstArrival == nil {
                firstArrival = now
                filled = 1 - exponential(-1 / 16)
                slowFilled = 1 - exponential(-1 / 256)
            }
            rate += Double(traffic.arrivals) / window
            slowRate += Double(traffic.arrivals) / (16 * window)
            if ahead > 0 { burstiness.arrive(traffic.arrivals, rate: forecast, ahead, at: now) }
        }
        if !traffic.services.isEmpty {
            service.learn(traffic.services)
            unread += Double(traffic.services.count)
            completedAt = now
        }
        for entry in traffic.waits.entries {
            steer(entry.count, late: target.isLate(milliseconds: entry.value), target, isAhead: ahead > 0)
        }
        remember(traffic.arrivals, target, planned: planned, at: now)
        at = now
    }

    private mutating func steer(_ count: Int, late: Bool, _ target: WaitTarget, isAhead: Bool) {
        let share = target.share
        let square = share * share
        let isInDebt = isAhead && steered < square
        let gain = isAhead ? Self.gainAhead : Self.gain
        let step = gain * (late ? (share - 1) * (isInDebt ? Self.interest : 1) : share)
        let moved = steered * exponential(step * Double(min(count, 100_000)))
        let (least, most) = isAhead ? (square * square * square, 1 / square) : (square * square, 1 / share)
        steered = min(max(moved, min(steered, least)), most)
    }

    /// Of how many were late under another target nothing follows for this one.
    mutating func steerAnew(_ target: WaitTarget) { steered = target.share * target.share }

    /// Where a launch is soon enough for a message that waits already, being too careful buys nothing: of many that are due a few
    /// more may be late.
    func tolerance(_ target: WaitTarget, isAhead: Bool, due: Int) -> Double {
        let square = target.share * target.share
        return isAhead ? steered : max(square, min(square, Self.mostOfDue) * Double(due), steered)
    }

    private mutating func forget(_ seconds: Double, _ window: Double) {
        let kept = exponential(-seconds / window)
        let slowlyKept = exponential(-seconds / (16 * window))
        rate *= kept
        slowRate *= slowlyKept
        filled = 1 - (1 - (filled ?? 1)) * kept
        slowFilled = 1 - (1 - (slowFilled ?? 1)) * slowlyKept
    }

    /// What comes; of a window that is not full yet, as if it were. Nil while nothing has come. Unit: messages a second.
    var present: Double? { firstArrival == nil ? nil : rate / (filled ?? 1) }

    /// What is expected to come. Unit: messages a second.
    var forecast: Double { firstArrival == nil ? 0 : 0.5 * (rate / (filled ?? 1) + slowRate / (slowFilled ?? 1)) }

    private mutating func remember(_ arrivals: Int, _ target: WaitTarget, planned: Double, at now: Instant) {
        let left = target.target - .milliseconds(Int64(planned * 1000))
        guard left > .zero else {
            young = []
            return
        }
        while let first = young.first, now - first.at > left { young.removeFirst() }
        guard arrivals > 0 else { return }
        if let last = young.indices.last, (now - young[last].at).inSeconds < left.inSeconds / Self.youngParts {
            young[last].count += arrivals
        } else {
            young.append(Arrivals(at: now, count: arrivals))
        }
    }

    /// - Parameter seconds: what is finer than a hundredth is left out, as it says more of when somebody looked; one that takes as
    ///   long as the target must not seem to take longer.
    mutating func started(after seconds: Double, _ target: WaitTarget) {
        startups.append((seconds * 100 + 1e-6).rounded(.down) / 100)
        if startups.count > Self.mostStartups { startups.removeFirst() }
        let sorted = startups.sorted()
        func longest(of share: Double) -> Double {
            sorted[min(max(wholeInstances(Double(sorted.count) * share) - 1, 0), sorted.count - 1)]
        }
        startup = longest(of: 1 - target.share)
        startupMostly = longest(of: 0.75)
    }

    /// Launches that now and then take longer than the target are taken for some that do not, as long as one more message may be
    /// late: nothing is held ready for what is bought already.
    /// - Parameter seconds: for so long nobody looks.
    func planned(_ target: WaitTarget, blindFor seconds: Double) -> Double {
        let usual = max(startup + seconds, 0.01)
        let wanted = target.target.inSeconds
        guard usual > wanted, let startupMostly, startupMostly + seconds <= wanted,
            steered * exponential(Self.gain * (target.share - 1)) >= target.share * target.share
        else { return usual }
        return wanted
    }

    /// Forgets how long launches took, and takes these instead, the newest last.
    mutating func restart(with seconds: [Double], _ target: WaitTarget) {
        startups = []
        startupMostly = nil
        for one in seconds { started(after: one, target) }
    }

    // MARK: Tables

    /// Makes the tables anew when much was learned since, or long ago.
    mutating func refresh(_ inHand: Tally, planned: Double, _ target: WaitTarget, matters: Bool, at now: Instant) {
        if let basis, basis.planned == planned, basis.target == target.target.inSeconds,
            unread < 1 + max(0, service.seen - unread) / 16,
            !(matters && isOld(basis, inHand, planned: planned, at: now)), now >= basis.at
        {
            if tables == nil { tables = WaitTables(basis) }
            return
        }
        let basis = WaitTables.Basis(
            service: service, inHand: inHand, planned: planned, target: target.target.inSeconds, at: now)
        unread = 0
        self.basis = basis
        tables = WaitTables(basis, after: tables)
    }

    /// - Parameter all: also for messages in hand of which nobody knows for how long.
    mutating func prepareTables(for inHand: Tally, all: Bool) {
        tables?.prepare(for: inHand)
        if all { tables?.prepareAll() }
    }

    /// Little was completed since, and what is in hand has gone on: it says more than it did.
    private func isOld(_ basis: WaitTables.Basis, _ inHand: Tally, planned: Double, at now: Instant) -> Bool {
        let patience = max(planned / 4, (now - completedAt).inSeconds / 8)
        return (now - basis.at).inSeconds > patience && (unread < 8 || service.seen < 32) && !inHand.isEmpty
    }

    mutating func move(by span: Duration) {
        at = at + span
        completedAt = completedAt + span
        firstArrival = firstArrival.map { $0 + span }
        burstiness.move(by: span)
        due = due.map { $0 + span }
        inFlightTold = inFlightTold.map { $0 + span }
        if let moved = basis { basis?.at = moved.at + span }
        for index in surplus.indices { surplus[index].since = surplus[index].since + span }
        for index in young.indices { young[index].at = young[index].at + span }
    }
}

/// The tables follow from the rest.
extension WaitMemory: Equatable {
    public static func == (left: WaitMemory, right: WaitMemory) -> Bool {
        left.policy == right.policy && left.at == right.at && left.service == right.service
            && left.unread == right.unread && left.completedAt == right.completedAt && left.steered == right.steered
            && left.burstiness == right.burstiness && left.rate == right.rate
            && left.slowRate == right.slowRate && left.firstArrival == right.firstArrival
            && left.filled == right.filled && left.slowFilled == right.slowFilled
            && left.startups == right.startups && left.startup == right.startup && left.surplus == right.surplus
            && left.young == right.young && left.inFlightTold == right.inFlightTold && left.due == right.due
            && left.basis == right.basis
    }
}

extension WaitTarget {
    /// The share of messages that may be late.
    var share: Double { 1 - percentile / 100 }

    /// One that was received at its last moment is in time.
    func isLate(milliseconds: Int) -> Bool { milliseconds > Int(target.wholeMilliseconds) }
}
