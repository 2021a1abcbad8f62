import WeirCore

/// As long as weir runs, the source is asked again before long, whatever the clock does: nobody sleeps until a time that was set ages
/// ago.
struct AskedInTime {
    private var lastAsked: [Int64?]
    /// The longest pause after failures, and the time that a very late answer takes.
    private static let patience: Int64 = 600_000

    init(_ groups: Int) {
        lastAsked = Array(repeating: nil, count: groups)
    }

    mutating func begins(_ group: StormGroup, in storm: Storm) { lastAsked[group.number] = storm.now }
    mutating func ends(_ group: StormGroup) { lastAsked[group.number] = nil }

    mutating func isAsked(_ group: StormGroup, in storm: Storm) {
        check(group, in: storm)
        lastAsked[group.number] = storm.now
    }

    func check(_ group: StormGroup, in storm: Storm) {
        guard let last = lastAsked[group.number], storm.now - last > Self.patience else { return }
        storm.violate(
            .askedInTime, "\(group.name) has not asked its source for \((storm.now - last) / 1000) s")
    }
}
