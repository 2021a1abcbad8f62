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
