import WeirCore

extension TerminationPolicy {
    /// The name in the Auto Scaling API.
    var apiName: String {
        switch self {
        case .default: "Default"
        case .oldestInstance: "OldestInstance"
        case .newestInstance: "NewestInstance"
        case .closestToNextInstanceHour: "ClosestToNextInstanceHour"
        }
    }
}
