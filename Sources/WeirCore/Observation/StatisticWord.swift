// Statistics as people and files write them.

extension Statistic {
    /// Reads a word of the policy file (`maximum`, `sample_count`), CloudWatch's name for the same (`Maximum`), or one of its
    /// extended statistics (`p99.9`, `tm90`, `TM(10%:90%)`, `IQM`); nil when it is something else.
    public init?(_ word: String) {
        switch word {
        case "average", "Average": self = .average
        case "sum", "Sum": self = .sum
        case "minimum", "Minimum": self = .minimum
        case "maximum", "Maximum": self = .maximum
        case "sample_count", "SampleCount": self = .sampleCount
        case "IQM", "iqm": self = .interquartileMean
        default:
            guard let statistic = Statistic.percentile(word) ?? Statistic.trimmed(word) ?? Statistic.bounded(word)
            else { return nil }
            self = statistic
        }
    }

    private static let interquartileMean =
        Percent("25").flatMap { low in Percent("75").map { Statistic.trimmedMean(.shares(low, $0)) } } ?? .average

    private static func percentile(_ word: String) -> Statistic? {
        guard word.first == "p" else { return nil }
        return Percent(word.dropFirst()).map(Statistic.percentile)
    }

    /// `tm90`: all but the highest 10 %.
    private static func trimmed(_ word: String) -> Statistic? {
        guard let upper = Percent(word.dropFirst(2)), upper > .none else { return nil }
        return make(String(word.prefix(2)), .shares(.none, upper))
    }

    /// `TM(10%:90%)`, `TM(150:1000)`; either side may be left out, but not both.
    private static func bounded(_ word: String) -> Statistic? {
        guard word.last == ")", let open = word.firstIndex(of: "("), word[..<open].utf8.count == 2 else { return nil }
        let name = word[..<open]
        guard name == name.uppercased() else { return nil }
        let inner = word[word.index(after: open)...].dropLast()
        let sides = inner.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
        guard sides.count == 2, sides != ["", ""], let boundaries = Boundaries(sides[0], sides[1]) else { return nil }
        return make(name.lowercased(), boundaries)
    }

    private static func make(_ name: String, _ boundaries: Boundaries) -> Statistic? {
        switch name {
        case "tm": return .trimmedMean(boundaries)
        case "wm": return .winsorizedMean(boundaries)
        case "tc": return .trimmedCount(boundaries)
        case "ts": return .trimmedSum(boundaries)
        case "pr":
            guard case .values = boundaries else { return nil }
            return .percentileRank(boundaries)
        default: return nil
        }
    }

    /// The word that reads back as this: `maximum`, `p99.9`, `tm90`, `TM(10%:90%)`.
    public var text: String {
        switch self {
        case .average: "average"
        case .sum: "sum"
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .sampleCount: "sample_count"
        case .percentile(let percent): "p\(percent.text)"
        case .trimmedMean(let boundaries): self == .interquartileMean ? "IQM" : boundaries.text("tm")
        case .winsorizedMean(let boundaries): boundaries.text("wm")
        case .trimmedCount(let boundaries): boundaries.text("tc")
        case .trimmedSum(let boundaries): boundaries.text("ts")
        case .percentileRank(let boundaries): boundaries.text("pr")
        }
    }

    /// The word that PutMetricAlarm takes: `Maximum`, `p99.9`.
    public var cloudWatchName: String {
        switch self {
        case .average: "Average"
        case .sum: "Sum"
        case .minimum: "Minimum"
        case .maximum: "Maximum"
        case .sampleCount: "SampleCount"
        case .percentile, .trimmedMean, .winsorizedMean, .trimmedCount, .trimmedSum, .percentileRank: text
        }
    }

    /// For people: `sample count`.
    var word: String {
        self == .sampleCount ? "sample count" : text
    }
}

/// Travels as its word.
extension Statistic: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let word = try container.decode(String.self)
        guard let statistic = Statistic(word) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no statistic '\(word)'")
        }
        self = statistic
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Boundaries {
    /// Nil when a side is neither a number nor a percentage, when one is and the other is not, or when nothing is between.
    fileprivate init?(_ lower: String, _ upper: String) {
        if lower.hasSuffix("%") || upper.hasSuffix("%") {
            guard let low = lower.isEmpty ? Percent.none : Boundaries.percent(lower),
                let high = upper.isEmpty ? Percent.whole : Boundaries.percent(upper), low < high
            else { return nil }
            self = .shares(low, high)
            return
        }
        let (low, high) = (Boundaries.value(lower), Boundaries.value(upper))
        guard lower.isEmpty || low != nil, upper.isEmpty || high != nil else { return nil }
        if let low, let high, low >= high { return nil }
        self = .values(low, high)
    }

    private static func percent(_ side: String) -> Percent? {
        side.hasSuffix("%") ? Percent(side.dropLast()) : nil
    }

    private static func value(_ side: String) -> Double? {
        guard let first = side.first, first == "-" || first.isASCII && first.isNumber else { return nil }
        return Double(side).flatMap { $0.isFinite ? $0 : nil }
    }

    fileprivate func text(_ name: String) -> String {
        switch self {
        case .shares(.none, let upper): "\(name)\(upper.text)"
        case .shares(let lower, let upper): "\(name.uppercased())(\(lower.text)%:\(upper.text)%)"
        case .values(let lower, let upper):
            "\(name.uppercased())(\(lower.map(Boundaries.text) ?? ""):\(upper.map(Boundaries.text) ?? ""))"
        }
    }

    /// Exact, so that it reads back as the same number.
    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

extension StringProtocol {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
