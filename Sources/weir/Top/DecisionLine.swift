import WeirAPI

/// A decision in one line: `12:04:00  4 → 8  target tracking: …; limited to 8 by …`.
enum DecisionLine {
    static func text(_ decision: DecisionView) -> String {
        "\(StatusText.time(decision.at))  \(step(decision))  "
            + decision.reasons.map(\.sentence).joined(separator: "; ")
    }

    static func step(_ decision: DecisionView) -> String {
        decision.from == decision.to ? "stays \(decision.to)" : "\(decision.from) → \(decision.to)"
    }
}
