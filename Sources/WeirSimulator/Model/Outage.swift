/// When something does not work, and how that shows.
public struct Outage: Sendable, Equatable {
    public var times: Times
    /// Of a source; a launcher always refuses.
    public var says: Answer

    public init(_ times: Times, says: Answer = .failure) {
        self.times = times
        self.says = says
    }

    public enum Times: Sendable, Equatable {
        /// From one moment until another, which is no part of it. Unit: nanoseconds since the beginning.
        case once(fromNs: Int64, untilNs: Int64)
        /// Again and again: `every` is from one begin to the next, and never shorter than the outage.
        case again(every: SpanModel, lasting: SpanModel)
    }

    /// Raw values are the words of the command line.
    public enum Answer: String, Sendable, CaseIterable {
        /// It cannot be asked.
        case failure
        /// Nothing waits, and nothing is in flight.
        case zero
        /// What it said last, with the time at which that was so.
        case stale
    }
}

/// The outages of one thing, as time goes on.
struct OutageCourse {
    private struct Part {
        var outage: Outage
        var chance: Randomness
        var fromNs: Int64 = 0
        var untilNs: Int64 = 0

        init(_ outage: Outage, _ chance: Randomness) {
            self.outage = outage
            self.chance = chance
            advance()
        }

        mutating func advance() {
            switch outage.times {
            case .once(let from, let until):
                (fromNs, untilNs) = untilNs == 0 ? (from, until) : (.max, .max)
            case .again(let every, let lasting):
                fromNs = max(fromNs + every.draw(&chance), untilNs + Simulation.millisecondNs)
                untilNs = fromNs + lasting.draw(&chance)
            }
        }
    }

    private var parts: [Part]

    init(_ outages: [Outage], _ chance: Randomness) {
        parts = outages.enumerated().map { Part($1, chance.split(UInt64($0))) }
    }

    /// What is said at this moment instead of what is so; nil: all is well. Of several outages the first one counts. Moments that are
    /// asked for never go back.
    mutating func answer(atNs nowNs: Int64) -> Outage.Answer? {
        guard !parts.isEmpty else { return nil }
        var answer: Outage.Answer?
        for index in parts.indices {
            while parts[index].untilNs <= nowNs, parts[index].untilNs < .max { parts[index].advance() }
            if answer == nil, parts[index].fromNs <= nowNs { answer = parts[index].outage.says }
        }
        return answer
    }
}
