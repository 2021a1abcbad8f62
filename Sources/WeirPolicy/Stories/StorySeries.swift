import WeirCore

/// What the source says in a story, mark by mark. After its last mark a series stays as it was.
public struct StoryFigures: Sendable {
    /// How long one mark holds. Default: a minute.
    public var every: Duration
    /// In the order of their declaration; what is not among them is 0, and rates are not told.
    public var series: [Series]

    public struct Series: Sendable {
        public var metric: BuiltInMetric
        /// Never empty.
        public var marks: [StoryMark]
    }

    /// Of one metric at a moment; nil when nothing is written of it.
    public func mark(_ metric: BuiltInMetric, at time: Duration) -> StoryMark? {
        guard let series = series.first(where: { $0.metric == metric }) else { return nil }
        return mark(of: series, at: time)
    }

    private func mark(of series: Series, at time: Duration) -> StoryMark? {
        let index = Int(time.wholeMilliseconds / max(every.wholeMilliseconds, 1))
        return series.marks.indices.contains(index) ? series.marks[index] : series.marks.last
    }

    /// What a source would answer at this moment.
    public func measurement(at time: Duration) -> Measurement {
        var failed = false
        func reading(_ metric: BuiltInMetric, unwritten: Reading) -> Reading {
            guard let mark = mark(metric, at: time) else { return unwritten }
            switch mark {
            case .value(let value): return .value(value)
            case .missing: return .missing(.notTold)
            case .failed:
                failed = true
                return .missing(.notTold)
            }
        }
        let measurement = Measurement(
            visible: reading(.visible, unwritten: .value(0)), inFlight: reading(.inFlight, unwritten: .value(0)),
            delayed: reading(.delayed, unwritten: .value(0)), oldestAge: reading(.oldestAge, unwritten: .value(0)),
            arrivalRate: reading(.arrivalRate, unwritten: .missing(.notTold)),
            completionRate: reading(.completionRate, unwritten: .missing(.notTold)))
        return failed ? .missing(.sourceFailed("the source does not answer")) : measurement
    }

    /// Metrics that a source tells; the group knows the others by itself.
    static let metrics: [BuiltInMetric] = [
        .visible, .inFlight, .delayed, .oldestAge, .arrivalRate, .completionRate,
    ]
}

/// What the source says of one metric.
public enum StoryMark: Sendable, Equatable {
    case value(Double)
    /// It answers, and does not tell this.
    case missing
    /// It does not answer at all.
    case failed
}

/// Reads series as they are written: `0x10 120x5 0+20x6 _x3 !`.
enum SeriesNotation {
    struct Mistake: Error {
        /// In characters from the start of the text.
        var offset: Int
        var length: Int
        var message: String
        var hint: String
    }

    static let expected = "marks such as 0x10 120x5 0+20x6 _x3 !x2"

    static func read(_ text: String) throws(Mistake) -> [StoryMark] {
        var marks: [StoryMark] = []
        var offset = 0
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !part.isEmpty {
                guard let run = run(part) else { throw mistake(part, at: offset) }
                try check(run, part, at: offset)
                guard marks.count + run.count <= Limits.mostMarks else {
                    throw Mistake(
                        offset: offset, length: part.count, message: "the series is too long",
                        hint: "expected at most \(Limits.mostMarks) marks")
                }
                marks += run
            }
            offset += part.count + 1
        }
        guard !marks.isEmpty else {
            throw Mistake(
                offset: 0, length: max(text.count, 1), message: "the series is empty", hint: "expected \(expected)")
        }
        return marks
    }

    /// A source counts, so that nothing is below zero.
    private static func check(_ run: [StoryMark], _ part: Substring, at offset: Int) throws(Mistake) {
        for (index, mark) in run.enumerated() {
            guard case .value(let value) = mark, !(0...Limits.largestMark).contains(value) else { continue }
            let word = Quotation.short(String(part))
            throw Mistake(
                offset: offset, length: part.count,
                message: "'\(word)' is \(value < 0 ? "below 0 from mark \(index + 1) on" : "too large")",
                hint: "expected at most \(value < 0 ? "\(index) marks of it" : Field.Kind.text(Limits.largestMark))")
        }
    }

    private static func mistake(_ part: Substring, at offset: Int) -> Mistake {
        Mistake(
            offset: offset, length: part.count, message: "'\(Quotation.short(String(part)))' is no mark of a series",
            hint: "expected \(expected)")
    }

    /// One word: a mark, or a run of marks.
    private static func run(_ word: Substring) -> [StoryMark]? {
        let sides = word.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
        var count = 1
        if sides.count == 2 {
            guard let number = Int(sides[1]), (1...Limits.mostMarks).contains(number) else { return nil }
            count = number
        }
        switch sides[0] {
        case "_": return Array(repeating: .missing, count: count)
        case "!": return Array(repeating: .failed, count: count)
        default: return ramp(sides[0], count: count)
        }
    }

    /// `120`, or `0+20` or `100-10`, of which each mark is so much more or less than the one before.
    private static func ramp(_ text: Substring, count: Int) -> [StoryMark]? {
        guard let sign = text.dropFirst().firstIndex(where: { $0 == "+" || $0 == "-" }) else {
            return number(text).map { Array(repeating: .value($0), count: count) }
        }
        guard let start = number(text[..<sign]), let step = number(text[text.index(after: sign)...]) else { return nil }
        return (0..<count).map { .value(start + Double($0) * (text[sign] == "+" ? step : -step)) }
    }

    private static func number(_ text: Substring) -> Double? {
        guard text.first != ".", text.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }) else { return nil }
        return Double(text)
    }
}
