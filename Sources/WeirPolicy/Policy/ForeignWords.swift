import WeirCore

/// Words of CloudWatch, SQS and other programs for values that have another word here: never taken, always answered.
enum ForeignWords {
    /// Whoever asks for a metric of SQS or of an Auto Scaling group. Those that count in another unit have no answer.
    /// Source: "Available CloudWatch metrics for Amazon SQS", "Amazon CloudWatch metrics for Amazon EC2 Auto Scaling".
    static func metric(_ word: String) -> BuiltInMetric? {
        switch NearestWord.snakeCase(word) {
        case "approximate_number_of_messages_visible", "approximate_number_of_messages": .visible
        case "approximate_number_of_messages_not_visible": .inFlight
        case "approximate_number_of_messages_delayed": .delayed
        case "approximate_age_of_oldest_message": .oldestAge
        case "group_in_service_instances": .inService
        case "group_pending_instances": .pending
        case "group_terminating_instances": .terminating
        case "group_desired_capacity": .desired
        default: nil
        }
    }

    static func statistic(_ word: String) -> String? {
        switch word.lowercased() {
        case "median": return "p50"
        case "mean", "avg": return Statistic.average.text
        case "min": return Statistic.minimum.text
        case "max": return Statistic.maximum.text
        default: break
        }
        // Percentiles are written in small letters, `p99`, and ranges in capitals, `TM(10%:90%)`.
        return [word.lowercased(), word.uppercased()].first { Statistic($0) != nil }
    }

    /// A word of AWS that has no counterpart among the words of a key, but something else has. Source: PutWarmPool,
    /// PoolState.
    static func advice(_ word: String, for key: String) -> String? {
        guard key == "state", word.lowercased() == "running" else { return nil }
        return "a running instance can as well be in service: "
            + "expected stopped or hibernated, or a larger 'min_size' of the group"
    }

    static let comparisons: [Key.Synonym] =
        words(["gt", "above", "greater_than"], .greaterThan)
        + words(["ge", "gte", "=>", "≥", "greater_than_or_equal", "greater_than_or_equal_to"], .greaterThanOrEqual)
        + words(["lt", "below", "less_than"], .lessThan)
        + words(["le", "lte", "=<", "≤", "less_than_or_equal", "less_than_or_equal_to"], .lessThanOrEqual)

    private static func words(_ written: [String], _ comparison: Comparison) -> [Key.Synonym] {
        written.map { .init(written: $0, means: comparison.symbol) }
    }
}
