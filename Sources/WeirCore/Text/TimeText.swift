// Times as people and programs read them. Written here because this room imports nothing, not even Foundation.

extension Instant {
    /// RFC 3339 in UTC, with milliseconds only when there are any: `2026-03-01T12:04:00Z`, `2026-03-01T12:04:00.250Z`.
    public var rfc3339: String {
        let date = CalendarDate(day: milliseconds.flooringQuotient(86_400_000))
        let millisecond = Int(milliseconds.flooringRemainder(1000))
        let fraction = millisecond == 0 ? "" : "." + padded(millisecond, to: 3)
        return
            "\(padded(date.year, to: 4))-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))T\(clock)\(fraction)Z"
    }

    /// The time of day in UTC: `12:04:00`.
    public var clock: String {
        let second = Int(milliseconds.flooringQuotient(1000).flooringRemainder(86_400))
        return "\(padded(second / 3600, to: 2)):\(padded(second / 60 % 60, to: 2)):\(padded(second % 60, to: 2))"
    }

    /// Reads what `rfc3339` writes, with or without a fraction of a second; nil when it is not such a time in UTC.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        func number(_ from: Int, _ count: Int) -> Int? {
            guard from + count <= bytes.count else { return nil }
            let digits = bytes[from..<from + count]
            guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        func stands(_ character: Unicode.Scalar, at position: Int) -> Bool {
            position < bytes.count && bytes[position] == UInt8(ascii: character)
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), stands("-", at: 4), stands("-", at: 7),
            stands("T", at: 10), stands(":", at: 13), stands(":", at: 16), stands("Z", at: bytes.count - 1),
            (1...12).contains(month), hour < 24, minute < 60, second < 60
        else { return nil }
        let date = CalendarDate(year: year, month: month, day: day)
        guard day >= 1, CalendarDate(day: date.dayNumber) == date else { return nil }
        var millisecond = 0
        let places = bytes.count - 21
        if bytes.count != 20 {
            guard stands(".", at: 19), (1...9).contains(places), let fraction = number(20, places) else { return nil }
            millisecond = (0..<9 - places).reduce(fraction) { product, _ in product * 10 } / 1_000_000
        }
        let seconds = date.dayNumber * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(milliseconds: seconds * 1000 + Int64(millisecond))
    }
}

extension Duration {
    /// In seconds, as in a policy file: `60s`, `1.5s`; below a second `250ms`.
    public var text: String {
        let whole = wholeMilliseconds
        if whole != 0, abs(whole) < 1000 { return "\(whole)ms" }
        return numberText(Double(whole) / 1000) + "s"
    }
}

extension BinaryInteger {
    /// Division that rounds down, also below zero.
    func flooringQuotient(_ divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    func flooringRemainder(_ divisor: Self) -> Self {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}
