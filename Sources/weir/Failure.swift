import ArgumentParser
import WeirSimulator

/// How a verb fails: a sentence, and the exit status that goes with it.
struct Failure: Error {
    enum Kind: Int32 {
        /// The world failed: a file, a socket, an engine.
        case world = 1
        /// Something that was written is wrong.
        case mistake = 2
    }

    var kind: Kind
    /// For stderr; empty when all was said on stdout.
    var text: String

    var status: Int32 { kind.rawValue }
    /// Without who says it.
    var sentence: String { text.hasPrefix("weir: ") ? String(text.dropFirst("weir: ".count)) : text }

    static func world(_ text: String) -> Failure { Failure(kind: .world, text: "weir: \(text)") }
    static func mistake(_ text: String) -> Failure { Failure(kind: .mistake, text: "weir: \(text)") }
    /// A result that nobody got to see.
    static func unprinted(_ reason: String) -> Failure {
        .world("cannot write the result to the standard output: \(reason)")
    }
    /// No verb was given: the help says which there are.
    static func usage(_ help: String) -> Failure { Failure(kind: .mistake, text: help) }

    /// What is wrong with a load.
    static func load(_ failure: TraceFailure) -> Failure {
        failure.isMistake ? .mistake("\(failure)") : .world("\(failure)")
    }

    /// What the parser refused, in the words of our other mistakes, with the usage below.
    static func unparsed(_ error: any Error) -> Failure {
        let text = Weir.fullMessage(for: error)
        let sentence = text.hasPrefix("Error: ") ? text.dropFirst("Error: ".count) : text[...]
        // A capital stays where the word is a name, as in CAPACITY.
        let isWord = sentence.dropFirst().first?.isLowercase == true
        let first = sentence.prefix { !$0.isNewline }
        let hint = ExpectedValue.hint(first).map { ": \($0)" } ?? ""
        return .mistake(
            (isWord ? first.prefix(1).lowercased() : String(first.prefix(1))) + first.dropFirst() + hint
                + sentence.dropFirst(first.count))
    }
}
