/// Words of the format that this weir does not know yet: a file that is ahead of its weir is told so, and not that it has
/// misspelt something.
enum NotYet {
    private static let words: Set<String> = [
        "redis", "rabbitmq", "postgres", "sqlite", "prometheus",  // queue
        "swarm",  // workers
        "predictive_scaling",  // scaling policies
    ]

    /// `'redis' is not there yet; `, to be followed by what is.
    static func hint(_ word: String) -> String? {
        if word == "scheduled" { return "scheduled actions stand under 'scheduled_actions'; " }
        return words.contains(word) ? "'\(word)' is not there yet; " : nil
    }
}
