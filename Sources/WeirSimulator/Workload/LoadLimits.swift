import WeirCore

/// What a load may be, so that every moment of a simulation is a number of nanoseconds that there is.
enum LoadLimits {
    /// From the first moment of a load to its last: a hundred years. Unit: nanoseconds.
    static let longestNs: Int64 = 100 * yearNs
    /// How long one job takes: ten years. Unit: nanoseconds.
    static let longestServiceNs: Int64 = 10 * yearNs

    /// In one interval of a trace of counts. They are written one by one, so a number that somebody mistyped would never end.
    static let mostArrivals = 100_000_000

    /// Unit: nanoseconds. With its share of a leap day.
    static let yearNs: Int64 = 31_557_600_000_000_000

    static let tooLong = "no load is longer than a hundred years"
    static let tooLongService = "no job takes longer than ten years"
    static let tooMany = "no interval has more than \(mostArrivals)"

    /// - Returns: since a load began, below 0 before that; nil when no load is as long. Unit: nanoseconds.
    static func span(from begin: Instant, to moment: Instant) -> Int64? {
        let (span, isTooLong) = moment.milliseconds.subtractingReportingOverflow(begin.milliseconds)
        let longest = longestNs / 1_000_000
        guard !isTooLong, span <= longest else { return nil }
        return max(span, -longest) * 1_000_000
    }
}

extension SimulationReport {
    /// Whatever is left then is left. Unit: nanoseconds.
    static let longestNs: Int64 = 150 * LoadLimits.yearNs

    /// It was ended for its length alone.
    public var isTooLong: Bool { wasEndedEarly && span * 1e9 > Double(Self.longestNs) }
}
