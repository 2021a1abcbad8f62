import WeirCore

/// Rates from totals that only grow: how many messages were ever sent, and ever finished. Pure; remembers the last totals.
struct CounterRates: Sendable {
    private var last: (arrived: Double?, completed: Double?, at: Instant)?

    /// Unit: messages per second since the last call. The first call tells none, nor does one after a total fell: whoever
    /// counts began anew, and how much came meanwhile is not known.
    mutating func next(arrived: Double?, completed: Double?, at now: Instant) -> (arrival: Reading, completion: Reading)
    {
        let before = last
        last = (arrived, completed, now)
        guard let before, now > before.at else { return (.missing(.notTold), .missing(.notTold)) }
        func rate(_ now: Double?, _ before: Double?, in span: Duration) -> Reading {
            guard let now, let before, now >= before else { return .missing(.notTold) }
            return .value((now - before) / span.inSeconds)
        }
        let span = now - before.at
        return (rate(arrived, before.arrived, in: span), rate(completed, before.completed, in: span))
    }
}
