import WeirCore

/// How a scaling policy names what invokes it.
enum AlarmBinding {
    static let state = Key(
        "alarm_state", .value(.oneOf(AlarmState.allCases.map(\.rawValue)), default: AlarmState.alarm.rawValue),
        "The state of the alarm in which it is invoked.")

    /// More than the name of one alarm.
    static func isRule(_ text: String) -> Bool {
        let words = text.split { $0.isWhitespace || $0 == "(" || $0 == ")" }.map { $0.lowercased() }
        return text.contains("(") || text.contains("\"") || words.contains { ["and", "or", "not"].contains($0) }
    }
}

extension ScalingPolicy {
    /// With the state that the file binds it to.
    func bound(by item: NamedValue) -> ScalingPolicy {
        var policy = self
        policy.alarmState =
            item.section?.options.text("alarm_state").flatMap(AlarmState.init(rawValue:)) ?? .alarm
        return policy
    }
}
