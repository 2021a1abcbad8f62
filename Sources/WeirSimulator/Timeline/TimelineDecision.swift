import WeirCore

/// The desired capacity was changed, and why.
public struct TimelineDecision: Sendable, Equatable {
    /// Since the beginning. Unit: nanoseconds.
    public var atNs: Int64
    public var from: Int
    public var to: Int
    public var reasons: [Reason]

    var size: Int { abs(to - from) }
}

/// Decisions in their order: all, as long as they are not too many; then the largest of each piece of time.
struct TimelineDecisions {
    /// Nil: they are too many.
    private var every: [TimelineDecision]? = []
    private var pieces = Buckets<DecisionPiece>(most: Self.most)

    static let most = 4096

    var all: [TimelineDecision] { every ?? pieces.contents.compactMap(\.largest) }
    /// How many others there were.
    var leftOut: Int { every == nil ? pieces.contents.reduce(0) { $0 + $1.others } : 0 }

    mutating func add(_ decision: TimelineDecision) {
        let slot = pieces.reach(decision.atNs)
        pieces[slot].add(decision)
        if let every, every.count == Self.most { self.every = nil }
        every?.append(decision)
    }
}

/// Of the decisions in a piece of time, the largest change.
struct DecisionPiece: Joinable {
    private(set) var largest: TimelineDecision?
    /// How many others there were.
    private(set) var others = 0

    init() {}

    mutating func add(_ decision: TimelineDecision) {
        if let largest {
            others += 1
            guard decision.size > largest.size else { return }
        }
        largest = decision
    }

    mutating func join(_ later: DecisionPiece) {
        others += later.others
        if let decision = later.largest { add(decision) }
    }
}
