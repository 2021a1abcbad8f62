import WeirCore

/// Why a command gave no measurement, and the sentence for people. Trying again is all that can be done, and happens at
/// the next measurement anyway.
enum CommandFailure: Error, Equatable {
    case notStarted(SystemFailure)
    case stillRunning
    case timedOut(after: Duration)
    case cancelled
    case failed(exitCode: Int)
    /// Somebody else has reaped it, and with it its exit code.
    case endNotSeen
    case tooMuchOutput
    case unusableOutput(String)

    /// - Parameter lastWords: the last line that it wrote to standard error; nil when there is none.
    func sentence(lastWords: String?) -> String {
        let words = lastWords.map { ": \($0)" } ?? ""
        switch self {
        case .notStarted(let failure): return "could not \(failure)"
        case .stillRunning: return "the command before this one has not ended yet"
        case .timedOut(let limit): return "the command took longer than \(limit)" + words
        case .cancelled: return "the measurement was cancelled"
        case .failed(let code) where code > 128: return "the command was ended by signal \(code - 128)" + words
        case .failed(let code): return "the command failed with exit code \(code)" + words
        case .endNotSeen: return "nobody saw how the command ended" + words
        case .tooMuchOutput: return "the command printed more than \(CommandLimits.outputBytes) bytes"
        case .unusableOutput(let cause): return "the output of the command cannot be used: \(cause)" + words
        }
    }
}
