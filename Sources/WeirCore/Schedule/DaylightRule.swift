/// What a zone does every year from some year on: a POSIX TZ string, such as `EST5EDT,M3.2.0,M11.1.0`. Source: POSIX,
/// "Environment Variables"; RFC 8536, section 3.3.
public struct DaylightRule: Sendable, Equatable, Codable {
    /// Seconds east of UTC, in winter or all the year.
    var standard: Int
    /// In summer; nil when there is none.
    var daylight: Daylight?

    struct Daylight: Sendable, Equatable, Codable {
        var offset: Int
        var start: Change
        var end: Change
    }

    /// When the clocks are changed, by the clock that is changed.
    struct Change: Sendable, Equatable, Codable {
        var day: Day
        /// Seconds from the start of that day, also below zero or beyond a day.
        var time: Int
    }

    enum Day: Sendable, Equatable, Codable {
        /// `J60` is always the first of March.
        case julian(Int)
        /// `59`, from 0 and with leap days.
        case ofYear(Int)
        /// `M3.2.0`: the second Sunday of March; week 5 is the last one.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// The offset at a moment, in seconds since 1970.
    func offset(at second: Int64) -> Int {
        guard let daylight else { return standard }
        let year = CalendarDate(day: (second + Int64(standard)).flooringQuotient(86_400)).year
        let start = daylight.start.second(of: year) - Int64(standard)
        let end = daylight.end.second(of: year) - Int64(daylight.offset)
        // South of the equator summer goes over the turn of the year.
        let isSummer = start < end ? start <= second && second < end : !(end <= second && second < start)
        return isSummer ? daylight.offset : standard
    }
}

extension DaylightRule.Change {
    /// By the local clock, in seconds since 1970.
    fileprivate func second(of year: Int) -> Int64 { day.number(in: year) * 86_400 + Int64(time) }
}

extension DaylightRule.Day {
    /// Days since 1970-01-01.
    fileprivate func number(in year: Int) -> Int64 {
        let first = CalendarDate(year: year, month: 1, day: 1).dayNumber
        switch self {
        case .ofYear(let day): return first + Int64(day)
        case .julian(let day):
            let march = CalendarDate(year: year, month: 3, day: 1).dayNumber
            return day < 60 ? first + Int64(day - 1) : march + Int64(day - 60)
        case .weekday(let month, let week, let weekday):
            let start = CalendarDate(year: year, month: month, day: 1).dayNumber
            let next =
                month == 12
                ? CalendarDate(year: year + 1, month: 1, day: 1).dayNumber
                : CalendarDate(year: year, month: month + 1, day: 1).dayNumber
            var day = start + Int64((weekday - CalendarDate.weekday(start) + 7) % 7) + Int64(7 * (week - 1))
            while day >= next { day -= 7 }
            return day
        }
    }
}

// MARK: Reading

extension DaylightRule {
    /// Reads a POSIX TZ string; nil when it is none.
    init?(posix text: String) {
        var reader = Reader(Array(text.utf8))
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else { return }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if !reader.isAtEnd, !reader.stands(",") {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        // Without a rule of its own, that of the United States, as everywhere.
        var rule = reader
        if reader.isAtEnd { rule = Reader(Array(",M3.2.0,M11.1.0".utf8)) }
        guard let start = rule.change(), let end = rule.change(), rule.isAtEnd else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position >= bytes.count }

        func stands(_ character: Unicode.Scalar) -> Bool {
            position < bytes.count && bytes[position] == UInt8(ascii: character)
        }

        mutating func takes(_ character: Unicode.Scalar) -> Bool {
            guard stands(character) else { return false }
            position += 1
            return true
        }

        /// `EST` or `<+0330>`: only there to be passed over.
        mutating func name() -> Bool {
            if takes("<") {
                while !isAtEnd, !stands(">") { position += 1 }
                return takes(">")
            }
            let start = position
            while !isAtEnd, Unicode.Scalar(bytes[position]).properties.isAlphabetic { position += 1 }
            return position - start >= 3
        }

        mutating func number() -> Int? {
            let start = position
            var number = 0
            while !isAtEnd, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]), position - start < 4 {
                number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
                position += 1
            }
            return position > start ? number : nil
        }

        /// `5`, `-3:30`, `167:00:00`; in seconds.
        mutating func time() -> Int? {
            let sign = takes("-") ? -1 : 1
            if sign == 1 { _ = takes("+") }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = hours * 3600
            for unit in [60, 1] {
                guard takes(":") else { break }
                guard let part = number(), part < 60 else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `,M3.2.0/2`
        mutating func change() -> Change? {
            guard takes(","), let day = day() else { return nil }
            guard takes("/") else { return Change(day: day, time: 7200) }
            return time().map { Change(day: day, time: $0) }
        }

        private mutating func day() -> Day? {
            if takes("J") {
                guard let day = number(), (1...365).contains(day) else { return nil }
                return .julian(day)
            }
            guard takes("M") else {
                guard let day = number(), day <= 365 else { return nil }
                return .ofYear(day)
            }
            guard let month = number(), (1...12).contains(month), takes("."), let week = number(),
                (1...5).contains(week), takes("."), let weekday = number(), weekday <= 6
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
