import ArgumentParser
import FoundationEssentials
import WeirPolicy

/// What was typed, looked at before it is parsed: mistakes that would otherwise be told as an unexpected argument.
enum Typed {
    /// Verbs that people know from the plans, and that are not there yet.
    private static let later = ["worker"]

    static func check(_ words: [String]) throws(Failure) {
        let isHelp = words.first == "help"
        let verb = try checkVerb(isHelp ? Array(words.dropFirst()) : words, of: Weir.self, before: "")
        try checkCapacity(words)
        try checkRepeated(words, of: verb)
    }

    /// - Returns: the verb that was named.
    private static func checkVerb(
        _ words: [String], of parent: any ParsableCommand.Type, before path: String
    ) throws(Failure) -> any ParsableCommand.Type {
        let verbs = parent.configuration.subcommands
        guard let word = words.first, !word.hasPrefix("-"), !verbs.isEmpty else { return parent }
        if let verb = verbs.first(where: { $0._commandName == word }) {
            return try checkVerb(Array(words.dropFirst()), of: verb, before: "\(path)\(word) ")
        }
        if path.isEmpty, later.contains(word) { throw .mistake("'\(word)' is not there yet") }
        let names = verbs.map { $0._commandName }
        let nearest = NearestWord.to(word, among: names).map { "did you mean '\(path)\($0)'?" }
        throw .mistake(
            "there is no verb '\(path)\(word)'; \(nearest ?? "there are: \(names.joined(separator: ", "))")")
    }

    /// Of an option that takes one value, the parser would keep the last and forget the others.
    private static func checkRepeated(_ words: [String], of verb: any ParsableCommand.Type) throws(Failure) {
        let options = words.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map { word in
            String(word.dropFirst(2).prefix { $0 != "=" })
        }
        var seen: Set<String> = []
        let repeated = options.filter { !seen.insert($0).inserted }
        guard !repeated.isEmpty else { return }
        let single = singleValued(verb)
        guard let name = repeated.first(where: single.contains) else { return }
        throw .mistake("--\(name) is given twice, and takes one value: leave out one")
    }

    private static func singleValued(_ verb: any ParsableCommand.Type) -> Set<String> {
        guard let told = try? JSONDecoder().decode(ToldVerb.self, from: Data(verb._dumpHelp().utf8)) else { return [] }
        let options = (told.command.arguments ?? []).filter { $0.kind == "option" && !$0.isRepeating }
        return Set(options.flatMap { $0.names ?? [] }.map(\.name))
    }

    /// The parser takes a number below 0 for an option.
    private static func checkCapacity(_ words: [String]) throws(Failure) {
        guard words.first == SetDesired._commandName else { return }
        for word in words where word.hasPrefix("-") && Int(word) != nil {
            throw SetDesired.belowZero(word)
        }
    }
}

/// What the parser tells programs about a verb, as far as it matters here.
private struct ToldVerb: Decodable {
    struct Command: Decodable {
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        var kind: String
        var isRepeating: Bool
        var names: [Name]?
    }

    struct Name: Decodable {
        var name: String
    }

    var command: Command
}
