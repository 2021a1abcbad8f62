import Glibc
import Synchronization
import WeirCore
import WeirSimulator

/// Stands beside several simulations that run at a time: shows on a terminal how far all of them are.
final class ComparisonWatch: Sendable {
    private struct State {
        /// Of each simulation, how much of its load has come.
        var shares: [Double]
        var ended = 0
        var nextLook: ContinuousClock.Instant
        var hasDrawn = false
    }

    private let isShown = isatty(STDERR_FILENO) == 1
    private let began = ContinuousClock.now
    private let state: Mutex<State>

    /// Short comparisons show nothing.
    private static let patience: Duration = .milliseconds(500)
    private static let pause: Duration = .milliseconds(100)

    /// - Parameter count: of the simulations.
    init(of count: Int) {
        state = Mutex(State(shares: Array(repeating: 0, count: count), nextLook: began + Self.patience))
    }

    /// - Parameter number: of the simulation, from 0.
    func tell(_ progress: SimulationProgress, of number: Int) {
        guard isShown else { return }
        state.withLock { state in
            state.shares[number] = progress.shareRead ?? 0
            show(&state)
        }
    }

    func ended(_ number: Int) {
        state.withLock { state in
            state.shares[number] = 1
            state.ended += 1
        }
    }

    /// The line is gone, so that the report stands where it stood.
    func clear() {
        state.withLock { state in
            if state.hasDrawn { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
            state.hasDrawn = false
        }
    }

    private func show(_ state: inout State) {
        let now = ContinuousClock.now
        guard now >= state.nextLook else { return }
        state.nextLook = now + Self.pause
        state.hasDrawn = true
        let count = state.shares.count
        let line = ProgressLine.text(
            state.shares.reduce(0, +) / Double(count), ["\(state.ended) of \(count) simulations"], after: now - began,
            columns: Window.columnsOfErrors)
        Terminal.write("\r\(line)\u{1B}[K", to: STDERR_FILENO)
    }
}
