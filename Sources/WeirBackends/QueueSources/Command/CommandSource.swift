import Dispatch
import Synchronization
import WeirCore
import WeirRuntime

/// Runs a program that prints how many messages wait. At most one runs at a time.
final class CommandSource: QueueSource {
    private let options: CommandOptions
    private let environment: [String]
    private let queue = DispatchQueue(label: "weir.command")
    private let running = Atomic(false)
    private let rates = Mutex(CounterRates())

    init(options: CommandOptions, environment: [String: String]) {
        self.options = options
        self.environment = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    var patience: Duration { patience(beyond: options.timeLimit) }

    func measure(at now: Instant) async -> Measurement {
        let outcome = await run()
        do throws(CommandFailure) {
            if let failure = outcome.failure { throw failure }
            let told = try CommandWire.read(outcome.output)
            return rates.withLock { told.measurement(&$0, at: now) }
        } catch {
            return .missing(.sourceFailed(error.sentence(lastWords: lastLine(of: outcome.errors))))
        }
    }

    private func run() async -> CommandRun.Outcome {
        guard running.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            return CommandRun.Outcome(failure: .stillRunning)
        }
        let cancelled = CancelFlag()
        let run = CommandRun(
            program: options.program, environment: environment, timeLimit: options.timeLimit, cancelled: cancelled)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async {
                    let outcome = run.run { continuation.resume(returning: $0) }
                    // Before the answer: who has it may measure again at once.
                    self.running.store(false, ordering: .releasing)
                    if let outcome { continuation.resume(returning: outcome) }
                }
            }
        } onCancel: {
            cancelled.set()
        }
    }

    private func lastLine(of bytes: [UInt8]) -> String? {
        PlainText.lines(bytes).last { !$0.allSatisfy(\.isWhitespace) }?.cut(after: CommandLimits.quotedCharacters)
    }
}
