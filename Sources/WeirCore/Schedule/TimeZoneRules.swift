/// What local clocks show in one zone: how far they are from UTC, and when that changes.
public struct TimeZoneRules: Sendable, Equatable, Codable {
    /// Its name in the time zone database: `Europe/Berlin`.
    public var name: String
    /// Seconds east of UTC before the first of the changes.
    var firstOffset: Int
    /// By time.
    var changes: [Change]
    /// What holds after the last of them; nil: nothing changes any more.
    var rule: DaylightRule?

    struct Change: Sendable, Equatable, Codable {
        /// Seconds since 1970.
        var at: Int64
        var offset: Int
    }

    public static let utc = TimeZoneRules(name: "UTC", firstOffset: 0)

    init(name: String, firstOffset: Int, changes: [Change] = [], rule: DaylightRule? = nil) {
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
        self.rule = rule
    }

    /// A zone that follows one rule for all time.
    /// - Parameter rule: a POSIX TZ string: `EST5EDT,M3.2.0,M11.1.0`.
    public init?(name: String, rule text: String) {
        guard let rule = DaylightRule(posix: text) else { return nil }
        self.init(name: name, firstOffset: rule.standard, rule: rule)
    }

    /// Seconds east of UTC at a moment, in seconds since 1970.
    func offset(at second: Int64) -> Int {
        guard let last = changes.last else { return rule?.offset(at: second) ?? firstOffset }
        if second >= last.at { return rule?.offset(at: second) ?? last.offset }
        return changes.last { $0.at <= second }?.offset ?? firstOffset
    }

    /// The first moment at which the local clock shows this time or a later one, in seconds since 1970.
    ///
    /// So a time that a change leaves out comes at the moment of the change, one that comes twice comes the first time, and
    /// of two local times the later one never comes first.
    func moment(ofLocal local: Int64) -> Int64 {
        // No zone is further than this from UTC, so the answer lies between the two.
        var before = local - 86_400
        var after = local + 86_400
        let former = offset(at: before)
        let latter = offset(at: after)
        if former == latter { return local - Int64(former) }
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if offset(at: middle) == former { before = middle } else { after = middle }
        }
        return local - Int64(former) < after ? local - Int64(former) : max(after, local - Int64(latter))
    }
}
