/// Did you mean …?
public enum NearestWord {
    /// The candidate that `word` was probably meant to be, or nil. Spelling that differs only in case and in `_` or `-`
    /// comes first, then the fewest slips of the finger, then a part of a longer word when only one has it.
    public static func to(_ word: String, among candidates: [String]) -> String? {
        let plain = normalized(word)
        guard !plain.isEmpty, plain.count <= longestWord else { return nil }
        if let same = candidates.first(where: { normalized($0) == plain }) { return same }
        return bySlips(plain, candidates) ?? byPart(word.lowercased(), candidates)
    }

    /// Case, `_` and `-` set aside: `ChangeInCapacity` and `change_in_capacity` are one word.
    static func normalized(_ word: String) -> String {
        String(word.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    /// A key as AWS spells it in our spelling: `MinSize` is `min_size`, `OKActions` is `ok_actions`. Words without a
    /// capital stay as they are.
    static func snakeCase(_ word: String) -> String {
        let letters = Array(word)
        guard letters.contains(where: \.isUppercase) else { return word }
        var result = ""
        for (index, letter) in letters.enumerated() {
            let before = index > 0 ? letters[index - 1] : "_"
            let startsWord = before.isLowercase || before.isNumber
            let endsCapitals = before.isUppercase && index + 1 < letters.count && letters[index + 1].isLowercase
            if letter.isUppercase, startsWord || endsCapitals { result += "_" }
            result += letter == "-" ? "_" : letter.lowercased()
        }
        return result
    }

    private static func bySlips(_ plain: String, _ candidates: [String]) -> String? {
        var best: (word: String, slips: Int)?
        for candidate in candidates {
            let other = normalized(candidate)
            let allowed = min(max(plain.count, other.count) / 3, mostSlips)
            let slips = slipsBetween(Array(plain), Array(other))
            guard slips <= allowed, slips < (best?.slips ?? .max) else { continue }
            best = (candidate, slips)
        }
        return best?.word
    }

    private static func byPart(_ word: String, _ candidates: [String]) -> String? {
        guard word.count >= shortestPart else { return nil }
        let matches = candidates.filter { candidate in
            candidate.hasPrefix(word + "_") || candidate.hasSuffix("_" + word) || candidate.contains("_" + word + "_")
        }
        return matches.count == 1 ? matches.first : nil
    }

    private static let mostSlips = 3
    private static let shortestPart = 3
    /// Our words are shorter; whatever is longer was not a slip of the finger.
    private static let longestWord = 64

    /// Letters added, left out, mistaken, or swapped with their neighbour.
    static func slipsBetween(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var slips = min(last[column + 1] + 1, current[column] + 1)
                slips = min(slips, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    slips = min(slips, beforeLast[column - 1] + 1)
                }
                current.append(slips)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
