/// Reads the five cron fields.
struct RecurrenceParser {
    private let text: String
    private let fields: [Part]

    /// A piece of the text, and where it starts.
    private struct Part {
        var text: Substring
        var offset: Int

        func split(_ separator: Character) -> [Part] {
            var offset = offset
            return text.split(separator: separator, omittingEmptySubsequences: false).map { piece in
                defer { offset += piece.count + 1 }
                return Part(text: piece, offset: offset)
            }
        }
    }

    /// What one field may hold.
    private struct Kind {
        var name: String
        var range: ClosedRange<Int>
        /// Names for its values, the first for the smallest one.
        var names: [String] = []
        var usual: String
    }

    private static let kinds = [
        Kind(name: "minute", range: 0...59, usual: "0 to 59"),
        Kind(name: "hour", range: 0...23, usual: "0 to 23"),
        Kind(name: "day of month", range: 1...31, usual: "1 to 31"),
        Kind(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            usual: "1 to 12 or jan to dec"),
        Kind(
            name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            usual: "0 to 7 or sun to sat"),
    ]

    init(_ text: String) {
        self.text = text
        fields = Part(text: text[...], offset: 0).split(" ").flatMap { $0.split("\t") }.filter { !$0.text.isEmpty }
    }

    func parse() throws(RecurrenceError) -> Recurrence {
        guard fields.count == Self.kinds.count else {
            throw RecurrenceError(
                offset: 0, message: "it has \(counted(fields.count, "field"))",
                expected: "five: minute, hour, day of month, month and day of week, such as '0 8 * * mon-fri'")
        }
        var masks: [UInt64] = []
        for (field, kind) in zip(fields, Self.kinds) {
            var mask: UInt64 = 0
            for item in field.split(",") { mask |= try self.mask(of: item, kind) }
            masks.append(mask)
        }
        // 7 is Sunday too.
        let weekdays = masks[4] & 0x7F | masks[4] >> 7
        return Recurrence(
            text: text, minutes: masks[0], hours: masks[1], days: masks[2], months: masks[3], weekdays: weekdays,
            eitherDay: !fields[2].text.hasPrefix("*") && !fields[4].text.hasPrefix("*"))
    }

    /// One item of a list: `*`, `5`, `1-5`, and each with a step.
    private func mask(of item: Part, _ kind: Kind) throws(RecurrenceError) -> UInt64 {
        let halves = item.split("/")
        guard halves.count <= 2 else { throw mistake(item, kind) }
        let bounds = halves[0].split("-")
        guard bounds.count <= 2 else { throw mistake(item, kind) }
        var (first, last) = (kind.range.lowerBound, kind.range.upperBound)
        if bounds[0].text == "*" {
            guard bounds.count == 1 else { throw mistake(item, kind) }
            // Otherwise Sunday would be counted twice by a step.
            if kind.range.upperBound == 7 { last = 6 }
        } else {
            first = try value(bounds[0], kind)
            // `5/10` is from 5 on.
            if bounds.count == 2 { last = try value(bounds[1], kind) } else if halves.count == 1 { last = first }
            // `fri-sun`: Sunday ends a week as well.
            if kind.range.upperBound == 7, last == 0, first > 0 { last = 7 }
        }
        guard first <= last else {
            throw RecurrenceError(
                offset: item.offset, message: "the \(kind.name) goes from \(first) to \(last)",
                expected: "the smaller one first")
        }
        var step = 1
        if halves.count == 2 {
            guard let number = Int(halves[1].text), number > 0, halves[1].text.allSatisfy(\.isNumber) else {
                throw RecurrenceError(
                    offset: halves[1].offset, message: "the step of the \(kind.name) is '\(halves[1].text)'",
                    expected: "a number from 1")
            }
            step = min(number, 60)
        }
        return stride(from: first, through: last, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func value(_ part: Part, _ kind: Kind) throws(RecurrenceError) -> Int {
        let word = part.text.lowercased()
        if let index = kind.names.firstIndex(of: word) { return kind.range.lowerBound + index }
        guard let first = word.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            let number = Int(word), kind.range.contains(number)
        else { throw mistake(part, kind) }
        return number
    }

    private func mistake(_ part: Part, _ kind: Kind) -> RecurrenceError {
        RecurrenceError(
            offset: part.offset, message: "the \(kind.name) is '\(part.text)'",
            expected: "\(kind.usual), '*', or a list, range or step of these")
    }
}
