import WeirCore

/// Since when nothing that the source says could be believed, and what holds meanwhile.
public struct SilenceView: Codable, Sendable, Equatable {
    public var since: String
    /// The last failure or doubt.
    public var why: String
    /// `hold`, `at least 2` or `a capacity of 6`; left out while it is too early for a fallback.
    public var fallback: String?
    /// All of it, for people.
    public var sentence: String

    init(_ silence: SourceSilence) {
        since = silence.since.rfc3339
        why = silence.why
        fallback = silence.fallback?.text
        sentence = silence.sentence
    }
}
