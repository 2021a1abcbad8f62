import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// Times at which something fails as they are written: `2h..2h30m`, or `every=exponential(6h) for=5m`, perhaps with `says=zero`.
struct OutageText {
    let outage: Outage

    /// - Parameter saysWhat: it may answer, too, but not what is so.
    /// - Throws: `ValidationError`, which says what is wrong, and what was expected.
    init(_ text: String, saysWhat: Bool) throws {
        var words = text.split(separator: " ").map(String.init)
        var once: Outage.Times?
        if let first = words.first, !first.contains("=") {
            once = try Self.once(first)
            words.removeFirst()
        }
        var values = try Values(words[...])
        let times: Outage.Times
        if let once {
            times = once
        } else {
            times = .again(every: try values.span("every"), lasting: try values.span("for"))
        }
        outage = Outage(times, says: saysWhat ? try Self.answer(values.take("says")) : .failure)
        try values.checkAllRead()
        guard case .again(let every, let lasting) = times else { return }
        for (name, span) in [("every", every), ("for", lasting)] where !(span.mean >= 1) {
            throw ValidationError("\(name)= takes a time from 1s, such as 6h or exponential(6h)")
        }
    }

    private static func once(_ word: String) throws -> Outage.Times {
        let sides = word.split(separator: ".", omittingEmptySubsequences: false)
        guard sides.count == 3, sides[1].isEmpty, let from = Quantity.time(String(sides[0])),
            let until = Quantity.time(String(sides[2])), from < until, until <= TimeArgument.longest
        else {
            throw ValidationError(
                "'\(word)' is no such time: expected 2h..2h30m, from the beginning, or 'every=6h for=5m'")
        }
        return .once(fromNs: from.wholeMilliseconds * 1_000_000, untilNs: until.wholeMilliseconds * 1_000_000)
    }

    private static func answer(_ word: String?) throws -> Outage.Answer {
        guard let word else { return .failure }
        guard let answer = Outage.Answer(rawValue: word) else {
            let words = Outage.Answer.allCases.map(\.rawValue)
            throw ValidationError(
                "says=\(word): expected \(words.joined(separator: ", "))"
                    + (NearestWord.to(word, among: words).map { "; did you mean '\($0)'?" } ?? ""))
        }
        return answer
    }
}
