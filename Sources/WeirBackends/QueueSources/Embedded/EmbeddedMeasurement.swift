import WeirCore
import WeirQueue

/// Makes measurements of a queue's depth. Pure; remembers only what the last one saw, for the rates.
struct EmbeddedMeasurement: Sendable {
    private var rates = CounterRates()

    init() {}

    /// With rates since the last measurement; the first has none, nor has the first after the totals began anew.
    mutating func next(_ depth: QueueDepth, at now: Instant) -> Measurement {
        var measurement = Self.counts(depth, at: now)
        (measurement.arrivalRate, measurement.completionRate) = rates.next(
            arrived: Double(depth.sentTotal), completed: Double(depth.deletedTotal), at: now)
        return measurement
    }

    /// Without rates. The counts are exact; an empty queue has an oldest message of age 0.
    static func counts(_ depth: QueueDepth, at now: Instant) -> Measurement {
        Measurement(
            visible: .value(Double(depth.visible)),
            inFlight: .value(Double(depth.inFlight)),
            delayed: .value(Double(depth.delayed)),
            oldestAge: oldestAge(depth, at: now))
    }

    private static func oldestAge(_ depth: QueueDepth, at now: Instant) -> Reading {
        guard depth.visible > 0 else { return .value(0) }
        guard let sentAt = depth.oldestVisibleSentAt else { return .missing(.notTold) }
        // A clock that was set back must not make a message younger than new.
        return .value(max(0, (now - sentAt).inSeconds))
    }
}
