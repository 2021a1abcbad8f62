/// What the tags of a queue may be. Source: Amazon SQS message quotas, "Queue tags".
enum TagRules {
    /// - Throws: `invalidParameter` for more tags or keys in one call than a queue may have, and for a key or a value that is
    ///   too long.
    static func check(adding: [StoredAttribute], removing: [String]) throws(QueueError) {
        try check(count: adding.count)
        try check(count: removing.count)
        for tag in adding {
            guard QueueLimits.tagKeyCharacters.contains(tag.name.unicodeScalars.count) else {
                throw .invalidParameter(
                    "A tag's key has \(RangeText.of(QueueLimits.tagKeyCharacters)) characters; '\(tag.name.prefix(100))' "
                        + "does not.")
            }
            guard QueueLimits.tagValueCharacters.contains(tag.value.unicodeScalars.count) else {
                throw .invalidParameter(
                    "A tag's value has \(RangeText.of(QueueLimits.tagValueCharacters)) characters; that of "
                        + "'\(tag.name.prefix(100))' does not.")
            }
        }
    }

    static func check(count: Int) throws(QueueError) {
        guard QueueLimits.tagsPerQueue.contains(count) else {
            throw .invalidParameter("A queue has \(RangeText.of(QueueLimits.tagsPerQueue)) tags; these are \(count).")
        }
    }

    /// The tags that result, sorted by key; a new value takes the place of an old one.
    static func merged(
        _ present: [StoredAttribute], adding: [StoredAttribute], removing: [String] = []
    ) -> [StoredAttribute] {
        var values = Dictionary(present.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
        for key in removing { values[key] = nil }
        for tag in adding { values[tag.name] = tag.value }
        return values.map { StoredAttribute(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }
}
