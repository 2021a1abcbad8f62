import WeirCore

/// A measurement as `GET /v1/groups` shows it: every figure is a number or null, and for every null there is a reason.
public struct MeasurementView: Codable, Sendable, Equatable {
    public var at: String?
    /// Unit: messages, as are the next two.
    public var visible: Double?
    public var inFlight: Double?
    public var delayed: Double?
    /// Unit: seconds.
    public var oldestAge: Double?
    /// Unit: messages per second, as is the next.
    public var arrivalRate: Double?
    public var completionRate: Double?
    /// Keys of figures that the source could only estimate.
    public var estimated: [String]
    /// Why figures are null.
    public var missing: [MissingView]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case at, visible
        case inFlight = "in_flight"
        case delayed
        case oldestAge = "oldest_age_s"
        case arrivalRate = "arrival_rate"
        case completionRate = "completion_rate"
        case estimated, missing
    }

    init(_ measurement: Measurement, at: Instant?) {
        self.at = at?.rfc3339
        visible = measurement.visible.number
        inFlight = measurement.inFlight.number
        delayed = measurement.delayed.number
        oldestAge = measurement.oldestAge.number
        arrivalRate = measurement.arrivalRate.number
        completionRate = measurement.completionRate.number
        let readings: [(CodingKeys, Reading)] = [
            (.visible, measurement.visible), (.inFlight, measurement.inFlight), (.delayed, measurement.delayed),
            (.oldestAge, measurement.oldestAge), (.arrivalRate, measurement.arrivalRate),
            (.completionRate, measurement.completionRate),
        ]
        estimated = readings.compactMap { key, reading in
            if case .estimate = reading { key.rawValue } else { nil }
        }
        missing = readings.compactMap { key, reading in
            if case .missing(let reason) = reading {
                MissingView(figure: key.rawValue, reason: reason.text)
            } else {
                nil
            }
        }
    }

    /// Unlike the generated one it writes null for what is not known.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at, forKey: .at)
        try container.encode(visible, forKey: .visible)
        try container.encode(inFlight, forKey: .inFlight)
        try container.encode(delayed, forKey: .delayed)
        try container.encode(oldestAge, forKey: .oldestAge)
        try container.encode(arrivalRate, forKey: .arrivalRate)
        try container.encode(completionRate, forKey: .completionRate)
        try container.encode(estimated, forKey: .estimated)
        try container.encode(missing, forKey: .missing)
    }
}

public struct MissingView: Codable, Sendable, Equatable {
    /// The key of the figure, such as `oldest_age_s`.
    public var figure: String
    public var reason: String
}

extension MissingReason {
    fileprivate var text: String {
        switch self {
        case .notTold: "the source has no such figure"
        case .sourceFailed(let what): what
        case .notComputable: "it could not be computed"
        case .notBelieved(let what): "not believed: \(what)"
        }
    }
}
