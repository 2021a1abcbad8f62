/// What a rate is told by: the shortest span in which it happens at least once.
enum RateUnit: CaseIterable {
    case second, minute, hour, day

    /// Of a rate each second.
    static func fitting(_ perSecond: Double) -> RateUnit {
        allCases.first { abs(perSecond) * $0.seconds >= 1 } ?? .day
    }

    var seconds: Double {
        switch self {
        case .second: 1
        case .minute: 60
        case .hour: 3600
        case .day: 86_400
        }
    }

    /// As in `3 a minute`.
    var words: String {
        switch self {
        case .second: "a second"
        case .minute: "a minute"
        case .hour: "an hour"
        case .day: "a day"
        }
    }
}

/// `4.5 a second`, `90 an hour`.
func rateText(_ perSecond: Double) -> String {
    let unit = RateUnit.fitting(perSecond)
    return "\(numberText((perSecond * unit.seconds * 10).rounded() / 10)) \(unit.words)"
}
