/// In which order instances are chosen to end. Raw values are the words of the policy file.
public enum TerminationPolicy: String, Sendable, Codable, CaseIterable {
    /// Without zones, templates and billing hours this is the oldest configuration first, then the oldest instance.
    case `default` = "default"
    case oldestInstance = "oldest_instance"
    case newestInstance = "newest_instance"
    case closestToNextInstanceHour = "closest_to_next_instance_hour"
}
