import WeirCore

/// Times as tools print them: in UTC, or with an offset from it.
enum OffsetTime {
    /// `2026-03-01T08:00:00Z`, `2026-03-01T08:00:00.250000+00:00`, `2026-03-01T09:00:00+01:00`; nil when it is none.
    static func instant(_ text: String) -> Instant? {
        let text =
            text.count > 10 && text.dropFirst(10).first == " " ? text.prefix(10) + "T" + text.dropFirst(11) : text
        if let instant = Instant(rfc3339: text) { return instant }
        // Without an offset UTC is meant.
        if text.dropFirst(10).allSatisfy({ !"+-Z".contains($0) }), text.count >= 19 {
            return Instant(rfc3339: text + "Z")
        }
        guard text.count > 6, let sign = text.dropLast(5).last, sign == "+" || sign == "-" else { return nil }
        let offset = text.suffix(5).split(separator: ":").compactMap { Int($0) }
        guard offset.count == 2, let local = Instant(rfc3339: text.dropLast(6) + "Z") else { return nil }
        let span = Duration.seconds((offset[0] * 60 + offset[1]) * 60)
        return sign == "+" ? local - span : local + span
    }
}
