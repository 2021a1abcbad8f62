import ArgumentParser
import WeirPolicy

/// What was typed, looked at before it is parsed: mistakes that would otherwise be told as an unexpected argument.
enum Typed {
    /// Verbs that people know from the plans, and that are not there yet.
    private static let later = ["worker"]

    static func check(_ words: [String]) throws(Failure) {
        let isHelp = words.first == "help"
        try checkVerb(isHelp ? Array(words.dropFirst()) : words, of: Weir.self, before: "")
        try checkCapacity(words)
    }

    private static func checkVerb(
        _ words: [String], of parent: any ParsableCommand.Type, before path: String
    ) throws(Failure) {
        let verbs = parent.configuration.subcommands
        guard let word = words.first, !word.hasPrefix("-"), !verbs.isEmpty else { return }
        if let verb = verbs.first(where: { $0._commandName == word }) {
            return try checkVerb(Array(words.dropFirst()), of: verb, before: "\(path)\(word) ")
        }
        if path.isEmpty, later.contains(word) { throw .mistake("'\(word)' is not there yet") }
        let names = verbs.map { $0._commandName }
        let nearest = NearestWord.to(word, among: names).map { "did you mean '\(path)\($0)'?" }
        throw .mistake(
            "there is no verb '\(path)\(word)'; \(nearest ?? "there are: \(names.joined(separator: ", "))")")
    }

    /// The parser takes a number below 0 for an option.
    private static func checkCapacity(_ words: [String]) throws(Failure) {
        guard words.first == SetDesired._commandName else { return }
        for word in words where word.hasPrefix("-") && Int(word) != nil {
            throw SetDesired.belowZero(word)
        }
    }
}
