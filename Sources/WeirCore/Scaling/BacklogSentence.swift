extension Proposal.Backlog {
    /// `20 waiting and 3 in flight, 1 for each instance: 23 instances, and 1 to spare`
    var sentence: String {
        var text = "\(numberText(visible)) waiting"
        if let inFlight {
            text += " and \(numberText(inFlight)) in flight"
        } else if let held {
            text += ", \(numberText(held)) known to be in hand"
        }
        text += ", \(numberText(perInstance)) for each instance: \(counted(needed, "instance"))"
        if spare > 0 { text += ", and \(spare) to spare" }
        if recommended > needed + spare { text += ", at least \(recommended) by its min" }
        if recommended < needed + spare { text += ", at most \(recommended) by its max" }
        return text
    }
}

extension Proposal.Stabilized {
    /// `no fewer than 9 before 12:05:00, the most that was recommended in the last 300s; 4 would do now`
    var sentence: String {
        let isLess = recommended < capacity
        let now = isLess ? "\(recommended) would do now" : "\(recommended) are recommended now"
        switch rule {
        case .window(let window) where isLess:
            let until = until.map { " before \($0.clock)" } ?? ""
            return "no fewer than \(capacity)\(until), by what was recommended in the last \(window.text); \(now)"
        case .window(let window):
            return "no more than \(capacity), by what was recommended in the last \(window.text); \(now)"
        case .votes(let votes):
            let side = isLess ? "fewer" : "more"
            return "no \(side) than \(capacity) before \(votes.needed) of \(votes.of) agree; \(now)"
        }
    }
}

extension Proposal.RateLimited {
    /// `limited to 20 by 10 each 60s from 10, wanted 34`
    var sentence: String { "limited to \(capacity) by \(rate.text) from \(from), wanted \(wanted)" }
}
