/// In which order instances are chosen to end. Raw values are the words of the policy file.
public enum TerminationPolicy: String, Sendable, Codable, CaseIterable {
    /// Without zones and launch templates this is the instance closest to its next instance-hour, then the oldest. (The
    /// source leaves the last choice to chance; the oldest can be decided again.)
    case `default` = "default"
    case oldestInstance = "oldest_instance"
    case newestInstance = "newest_instance"
    case closestToNextInstanceHour = "closest_to_next_instance_hour"
}
