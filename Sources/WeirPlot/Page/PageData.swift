/// What the page's script reads, as JSON. Nothing in it can end the script.
struct PageData {
    private let page: Page
    private let pictures: [Drawing]

    /// - Parameter pictures: the wide one, and the narrow one.
    init(_ page: Page, _ pictures: [Drawing]) {
        self.page = page
        self.pictures = pictures
    }

    var json: String {
        object([
            ("beginsAt", page.figure.time.beginsAt.map { "\($0)" } ?? "null"),
            ("span", number(page.figure.time.span)),
            ("plots", object(zip(["wide", "narrow"], pictures).map { ($0, array($1.plots.map(plot))) })),
            ("readings", array(page.readings.map(reading))),
            ("events", array(page.events.all.map(event))),
        ])
    }

    /// Left, right, upper and lower border.
    private func plot(_ frame: Box) -> String {
        array([frame.x, frame.right, frame.y, frame.bottom].map(number))
    }

    private func event(_ event: Page.Event) -> String {
        array([number(event.at), quoted(event.change), quoted(event.reason)])
    }

    private func reading(_ reading: Page.Reading) -> String {
        var members = [("name", quoted(reading.name))]
        switch reading.content {
        case .numbers(let mean, let most): members += [("kind", quoted("number"))] + values(mean, most)
        case .ranges(let least, let most): members += [("kind", quoted("range"))] + values(least, most)
        case .durations(let mean, let most): members += [("kind", quoted("duration"))] + values(mean, most)
        case .states(let states):
            let all = states.map { array([number($0.from), quoted($0.name)]) }
            members += [("kind", quoted("state")), ("states", array(all))]
        }
        return object(members)
    }

    private func values(_ first: Series, _ most: Series?) -> [(String, String)] {
        var members = [("width", "\(first.width)"), ("values", array(first.values.map(number)))]
        if let most { members.append(("most", array(most.values.map(number)))) }
        return members
    }

    // MARK: JSON

    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
    }

    private func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// As exact as a person reads it; what is unknown is null.
    private func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "null" }
        return NumberText.trimmed(value, abs(value) >= 100 ? 1 : abs(value) >= 1 ? 2 : 4)
    }

    private func quoted(_ text: String) -> String {
        var safe = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"", "\\": safe += "\\\(character)"
            // Neither a tag nor a comment nor the end of a line begins within a string.
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}":
                let digits = String(character.value, radix: 16)
                safe += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: safe.unicodeScalars.append(character)
            }
        }
        return safe + "\""
    }
}
