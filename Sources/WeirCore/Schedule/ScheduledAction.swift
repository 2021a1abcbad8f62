/// Sets sizes of the group at a certain time, or again and again. Source: EC2 Auto Scaling, "Scheduled scaling".
public struct ScheduledAction: Sendable, Equatable, Codable {
    /// Unique in its group.
    public var name: String
    /// When it runs, or first runs. Nil: whenever its recurrence says.
    public var startTime: Instant?
    /// It does not run after this.
    public var endTime: Instant?
    /// Nil: it runs once, at its start time.
    public var recurrence: Recurrence?
    /// Whose clocks the recurrence speaks of. Default: UTC.
    public var timeZone: TimeZoneRules
    /// What it sets. At least one of the three; the others keep their values.
    public var minSize: Int?
    public var maxSize: Int?
    public var desiredCapacity: Int?

    public init(
        name: String, startTime: Instant? = nil, endTime: Instant? = nil, recurrence: Recurrence? = nil,
        timeZone: TimeZoneRules = .utc, minSize: Int? = nil, maxSize: Int? = nil, desiredCapacity: Int? = nil
    ) {
        self.name = name
        self.startTime = startTime
        self.endTime = endTime
        self.recurrence = recurrence
        self.timeZone = timeZone
        self.minSize = minSize
        self.maxSize = maxSize
        self.desiredCapacity = desiredCapacity
    }
}

extension ScheduledAction {
    /// When it runs next, strictly after a moment; nil when it never does any more.
    /// - Parameter end: do not look further than this. Nil: as far as the calendar goes before it repeats itself.
    public func next(after now: Instant, through end: Instant? = nil) -> Instant? {
        let last = [end, endTime].compactMap(\.self).min()
        var found: Instant?
        if let startTime, startTime > now {
            found = startTime
        } else if let recurrence {
            found = recurrence.next(after: now, through: last, in: timeZone)
        }
        guard let found, last.map({ found <= $0 }) ?? true else { return nil }
        return found
    }

    /// The last time at which it was due, after `start` and up to `now`.
    public func lastDue(after start: Instant, through now: Instant) -> Instant? {
        var found: Instant?
        if let recurrence {
            // It does not recur before it starts.
            found = recurrence.last(
                after: max(start, startTime ?? start), through: min(now, endTime ?? now), in: timeZone)
        }
        if let found { return found }
        guard let startTime, startTime > start, startTime <= now else { return nil }
        return startTime
    }
}

extension ScheduledAction {
    /// Both recur by the same clock at the same times, and are there at one of them together.
    public func recursWith(_ other: ScheduledAction) -> Bool {
        guard let recurrence, let others = other.recurrence, recurrence.matchesAlike(others), timeZone == other.timeZone
        else { return false }
        let begin = [startTime, other.startTime].compactMap(\.self).max() ?? Instant(milliseconds: 0)
        let end = [endTime, other.endTime].compactMap(\.self).min()
        let both = ScheduledAction(name: name, recurrence: recurrence, timeZone: timeZone)
        return both.next(after: begin - .milliseconds(1), through: end) != nil
    }
}

extension Recurrence {
    /// It is the same, however it is written.
    fileprivate func matchesAlike(_ other: Recurrence) -> Bool {
        (minutes, hours, days, months, weekdays, eitherDay)
            == (other.minutes, other.hours, other.days, other.months, other.weekdays, other.eitherDay)
    }

    /// The first moment after `now`, and not after `end`.
    fileprivate func next(after now: Instant, through end: Instant?, in zone: TimeZoneRules) -> Instant? {
        let second = now.milliseconds.flooringQuotient(1000)
        let cycle = second + Limits.calendarCycleDays * 86_400
        // Local clocks are at most a day from UTC.
        let last = (end.map { min($0.milliseconds.flooringQuotient(1000), cycle) } ?? cycle) + 86_400
        var local = second + Int64(zone.offset(at: second))
        while let match = next(afterLocal: local, through: last) {
            let moment = Instant(milliseconds: zone.moment(ofLocal: match) * 1000)
            if moment > now { return end.map { moment <= $0 } ?? true ? moment : nil }
            // The clocks were set back, and it has come already.
            local = match
        }
        return nil
    }

    fileprivate func last(after start: Instant, through now: Instant, in zone: TimeZoneRules) -> Instant? {
        guard start < now else { return nil }
        let second = now.milliseconds.flooringQuotient(1000)
        let first = start.milliseconds.flooringQuotient(1000)
        // Clocks that were set back within a day have shown later times than now.
        var local = second + Int64(max(zone.offset(at: second), zone.offset(at: second - 86_400)))
        let floor = first + Int64(min(zone.offset(at: first), zone.offset(at: first - 86_400))) - 1
        while let match = previous(throughLocal: local, after: floor) {
            let moment = Instant(milliseconds: zone.moment(ofLocal: match) * 1000)
            if moment <= now { return moment > start ? moment : nil }
            local = match - 1
        }
        return nil
    }
}
