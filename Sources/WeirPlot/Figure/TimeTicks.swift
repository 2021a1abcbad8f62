/// Moments at which a clock or a calendar turns.
enum TimeTicks {
    /// - Parameter count: at most about so many.
    static func on(_ axis: TimeAxis, count: Int) -> [Tick] {
        let wanted = axis.span / Double(max(count, 1))
        let step = steps.first { $0 >= wanted } ?? (wanted / 2_592_000).rounded(.up) * 2_592_000
        guard let beginsAt = axis.beginsAt else { return elapsed(axis, step) }
        let begin = Double(beginsAt) / 1000
        // Weeks begin on Mondays, and 1970 began on a Thursday.
        let shift: Double = step == 604_800 || step == 1_209_600 ? 345_600 : 0
        var moment = ((begin - shift) / step).rounded(.up) * step + shift
        var ticks: [Tick] = []
        while moment <= begin + axis.span * (1 + 1e-9) {
            ticks.append(Tick(value: moment - begin, label: label(moment, step)))
            moment += step
        }
        return ticks
    }

    private static func elapsed(_ axis: TimeAxis, _ step: Double) -> [Tick] {
        let count = Int(axis.span / step * (1 + 1e-9))
        return (0...count).map { Tick(value: Double($0) * step, label: ElapsedText.short(Double($0) * step)) }
    }

    /// Where the day begins its date is written, otherwise the time.
    private static func label(_ moment: Double, _ step: Double) -> String {
        let date = CalendarText(milliseconds: Int64((moment * 1000).rounded()))
        return date.isMidnight ? date.day : step < 60 ? date.clock : String(date.clock.prefix(5))
    }

    /// Unit: seconds.
    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
        604_800, 1_209_600,
    ]
}

/// Time since a beginning.
enum ElapsedText {
    /// `0`, `30 s`, `5 min`, `1 h 30`, `6 h`, `2 d`, `2 d 12 h`.
    static func short(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let (days, hours, minutes, rest) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60)
        if whole == 0 { return "0" }
        if days > 0 {
            return "\(days) d" + (hours > 0 ? " \(hours) h" : "") + (minutes > 0 ? " \(minutes)" : "")
        }
        if hours > 0 { return "\(hours) h" + (minutes > 0 ? " \(NumberText.padded(minutes, 2))" : "") }
        if minutes > 0 { return "\(minutes) min" + (rest > 0 ? " \(NumberText.padded(rest, 2))" : "") }
        return "\(rest) s"
    }
}

/// A moment in UTC, taken apart.
struct CalendarText: Equatable {
    /// `10 Apr`.
    let day: String
    /// `07:05:00`.
    let clock: String
    let isMidnight: Bool

    /// - Parameter milliseconds: since 1970.
    init(milliseconds: Int64) {
        let seconds = Int((Double(milliseconds) / 1000).rounded(.down))
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let second = seconds - days * 86_400
        // The civil calendar from a count of days. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * ofYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        day = "\(ofYear - (153 * part + 2) / 5 + 1) \(Self.months[month - 1])"
        let parts = [second / 3600, second / 60 % 60, second % 60]
        clock = parts.map { NumberText.padded($0, 2) }.joined(separator: ":")
        isMidnight = second == 0
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
