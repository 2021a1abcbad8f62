extension Proposal.Waiting {
    /// Nothing waits, and nobody is idle.
    init(nothingWaits inHand: Int, _ memory: WaitMemory, tolerance: Double) {
        self.init(
            visible: 0, oldestAge: 0, due: 0, inHand: inHand, idle: 0, starting: 0, startup: memory.startup,
            expected: 0, deviation: 0, sureness: 1, late: 0, tolerance: tolerance, lateThen: nil,
            servicesSeen: memory.service.seen)
    }

    /// `12 waiting, the oldest for 40 s; of 12 that are due 9.6 ± 1.8 are expected to be received in time (8 in hand, 2 starting):
    /// sure to 12 %, 2.4 late where 0.9 are tolerated`
    var sentence: String {
        guard visible > 0 || idle > 0 || late > 0 else { return "nothing waits, and nobody is idle" }
        var text =
            visible > 0 ? "\(numberText(visible)) waiting, the oldest for \(span(oldestAge))" : "nothing waits"
        text += "; \(inHand) in hand, room for \(idle), \(starting) starting (\(span(startup)))"
        if due > 0 {
            text += "; \(short(expected)) ± \(short(deviation)) are expected to be received in time "
            text += "of \(due) that are due, "
            text += "all with \(Int((sureness * 100).rounded())) %"
        }
        text += "; \(short(late)) expected late where \(short(tolerance)) may be"
        if let lateThen { text += ", then \(short(lateThen))" }
        if let lateSoon { text += "; \(short(lateSoon)) of those that will wait when a launch is there" }
        return text + ", from \(Int(servicesSeen.rounded())) service times"
    }

    /// Below two minutes with parts of a second, as these may decide; above as a person says it.
    private func span(_ seconds: Double) -> String { seconds < 120 ? "\(short(seconds)) s" : ageText(seconds) }

    /// Two places are enough to read.
    private func short(_ number: Double) -> String { numberText((number * 100).rounded() / 100) }
}
