import Dispatch
import WeirCore
import WeirRuntime

/// A program of the user's that weir runs for one instance, beside it on this machine: for a lifecycle hook, a health
/// check or a notification. Cancelling it ends it, with all that it started.
struct OwnCommand: Sendable {
    var program: [String]
    /// `NAME=value`.
    var environment: [String]
    var timeLimit: Duration

    /// - Parameters:
    ///   - inherited: the variables of weir itself.
    ///   - own: what weir tells the program; these win.
    init(_ program: [String], inherited: [String: String], own: [EnvironmentVariable], timeLimit: Duration) {
        self.program = program
        self.timeLimit = timeLimit
        var variables = inherited
        for variable in own { variables[variable.name] = variable.value }
        environment = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    /// - Returns: how it failed, with its last words; nil when it ended well.
    func run() async -> String? {
        let cancelled = CancelFlag()
        let run = CommandRun(
            program: program, environment: environment, timeLimit: timeLimit, cancelled: cancelled)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "weir.own-command").async {
                    if let outcome = run.run(early: { continuation.resume(returning: $0) }) {
                        continuation.resume(returning: outcome)
                    }
                }
            }
        } onCancel: {
            cancelled.set()
        }
        guard let failure = outcome.failure else { return nil }
        return failure.sentence(lastWords: lastLine(of: outcome.errors) ?? lastLine(of: outcome.output))
    }

    private func lastLine(of bytes: [UInt8]) -> String? {
        PlainText.lines(bytes).last { !$0.allSatisfy(\.isWhitespace) }?.cut(after: CommandLimits.quotedCharacters)
    }
}
