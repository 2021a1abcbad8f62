import WeirCore

/// What a source told beside a measurement's own figures.
struct Told: Sendable, Equatable {
    var measurement: Measurement
    /// Totals that only grow; nil when the source has none.
    var arrivedTotal: Double?
    var completedTotal: Double?

    /// With rates, where there are totals.
    func measurement(_ rates: inout CounterRates, at now: Instant) -> Measurement {
        guard arrivedTotal != nil || completedTotal != nil else { return measurement }
        var measurement = measurement
        (measurement.arrivalRate, measurement.completionRate) = rates.next(
            arrived: arrivedTotal, completed: completedTotal, at: now)
        return measurement
    }
}

/// A moment as sources write it.
enum WrittenMoment {
    /// - Parameter text: RFC 3339, such as `2026-03-01T12:00:00Z`.
    static func instant(_ text: String) -> Instant? { Instant(rfc3339: text) }

    /// - Parameter number: seconds since 1970, with a fraction; milliseconds when it is too large for that.
    static func instant(_ number: Double) -> Instant? {
        guard number.isFinite, number >= 0, number < 1e15 else { return nil }
        let isMilliseconds = number >= 1e11
        return Instant(milliseconds: Int64(isMilliseconds ? number : number * 1000))
    }
}
