import Glibc
import WeirCore
import WeirSimulator

/// Stands beside a simulation: shows how far it is, on a terminal only, and hears when somebody has had enough.
final class SimulationWatch {
    private let isShown: Bool
    private let began = ContinuousClock.now
    private var nextLook: ContinuousClock.Instant
    private var calls = 0
    private var hasDrawn = false

    /// Short simulations show nothing.
    private static let patience: Duration = .milliseconds(500)
    private static let pause: Duration = .milliseconds(100)
    /// The clock is read once in so many calls.
    private static let callsBetweenLooks = 16

    init() {
        isShown = isatty(STDERR_FILENO) == 1
        nextLook = began + Self.patience
        Interrupt.listen()
    }

    /// Until somebody presses Ctrl-C.
    func goesOn(_ progress: SimulationProgress) -> Bool {
        calls += 1
        if isShown, calls % Self.callsBetweenLooks == 0 { show(progress) }
        return !Interrupt.wasHeard
    }

    /// The line is gone, so that the report stands where it stood.
    func clear() {
        if hasDrawn { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
        hasDrawn = false
    }

    private func show(_ progress: SimulationProgress) {
        let now = ContinuousClock.now
        guard now >= nextLook else { return }
        nextLook = now + Self.pause
        hasDrawn = true
        let line = ProgressLine.text(progress, after: now - began, columns: Window.columnsOfErrors)
        Terminal.write("\r\(line)\u{1B}[K", to: STDERR_FILENO)
    }
}

/// One line that tells how far a simulation is.
enum ProgressLine {
    /// `████████░░░░░░░░  52 %  at 7.3 days  1.2 M events/s  4 s left`; where nobody knows how long the trace is, without bar and rest.
    static func text(_ progress: SimulationProgress, after elapsed: Duration, columns: Int) -> String {
        let words = [
            "at \(SimulationText.span(Double(progress.nowNs) / 1e9))",
            "\(rate(Double(progress.events) / max(elapsed.inSeconds, 1e-3))) events/s",
        ]
        return text(progress.shareRead, words, after: elapsed, columns: columns)
    }

    /// - Parameters:
    ///   - share: that is done; nil where nobody knows.
    ///   - words: what else is told.
    static func text(_ share: Double?, _ words: [String], after elapsed: Duration, columns: Int) -> String {
        var words = words
        let seconds = elapsed.inSeconds
        if let share, share > 0 {
            words.insert("\(min(Int(share * 100), 99)) %", at: 0)
            if share < 1 { words.append("\(SimulationText.span((seconds * (1 - share) / share).rounded(.up))) left") }
        }
        let text = words.joined(separator: "  ")
        guard let share else { return String(text.prefix(columns - 1)) }
        let room = min(columns - 1 - text.count - 2, 30)
        guard room >= 5 else { return String(text.prefix(columns - 1)) }
        let filled = Int(share * Double(room))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled) + "  " + text
    }

    /// `950`, `12 k`, `1.2 M`.
    private static func rate(_ events: Double) -> String {
        if events < 1000 { return "\(Int(events))" }
        if events < 1e6 { return "\(Int(events / 1000)) k" }
        return "\(SimulationText.decimal(events / 1e6, 1)) M"
    }
}
