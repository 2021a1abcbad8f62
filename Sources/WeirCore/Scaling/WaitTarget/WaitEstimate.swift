/// What is expected of the messages that wait, with the instances that there are and some more.
struct WaitEstimate {
    let tables: WaitTables
    /// Seconds.
    let planned: Double
    let target: Double
    /// Messages that one instance works on at a time.
    let slots: Double
    /// Messages that have to be received within the planning time, and all that wait.
    var due = 0.0
    var waiting = 0.0
    /// Of the oldest. Unit: seconds.
    var age = 0.0
    /// What comes, as it is now and as it is expected to be. Unit: messages a second. Nil while nothing has come.
    var rate: Double?
    var forecast = 0.0
    /// How full the window is that `rate` is of, 0…1.
    var filled = 1.0
    var dispersion = 0.0
    /// What instances that are at work or on their way will receive within the planning time.
    private(set) var expected = 0.0
    private(set) var variance = 0.0
    /// Sums over those at work.
    private var sums = WaitTables.Working(still: 0)
    private var stillVariance = 0.0
    private(set) var working = 0.0
    /// Messages in hand that would wait again, were those at work on them not there.
    private var returned = 0.0
    private var starting = 0.0
    /// Of those that start: what they receive within the tables' longer horizon; there before the target is over; and what these
    /// receive by then.
    private var startingLater = 0.0
    private var startingLaterVariance = 0.0
    private var startingReady = 0.0
    private var startingEarly = 0.0

    init(_ tables: WaitTables, planned: Double, target: Double, slots: Int) {
        self.tables = tables
        self.planned = planned
        self.target = target
        self.slots = Double(slots)
    }

    /// By how much the planning time is longer than the target, or the other way round. Unit: seconds.
    var ahead: Double { max(0, planned - target) }
    private var atOnce: Double { tables.renewals.received(within: planned) }
    private var atOnceVariance: Double { tables.renewals.variance(within: planned) }

    private mutating func add(_ entry: WaitTables.Working, _ count: Double) {
        sums.next += count * entry.next
        sums.variance += count * entry.variance
        sums.noneLogarithm += count * entry.noneLogarithm
        sums.later += count * entry.later
        sums.laterVariance += count * entry.laterVariance
        sums.early += count * entry.early
        sums.still += count * entry.still
        stillVariance += count * entry.still * (1 - entry.still)
        expected += count * entry.next
        variance += count * entry.variance
    }

    /// The tables are prepared for these.
    mutating func works(_ inHand: Tally) {
        for entry in inHand.entries {
            guard let made = tables.working[min(max(entry.value, 0), ServiceTimes.buckets - 1)] else { continue }
            working += Double(entry.count)
            add(made, Double(entry.count))
        }
    }

    /// Where nobody can tell for how long they have been at work: as in a long run. All of the tables are prepared.
    mutating func works(_ count: Double) {
        guard count > 0 else { return }
        var shares = [0.0]
        for bucket in 1..<ServiceTimes.buckets {
            let width = LogScale.work.edge(bucket) - LogScale.work.edge(bucket - 1)
            shares.append(width * (tables.survival.shares[bucket] + tables.survival.shares[bucket + 1]) / 2)
        }
        let weight = shares.reduce(0, +)
        guard weight > 0 else { return }
        working += count
        for bucket in shares.indices {
            if let made = tables.working[bucket] { add(made, count * shares[bucket] / weight) }
        }
    }

    /// Instances whose launch began so long ago. Unit: seconds.
    mutating func starts(_ count: Double, since elapsed: Double) {
        let elapsed = min(max(elapsed, 0), planned)
        starting += count * slots
        expected += count * slots * tables.renewals.received(within: elapsed)
        variance += count * slots * tables.renewals.variance(within: elapsed)
        if let longer = tables.longer {
            startingLater += count * slots * longer.received(within: tables.grace + elapsed)
            startingLaterVariance += count * slots * longer.variance(within: tables.grace + elapsed)
        }
        guard ahead > 0, elapsed >= target else { return }
        startingReady += count * slots
        startingEarly += count * slots * (tables.renewals.received(within: elapsed - target) - 1)
    }

    // MARK: Late messages

    /// - Parameters:
    ///   - idle: slots without a message; below zero, so many at work are thought away as well.
    ///   - more: instances that are launched now.
    /// - Returns: how many messages are expected to be late, those that are late for long counting for more.
    func late(idle: Double, more: Double) -> Double {
        if idle < 0 { return without(-idle).late(idle: 0, more: more) }
        // Each of these receives one for certain.
        let sure = idle + starting + more * slots
        var mean = received(idle: idle) + more * slots
        var square = spread(idle: idle)
        var patience = target
        if ahead > 0, let longer = tables.longer {
            (mean, square) = receivedLater(idle: idle, more: more * slots, longer)
            patience = longer.horizon
        }
        let impatience = max(1, age / patience)
        let late = min(shortfall(mean, square, sure), max(0, due - sure)) * impatience * impatience
        guard ahead > 0, rate != nil else { return late }
        return max(late, lateOfNext(idle: idle, more: more * slots, sure, spread(idle: idle)))
    }

    /// Where a launch takes longer than the target, nothing helps a message in time that waits already: those that are launched
    /// for it have a little longer, so that one can do for several.
    private func receivedLater(idle: Double, more: Double, _ longer: Renewals) -> (mean: Double, variance: Double) {
        let (horizon, grace) = (longer.horizon, tables.grace)
        return (
            sums.later + startingLater + idle * longer.received(within: horizon)
                + more * longer.received(within: grace),
            sums.laterVariance + startingLaterVariance + idle * longer.variance(within: horizon)
                + more * longer.variance(within: grace)
        )
    }

    /// How many of those that are due are not received.
    private func shortfall(_ received: Double, _ spread: Double, _ sure: Double) -> Double {
        guard due > 0 else { return 0 }
        if sure == 0, due <= 1 { return due * exponential(sums.noneLogarithm) }
        let deviation = (spread + 1e-12).squareRoot()
        let distance = (due - received) / deviation
        if distance < -7 { return 0 }
        if distance > 7 { return due - received }
        return deviation * (normalDensity(distance) + distance * normalShare(below: distance))
    }

    /// Where a launch takes longer than the target: the probability that messages that have not come yet will wait too long,
    /// times how many of them there are while a launch lasts.
    private func lateOfNext(idle: Double, more: Double, _ sure: Double, _ spread: Double) -> Double {
        let rate = max(forecast, 1e-9)
        let coming = rate * ahead
        let taken = rate * tables.busyTime
        let comingVariance = coming + coming * ahead / (2 * planned) + dispersion * coming * coming
        let served = waiting + returned + coming + 1 - (sums.next + sure * atOnce)
        let first = waiting + returned + coming + 1 - sure
        let freed =
            sums.next - sums.early + idle * (atOnce - tables.renewals.received(within: ahead))
            + (expected - sums.next - startingReady - startingEarly)
        let inHand =
            sums.still + waiting * tables.survival.after(ahead) + taken + 1 - (working + idle + startingReady) - freed
            - more
        let share = sums.next > 0 ? sums.early / sums.next : 0
        let inHandVariance =
            stillVariance + taken + taken * tables.busyTime / (2 * planned) + dispersion * taken * taken
            + max(0, sums.variance * (1 - share))
        func probability(_ excess: Double, _ variance: Double) -> Double {
            normalShare(below: (excess - 0.5) / (variance + 1e-9).squareRoot())
        }
        let queued = min(probability(served, comingVariance + spread), probability(first, comingVariance))
        return max(queued, probability(inHand, inHandVariance)) * max(1, rate * planned)
    }

    private func without(_ count: Double) -> WaitEstimate {
        var fewer = self
        let kept = working > 0 ? max(0, 1 - count / working) : 0
        fewer.returned = count
        fewer.working *= kept
        fewer.expected -= sums.next * (1 - kept)
        fewer.variance -= sums.variance * (1 - kept)
        fewer.sums.next *= kept
        fewer.sums.variance *= kept
        fewer.sums.early *= kept
        return fewer
    }

    // MARK: Where a launch takes less than the target

    /// Instances that would be at work from their start until the newest message has to be received: only for the rest of
    /// what waits a launch can wait, too.
    func steadilyNeeded(idle: Double, tolerance: Double) -> Int {
        guard ahead == 0, let longer = tables.longer, waiting > 0 else { return 0 }
        let received = sums.later + idle * longer.received(within: target) + startingLater
        let each = longer.received(within: tables.grace) * slots
        guard waiting - received >= tolerance else { return 0 }
        return max(0, Int(min(((waiting - received) / each + 1e-9).rounded(.down), 1e6)))
    }

    /// What an instance that is there when a launch that begins now is receives within the target.
    private var receivedFromThenOn: Double { (tables.longer ?? tables.renewals).received(within: target) }

    /// How many of those that will wait when a launch that begins now is there are not received in time by those that are there
    /// already. What comes until then comes at the present rate; less a deviation, in which what that rate was counted from has its
    /// part.
    func lateSoon(idle: Double) -> Double {
        // A rate of a moment is none.
        guard ahead == 0, let rate, filled >= 0.5 else { return 0 }
        let coming = rate * planned
        let variance = coming + coming / filled + spread(idle: idle)
        let left = waiting + coming - received(idle: idle) - variance.squareRoot()
        return max(0, left - (working + idle + starting) * (receivedFromThenOn - 1))
    }

    /// Instances that would be at work all the time for these, from their start on: each receives several in time, and one that is
    /// launched when they are due already only one. Of long work it is one in any case, and a launch can wait until it is known
    /// what comes.
    func foreseen(idle: Double, tolerance: Double) -> Int {
        let late = lateSoon(idle: idle)
        let each = receivedFromThenOn
        guard late >= tolerance, each >= 2 else { return 0 }
        return Int(min((late / (each * slots) + 1e-9).rounded(.down), 1e6))
    }

    /// Idle slots that the arrivals of the planning time will need.
    var kept: Double { max(0, (((rate ?? 0) * planned - expected) / atOnce + 1e-9).rounded(.down)) }

    // MARK: For people

    func received(idle: Double) -> Double { expected + idle * atOnce }
    func spread(idle: Double) -> Double { variance + idle * atOnceVariance }

    /// The probability that all that are due are received in time.
    func sureness(idle: Double) -> Double {
        normalShare(below: (received(idle: idle) - due + 0.5) / (spread(idle: idle) + 1e-12).squareRoot())
    }
}
