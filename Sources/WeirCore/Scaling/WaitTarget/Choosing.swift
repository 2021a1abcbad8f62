extension WaitMemory {
    /// How many of so many waiting messages have no more time left than a launch takes.
    mutating func dueCount(of waiting: Int, _ target: WaitTarget, planned: Double, at now: Instant) -> Int {
        let left = target.target - .milliseconds(Int64(planned * 1000))
        // The newest that came are those that wait, as the oldest are received first.
        var others = waiting
        for arrivals in young.reversed() {
            guard now - arrivals.at < left else { break }
            others -= arrivals.count
            due = arrivals.at + left
            if others <= 0 { break }
        }
        return max(0, others)
    }

    /// Slots to launch (more than nothing), or idle ones to let go (less).
    /// - Parameter planned: seconds.
    mutating func choose(
        _ estimate: WaitEstimate, waiting: Int, idle: Int, tolerance: Double, planned: Double, at now: Instant
    ) -> Int {
        let ahead = estimate.ahead
        let free = Double(idle)
        if estimate.due > 0 || ahead > 0 && idle > 0 { look(again: planned / 8, at: now) }
        let steadily = estimate.steadilyNeeded(idle: free, tolerance: tolerance)
        if steadily > 0 { return steadily }
        let foreseen = estimate.foreseen(idle: free, tolerance: tolerance)
        if estimate.due > 0 || ahead > 0, estimate.late(idle: free, more: 0) >= tolerance {
            surplus = []
            return max(foreseen, Self.fewest { estimate.late(idle: free, more: Double($0)) < tolerance })
        }
        if foreseen > 0 {
            surplus = []
            return foreseen
        }
        if ahead > 0 {
            // Of short work all may be in hand for a moment, and yet fewer would do.
            var nothingDue = estimate
            nothingDue.due = 0
            nothingDue.age = 0
            let all = idle + Int(min(estimate.working, 1e9))
            follow(Self.most(upTo: all) { nothingDue.late(idle: free - Double($0), more: 0) < tolerance }, at: now)
            if waiting > 0 { return 0 }
        } else {
            surplus = []
            if idle == 0 || waiting > 0 { return 0 }
            follow(max(0, idle - Int(min(estimate.kept, 1e9))), at: now)
        }
        let released = release(atMost: idle, after: ahead, slots: estimate.slots, at: now)
        if idle > released {
            look(again: planned / 16, at: now)
            if let first = surplus.first, (now - first.since).inSeconds < ahead {
                look(again: (first.since - now).inSeconds + ahead, at: now)
            }
        }
        return -released
    }

    private mutating func look(again seconds: Double, at now: Instant) {
        let moment = now + .milliseconds(max(1, Int64(seconds * 1000)))
        due = due.map { min($0, moment) } ?? moment
    }

    /// The smallest number above zero that is enough, where more never is less so.
    private static func fewest(_ isEnough: (Int) -> Bool) -> Int {
        var high = 1
        while high < 1 << 20, !isEnough(high) { high *= 2 }
        var low = high / 2
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// The largest number, from zero on, that leaves enough, where more never leaves more.
    private static func most(upTo limit: Int, _ leavesEnough: (Int) -> Bool) -> Int {
        var low = 0
        var high = limit + 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if leavesEnough(middle) { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: What is more than is needed

    private mutating func follow(_ spare: Int, at now: Instant) {
        var count = surplus.reduce(0) { $0 + $1.count }
        while count > spare, let last = surplus.indices.last {
            let less = min(surplus[last].count, count - spare)
            surplus[last].count -= less
            count -= less
            if surplus[last].count == 0 { surplus.removeLast() }
        }
        if count < spare { surplus.append(Surplus(since: now, count: spare - count)) }
    }

    /// Those that have been too many for so long, as many as make whole instances; what is over goes on being to spare.
    /// - Parameters:
    ///   - seconds: for so long.
    ///   - slots: of an instance.
    private mutating func release(atMost limit: Int, after seconds: Double, slots: Double, at now: Instant) -> Int {
        var ripe = 0
        for spare in surplus where (now - spare.since).inSeconds >= seconds - 1e-9 { ripe += spare.count }
        let released = min(limit, ripe) / Int(slots) * Int(slots)
        var left = released
        while left > 0, let first = surplus.first {
            let count = min(first.count, left)
            left -= count
            surplus[0].count -= count
            if surplus[0].count == 0 { surplus.removeFirst() }
        }
        return released
    }
}
