import WeirCore

/// Amounts, rates and votes as people write them: `2`, `10%`, `10/min`, `25%/30s`, `3 of 5`.
enum AmountText {
    static let pattern = "^[0-9]+(\\.[0-9]+)? ?%$|^[0-9]+$"
    static let votesPattern = "^[0-9]+ *(of|/) *[0-9]+$"
    static let ratePattern = "^([0-9]+(\\.[0-9]+)? ?%|[0-9]+) */ *[0-9a-z.]+$"

    /// Whole instances up to the largest group, or percent.
    static func amount(_ text: String) -> InstanceAmount? {
        if text.hasSuffix("%") {
            let number = text.dropLast().filter { $0 != " " }
            guard isPlain(number), let percent = Double(number), percent <= Limits.largestPercent else { return nil }
            return .percent(percent)
        }
        guard let count = whole(text), count <= Limits.largestGroup else { return nil }
        return .instances(count)
    }

    /// `3 of 5`, and `3/5`.
    static func votes(_ text: String) -> Stabilization.Votes? {
        let parts = text.contains("/") ? text.split(separator: "/") : text.split(separator: " ")
        let numbers = parts.filter { $0 != "of" }.map { $0.filter { $0 != " " } }
        guard numbers.count == 2, let needed = whole(numbers[0]), let count = whole(numbers[1]), needed >= 1,
            needed <= count, count <= Limits.mostVotes
        else { return nil }
        return Stabilization.Votes(needed, of: count)
    }

    /// An amount above nothing, and a unit of time or a time.
    static func rate(_ text: String) -> ScalingRate? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(trimmed)
        guard parts.count == 2, let amount = amount(parts[0]), amount != .instances(0), amount != .percent(0),
            let period = units.first(where: { $0.words.contains(parts[1]) })?.span ?? Quantity.time(parts[1]),
            Limits.ratePeriod.contains(period)
        else { return nil }
        return ScalingRate(amount, each: period)
    }

    private static let units: [(words: [String], span: Duration)] = [
        (["s", "sec", "second"], .seconds(1)), (["m", "min", "minute"], .seconds(60)),
        (["h", "hour"], .seconds(3600)),
    ]

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func whole(_ text: String) -> Int? {
        !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) } ? Int(text) : nil
    }

    /// Digits, with a point between some of them.
    private static func isPlain(_ text: String) -> Bool {
        text.first != "." && text.last != "." && !text.isEmpty
            && text.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
    }
}
