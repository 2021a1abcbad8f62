import WeirCore

/// What an action set in motion, as the Auto Scaling API tells it.
struct ScalingActivity {
    /// Raw values are those of the Auto Scaling API.
    enum Status: String {
        case inProgress = "InProgress"
        case preInService = "PreInService"
    }

    var group: String
    var description: String
    /// A sentence that says what now holds. Cut to what the API allows.
    var cause: String
    var startedAt: Instant
    var status: Status
    /// Unit: per cent.
    var progress: Int

    func write(to xml: inout XMLWriter) {
        xml.element("ActivityId", RequestID().description)
        xml.element("AutoScalingGroupName", group)
        xml.element("Description", description)
        xml.element("Cause", String(cause.prefix(AutoScalingLimits.causeCharacters)))
        xml.element("StartTime", startedAt.rfc3339)
        xml.element("StatusCode", status.rawValue)
        xml.element("Progress", progress)
    }
}
