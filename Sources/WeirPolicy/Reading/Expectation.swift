/// What is expected of a value, in words: for complaints, for the reference page, for the schema.
extension Field.Kind {
    var expectation: String {
        switch self {
        case .text(let secrets):
            secrets ? "text, or a reference: ${NAME} or file:/path" : "text"
        case .checkedText(let expected, _): expected
        case .integer(let range):
            range == Int.min...Int.max ? "a whole number" : "a whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            Self.isUnbounded(range)
                ? "a number" : "a number, \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .boolean: "true or false"
        case .duration(let range):
            "a time, \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
        case .durationOrNone(let range): "\(Self.duration(range).expectation), or \(Self.none)"
        case .size(let range):
            "a size, \(Quantity.text(sizeBytes: range.lowerBound)) to \(Quantity.text(sizeBytes: range.upperBound))"
        case .oneOf(let words): Self.alternatives(words)
        case .list(let kind): "a list, each item \(kind.expectation)"
        case .textMap(let names, let secrets):
            (names.noun.map { "names of \($0.dropFirst(2))s" } ?? "names") + ", each with "
                + Field.Kind.text(secrets: secrets).expectation
        }
    }

    /// The range alone, for a value of the right kind outside it.
    var rangeText: String {
        switch self {
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .duration(let range): "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
        case .durationOrNone(let range): "\(Self.duration(range).rangeText), or \(Self.none)"
        case .size(let range):
            "\(Quantity.text(sizeBytes: range.lowerBound)) to \(Quantity.text(sizeBytes: range.upperBound))"
        case .text, .checkedText, .boolean, .oneOf, .list, .textMap: expectation
        }
    }

    /// The word that stands for no time at all.
    static let none = "none"

    /// `a`, `a or b`, `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    static func isUnbounded(_ range: ClosedRange<Double>) -> Bool {
        range.lowerBound <= -Limits.largestThreshold && range.upperBound >= Limits.largestThreshold
    }

    /// Without a fraction when there is none: `100`, `0.5`.
    static func text(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < Limits.largestThreshold { return String(Int(number)) }
        return String(number)
    }
}

extension Key.Shape {
    var expectation: String {
        switch self {
        case .value(let kind, _): kind.expectation
        case .section(let section):
            section.choice.map { Field.Kind.alternatives($0.words) } ?? "keys and values"
        case .named(let names, _): "names, each with \(names.article) \(names.noun)"
        case .sequence: "a list"
        case .variants, .either: "keys and values"
        }
    }
}

extension Key.Names {
    var article: String { noun.first.map { "aeiou".contains($0) } == true ? "an" : "a" }
}
