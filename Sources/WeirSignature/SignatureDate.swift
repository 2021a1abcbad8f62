/// A moment as signatures write it: `20150830T123600Z`.
struct SignatureDate: Sendable, Equatable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    let seconds: Int64
    /// `20150830T123600Z`
    let text: String

    /// `20150830`
    var day: Substring { Substring(text.utf8.prefix(8)) }

    init(milliseconds: Int64) {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        self.seconds = seconds
        text = Self.text(seconds)
    }

    /// Reads `YYYYMMDDTHHMMSSZ`; nil for anything else, also for a day or an hour that does not exist.
    init?(_ text: String) {
        let characters = Array(text.utf8)
        guard characters.count == 16, characters[8] == 0x54, characters[15] == 0x5a else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for character in characters[range] {
                guard (0x30...0x39).contains(character) else { return nil }
                value = value * 10 + Int64(character - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15)
        else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60 else { return nil }
        let days = SignatureDate.days(year: year, month: month, day: day)
        guard SignatureDate.civil(days: days) == (year, month, day) else { return nil }
        seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        self.text = text
    }

    private static func text(_ seconds: Int64) -> String {
        let secondOfDay = (seconds % 86_400 + 86_400) % 86_400
        let (year, month, day) = civil(days: (seconds - secondOfDay) / 86_400)
        let (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
        return digits(year, 4) + digits(month, 2) + digits(day, 2) + "T" + digits(hour, 2) + digits(minute, 2)
            + digits(second, 2) + "Z"
    }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    // The proleptic Gregorian calendar repeats every 400 years, which are 146,097 days. Years are counted from March, so
    // that the leap day is the last of its year.

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
