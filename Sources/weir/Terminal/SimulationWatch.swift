import WeirCore
import WeirSimulator

/// Stands beside a simulation: shows how far it is, on a terminal only, and hears when somebody has had enough.
final class SimulationWatch {
    private let display = ProgressDisplay(patience: ProgressDisplay.usualPatience)
    private var calls = 0

    /// The clock is read once in so many calls.
    private static let callsBetweenLooks = 16

    init() {
        Interrupt.listen()
    }

    /// Until somebody presses Ctrl-C.
    func goesOn(_ progress: SimulationProgress) -> Bool {
        calls += 1
        if calls % Self.callsBetweenLooks == 0 { display.show { ProgressLine.text(progress, after: $0) } }
        return !Interrupt.wasHeard
    }

    func clear() { display.clear() }
}

/// One line that tells how far something is.
enum ProgressLine {
    /// `████████░░░░░░░░  52 %  at 7.3 days  1.2 M events/s  4 s left`; where nobody knows how long the trace is, without bar and rest.
    static func text(_ progress: SimulationProgress, after elapsed: Duration) -> String {
        let words = [
            "at \(SimulationText.span(Double(progress.nowNs) / 1e9))",
            "\(rate(progress.events, in: elapsed)) events/s",
        ]
        return text(share: progress.shareRead, saying: words, after: elapsed)
    }

    /// - Parameter share: of what there is to read, 0 to 1; nil: nobody knows.
    static func text(share: Double?, saying words: [String], after elapsed: Duration) -> String {
        let columns = Window.columnsOfErrors
        var words = words
        if let share, share > 0 {
            words.insert("\(min(Int(share * 100), 99)) %", at: 0)
            let left = elapsed.inSeconds * (1 - share) / share
            if share < 1 { words.append("\(SimulationText.span(left.rounded(.up))) left") }
        }
        let text = words.joined(separator: "  ")
        guard let share else { return String(text.prefix(columns - 1)) }
        let room = min(columns - 1 - text.count - 2, 30)
        guard room >= 5 else { return String(text.prefix(columns - 1)) }
        let filled = Int(share * Double(room))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled) + "  " + text
    }

    /// In a second: `950`, `12 k`, `1.2 M`.
    static func rate(_ count: Int, in elapsed: Duration) -> String {
        let rate = Double(count) / max(elapsed.inSeconds, 1e-3)
        if rate < 1000 { return "\(Int(rate))" }
        if rate < 1e6 { return "\(Int(rate / 1000)) k" }
        return "\(SimulationText.decimal(rate / 1e6, 1)) M"
    }
}
