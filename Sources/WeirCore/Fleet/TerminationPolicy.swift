/// In which order instances are chosen to end. Raw values are the words of the policy file.
public enum TerminationPolicy: String, Sendable, Codable, CaseIterable {
    /// The oldest launch configuration or template, then the instance closest to its next instance-hour, then the oldest.
    /// (The source leaves the last choice to chance; the oldest can be decided again.)
    case `default` = "default"
    case oldestInstance = "oldest_instance"
    case newestInstance = "newest_instance"
    case closestToNextInstanceHour = "closest_to_next_instance_hour"
    /// Instances of another template than the present one, then the oldest version of it.
    case oldestLaunchTemplate = "oldest_launch_template"
    case oldestLaunchConfiguration = "oldest_launch_configuration"
    /// Taken, so that policies can be copied; without mixed instance types it leaves the choice to the next one.
    case allocationStrategy = "allocation_strategy"
}
