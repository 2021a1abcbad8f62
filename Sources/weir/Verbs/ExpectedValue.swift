import WeirPolicy

/// What options with times and sizes take, for those whose value is none.
enum ExpectedValue {
    private static let times = [
        "hook-time", "visibility-timeout", "retention", "period", "time", "interval", "records-age",
    ]
    private static let spans = ["startup-time", "warm-startup-time", "stop-time", "unhealthy-after"]

    /// What is to be said below the parser's sentence; nil where that says it all.
    /// - Parameter sentence: such as `The value '60' is invalid for '--startup-time <startup-time>'`.
    static func hint(_ sentence: some StringProtocol) -> String? {
        let parts = sentence.split(separator: "' is invalid for '--", maxSplits: 1)
        guard parts.count == 2, let quote = parts[0].firstIndex(of: "'") else { return nil }
        let value = String(parts[0][parts[0].index(after: quote)...])
        let option = String(parts[1].prefix { $0 != " " && $0 != "'" })
        let (expected, likely): (String, String?)
        if times.contains(option) {
            (expected, likely) = ("a time with its unit, such as 500ms, 60s or 1h30m", Quantity.likelyTime(value))
        } else if spans.contains(option) {
            let drawn = "or drawn, as exponential(60s), lognormal(60s,20s) or pareto(5s,1.5)"
            (expected, likely) = ("a time with its unit, such as 60s, \(drawn)", Quantity.likelyTime(value))
        } else if option == "records-size" {
            (expected, likely) = ("a size with its unit, such as 256MB or 1GiB", Quantity.likelySize(value))
        } else {
            return nil
        }
        return "expected \(expected)" + (likely.map { "; did you mean '\($0)'?" } ?? "")
    }
}
