/// Five cron fields: minute, hour, day of month, month, day of week.
///
/// - `*`, numbers, lists, ranges and steps: `0,30`, `9-17`, `*/15`, `8-18/2`; months and days of the week also as their
///   first three letters. 0 and 7 are Sunday.
/// - When day of month and day of week are both restricted, a day that matches either will do, as in a classic crontab; a
///   field that begins with `*` restricts nothing in this sense.
///
/// It says what a local clock has to show; which moment that is, is for `TimeZoneRules` to say. It travels as its text.
public struct Recurrence: Sendable, Equatable {
    public let text: String
    /// Bit n: the value n matches.
    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    let weekdays: UInt64
    /// Both day fields are restricted: one of them is enough.
    let eitherDay: Bool

    /// Reads the five fields.
    /// - Throws: what is wrong first, with its place in the text.
    public static func parse(_ text: String) throws(RecurrenceError) -> Recurrence {
        try RecurrenceParser(text).parse()
    }

    public static func == (left: Recurrence, right: Recurrence) -> Bool { left.text == right.text }
}

/// What is wrong with a recurrence, and where.
public struct RecurrenceError: Error, Sendable, Equatable {
    /// Where it starts, in characters from the start of the text, from 0.
    public var offset: Int
    public var message: String
    /// What would be right there.
    public var expected: String
}

extension Recurrence: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = try Recurrence.parse(try container.decode(String.self))
        } catch let error as RecurrenceError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

// MARK: What matches

/// Local time here is a number of seconds: what a clock that never changed its offset would have counted since 1970.
extension Recurrence {
    /// The first match after `local`, and not after `end`.
    func next(afterLocal local: Int64, through end: Int64) -> Int64? {
        var day = local.flooringQuotient(86_400)
        var after = Int(local.flooringRemainder(86_400))
        while day * 86_400 <= end {
            let date = CalendarDate(day: day)
            if !months.holds(date.month) {
                let isDecember = date.month == 12
                day =
                    CalendarDate(
                        year: date.year + (isDecember ? 1 : 0), month: isDecember ? 1 : date.month + 1, day: 1
                    ).dayNumber
                after = -1
                continue
            }
            if matches(date, day), let second = second(after: after) {
                let match = day * 86_400 + Int64(second)
                return match <= end ? match : nil
            }
            day += 1
            after = -1
        }
        return nil
    }

    /// The last match up to and including `local`, and after `start`.
    func previous(throughLocal local: Int64, after start: Int64) -> Int64? {
        var day = local.flooringQuotient(86_400)
        var through = Int(local.flooringRemainder(86_400))
        while (day + 1) * 86_400 > start {
            let date = CalendarDate(day: day)
            if !months.holds(date.month) {
                day = CalendarDate(year: date.year, month: date.month, day: 1).dayNumber - 1
                through = 86_399
                continue
            }
            if matches(date, day), let second = second(through: through) {
                let match = day * 86_400 + Int64(second)
                return match > start ? match : nil
            }
            day -= 1
            through = 86_399
        }
        return nil
    }

    private func matches(_ date: CalendarDate, _ day: Int64) -> Bool {
        let isDay = days.holds(date.day)
        let isWeekday = weekdays.holds(CalendarDate.weekday(day))
        return eitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The first matching second of a day after this one, which may be -1.
    private func second(after second: Int) -> Int? {
        let from = second < 0 ? 0 : second / 60 + 1
        for hour in from / 60..<24 where hours.holds(hour) {
            for minute in (hour == from / 60 ? from % 60 : 0)..<60 where minutes.holds(minute) {
                return hour * 3600 + minute * 60
            }
        }
        return nil
    }

    private func second(through second: Int) -> Int? {
        let last = second / 60
        for hour in (0...last / 60).reversed() where hours.holds(hour) {
            for minute in (0...(hour == last / 60 ? last % 60 : 59)).reversed() where minutes.holds(minute) {
                return hour * 3600 + minute * 60
            }
        }
        return nil
    }
}

extension UInt64 {
    fileprivate func holds(_ value: Int) -> Bool { self & (1 << UInt64(value)) != 0 }
}
