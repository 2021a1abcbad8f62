import Synchronization
import WeirCore
import WeirSimulator

/// Stands beside several simulations that run at a time: shows on a terminal how far all of them are.
final class ComparisonWatch: Sendable {
    private struct State {
        let display = ProgressDisplay(patience: ProgressDisplay.usualPatience)
        /// Of each simulation, how much of its load has come.
        var shares: [Double]
        var ended = 0
    }

    private let state: Mutex<State>

    /// - Parameter count: of the simulations.
    init(of count: Int) {
        state = Mutex(State(shares: Array(repeating: 0, count: count)))
    }

    /// - Parameter number: of the simulation, from 0.
    func tell(_ progress: SimulationProgress, of number: Int) {
        state.withLock { state in
            state.shares[number] = progress.shareRead ?? 0
            let (shares, ended) = (state.shares, state.ended)
            state.display.show { elapsed in
                ProgressLine.text(
                    share: shares.reduce(0, +) / Double(shares.count),
                    saying: ["\(ended) of \(counted(shares.count, "simulation"))"], after: elapsed)
            }
        }
    }

    func ended(_ number: Int) {
        state.withLock { state in
            state.shares[number] = 1
            state.ended += 1
        }
    }

    func clear() { state.withLock { $0.display.clear() } }
}
