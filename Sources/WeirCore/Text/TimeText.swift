// Times as people and programs read them. Written here because this room imports nothing, not even Foundation.

extension Instant {
    /// RFC 3339 in UTC, with milliseconds only when there are any: `2026-03-01T12:04:00Z`, `2026-03-01T12:04:00.250Z`.
    public var rfc3339: String {
        let date = civilDate
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

    /// The proleptic Gregorian date. Eras of 400 years are all alike, and a year that starts in March has its leap day at
    /// the end, so no table is needed.
    private var civilDate: (year: Int, month: Int, day: Int) {
        let days = Int(milliseconds.flooringQuotient(86_400_000)) + 719_468  // from 0000-03-01
        let era = days.flooringQuotient(146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
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
