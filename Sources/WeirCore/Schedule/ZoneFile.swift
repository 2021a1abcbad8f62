/// A compiled time zone as every system has them, a TZif file of version 2 or later. Source: RFC 8536.
extension TimeZoneRules {
    /// - Parameter bytes: the whole file.
    /// - Returns: nil when it is not such a file. What was before 2000 is left out, and so are changes that the rule at the
    ///   end of the file makes too: a group's policy is written to every first record.
    public init?(name: String, tzif bytes: [UInt8]) {
        guard let old = Header(bytes, at: 0), old.version >= 2,
            let header = Header(bytes, at: old.end(timeSize: 4)), header.typeCount > 0
        else { return nil }
        let times = header.start
        let indexes = times + header.timeCount * 8
        let types = indexes + header.timeCount
        let footer = header.end(timeSize: 8)
        guard footer <= bytes.count else { return nil }
        func offset(ofType type: Int) -> Int? {
            guard type < header.typeCount else { return nil }
            return Int(Int32(truncatingIfNeeded: bytes.bigEndian(types + type * 6, 4)))
        }
        guard var first = offset(ofType: 0) else { return nil }
        var changes: [Change] = []
        for index in 0..<header.timeCount {
            guard let offset = offset(ofType: Int(bytes[indexes + index])) else { return nil }
            let at = bytes.bigEndian(times + index * 8, 8)
            guard changes.last.map({ $0.at < at }) ?? true else { return nil }
            if at < Self.beginning { first = offset } else { changes.append(Change(at: at, offset: offset)) }
        }
        guard let text = Self.footer(bytes[footer...]) else { return nil }
        var rule: DaylightRule?
        if !text.isEmpty {
            guard let read = DaylightRule(posix: text) else { return nil }
            rule = read
        }
        self.init(name: name, firstOffset: first, changes: changes, rule: rule)
        dropRepeated()
    }

    /// 2000-01-01.
    private static let beginning: Int64 = 946_684_800

    /// The rule holds after the last change that is kept; so one that it repeats is kept, to say since when it holds.
    private mutating func dropRepeated() {
        guard let rule else { return }
        while changes.count > 1, let last = changes.last, isRepeated(last, rule),
            isRepeated(changes[changes.count - 2], rule)
        {
            changes.removeLast()
        }
        if changes.isEmpty, rule.daylight == nil { firstOffset = rule.standard }
    }

    private func isRepeated(_ change: Change, _ rule: DaylightRule) -> Bool {
        guard let index = changes.firstIndex(of: change) else { return false }
        let former = index == 0 ? firstOffset : changes[index - 1].offset
        return rule.offset(at: change.at) == change.offset && rule.offset(at: change.at - 1) == former
    }

    /// Between two line feeds.
    private static func footer(_ bytes: ArraySlice<UInt8>) -> String? {
        let lineFeed = UInt8(ascii: "\n")
        guard bytes.first == lineFeed, let end = bytes.dropFirst().firstIndex(of: lineFeed) else { return nil }
        return String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
    }

    private struct Header {
        var version: Int
        /// Where its data begin.
        var start: Int
        private var universalCount: Int
        private var standardCount: Int
        private var leapCount: Int
        var timeCount: Int
        var typeCount: Int
        private var characterCount: Int

        init?(_ bytes: [UInt8], at position: Int) {
            guard position >= 0, position + 44 <= bytes.count,
                Array(bytes[position..<position + 4]) == Array("TZif".utf8)
            else { return nil }
            let digit = bytes[position + 4]
            version = digit >= UInt8(ascii: "2") ? Int(digit - UInt8(ascii: "0")) : 1
            start = position + 44
            func count(_ index: Int) -> Int { Int(bytes.bigEndian(position + 20 + index * 4, 4)) }
            universalCount = count(0)
            standardCount = count(1)
            leapCount = count(2)
            timeCount = count(3)
            typeCount = count(4)
            characterCount = count(5)
        }

        /// Behind its data. Counts are below 2³², so nothing overflows.
        func end(timeSize: Int) -> Int {
            start + timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
                + standardCount + universalCount
        }
    }
}

extension [UInt8] {
    /// The caller has checked that they are there.
    fileprivate func bigEndian(_ position: Int, _ count: Int) -> Int64 {
        self[position..<position + count].reduce(0) { $0 << 8 | Int64($1) }
    }
}
