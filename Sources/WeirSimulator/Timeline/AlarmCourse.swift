import WeirCore

/// The states of one alarm, one after the other.
///
/// There are never more than `Self.mostSpans`. When an alarm changes more often, states that were left sooner than `joinedBelowNs` and that
/// matter less than those around them are joined with these: an alarm that comes and goes is then shown as one ALARM, and one that
/// was short remains.
public struct AlarmCourse: Sendable, Equatable {
    public let name: String
    public private(set) var spans: [Span]
    /// Shorter states may be missing. Unit: nanoseconds; 0: none are.
    public private(set) var joinedBelowNs: Int64 = 0

    public struct Span: Sendable, Equatable {
        public var state: AlarmState
        /// Since the beginning. Unit: nanoseconds.
        public var fromNs: Int64
    }

    static let mostSpans = 1024

    init(_ name: String) {
        self.name = name
        spans = [Span(state: .insufficientData, fromNs: 0)]
    }

    mutating func changes(to state: AlarmState, atNs nowNs: Int64) {
        spans.append(Span(state: state, fromNs: nowNs))
        while spans.count > Self.mostSpans { join() }
    }

    private mutating func join() {
        joinedBelowNs = max(joinedBelowNs * 2, 1 << 20)
        var kept: [Span] = []
        for (place, span) in spans.enumerated() {
            if let last = kept.last, place + 1 < spans.count {
                let isShort = spans[place + 1].fromNs - span.fromNs < joinedBelowNs
                let weight = Self.weight(span.state)
                if isShort, weight < Self.weight(last.state), weight < Self.weight(spans[place + 1].state) { continue }
            }
            if kept.last?.state != span.state { kept.append(span) }
        }
        spans = kept
    }

    private static func weight(_ state: AlarmState) -> Int {
        switch state {
        case .ok: 0
        case .insufficientData: 1
        case .alarm: 2
        }
    }
}
