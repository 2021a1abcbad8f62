// Finding a reason by what people call it.

extension Reason {
    /// Every code that there is, in the order of their declaration.
    public static var codes: [String] { Fact.CodingKeys.allCases.map(\.rawValue) }

    /// Whether it is this reason that is meant.
    /// - Parameter text: its code or whole words of it (`cooldown` for `held_by_cooldown`); a name, of an alarm or whatever else
    ///   its sentence names; or a part of the sentence, in any case.
    public func isMeant(by text: String) -> Bool {
        if "_\(code)_".contains("_\(text)_") { return true }
        return proposal?.alarm == text || Self.holds(text, in: sentence)
    }

    /// This scaling policy speaks, and what it asks for was not outranked.
    public func isOf(policy name: String) -> Bool { role != .outranked && sentence.hasPrefix("\(name):") }

    private var proposal: Proposal? {
        if case .proposed(let proposal) = fact { return proposal }
        if case .outranked(let proposal, _) = fact { return proposal }
        return nil
    }

    /// The text, and not only as a part of a longer word: `up` is not meant by `up-policy`.
    private static func holds(_ text: String, in sentence: String) -> Bool {
        let sought = Array(text.lowercased().utf8)
        let whole = Array(sentence.lowercased().utf8)
        guard let first = sought.first, sought.count <= whole.count else { return false }
        for start in 0...(whole.count - sought.count) where whole[start] == first {
            let end = start + sought.count
            guard whole[start..<end].elementsEqual(sought) else { continue }
            let startsWord = start == 0 || !isOfWord(whole[start - 1])
            let endsWord = end == whole.count || !isOfWord(whole[end])
            if startsWord, endsWord { return true }
        }
        return false
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
