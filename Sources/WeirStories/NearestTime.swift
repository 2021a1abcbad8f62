import WeirCore
import WeirPolicy

/// When in the story that would have held which did not, in a sentence.
struct NearestTime {
    private let judge: StoryJudge

    init(_ judge: StoryJudge) {
        self.judge = judge
    }

    /// Nil where nothing is about a moment, or where the failure names the moment itself.
    var text: String? {
        let conditions = judge.expectation.conditions
        let isOfMoments = conditions.figures.contains { !$0.figure.isCounted } || !conditions.alarms.isEmpty
        guard !judge.expectation.isNever, isOfMoments else { return nil }
        let momentMs: Int64
        switch judge.expectation.when {
        case .at(let time): momentMs = time.wholeMilliseconds
        case .sometime(_, let until): momentMs = until.wholeMilliseconds
        case .throughout(let from, _): momentMs = from.wholeMilliseconds
        }
        guard let stay = stays.min(by: { $0.distance(from: momentMs) < $1.distance(from: momentMs) }) else {
            return "it holds at no moment of the story"
        }
        let span = "from \(Figure.time(stay.fromMs)) " + (stay.untilMs.map { "until \(Figure.time($0))" } ?? "on")
        let away = stay.distance(from: momentMs)
        guard away > 0 else { return "it holds \(span)" }
        return "it holds \(span), \(Figure.time(away)) \(stay.fromMs > momentMs ? "later" : "earlier")"
    }

    /// A time in which all conditions of a moment hold.
    private struct Stay {
        var fromMs: Int64
        /// Nil: it goes on to the end.
        var untilMs: Int64?

        func distance(from ms: Int64) -> Int64 {
            if ms < fromMs { return fromMs - ms }
            return untilMs.map { max(ms - $0, 0) } ?? 0
        }
    }

    private var stays: [Stay] {
        var stays: [Stay] = []
        var begin: Int64?
        for (index, moment) in judge.course.moments.enumerated() {
            let holds = judge.holdsAtOnce(at: index)
            if holds, begin == nil { begin = moment.atMs }
            if !holds, let from = begin {
                stays.append(Stay(fromMs: from, untilMs: moment.atMs))
                begin = nil
            }
        }
        if let begin { stays.append(Stay(fromMs: begin)) }
        return stays
    }
}

/// Numbers and times as people read them.
enum Figure {
    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }

    /// `6m10s`, `1h30m`, `0s`. Milliseconds are left out: a tick that follows at once comes one later.
    static func time(_ ms: Int64) -> String {
        let seconds = (ms + 500) / 1000
        var text = ""
        for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60), ("s", 1)] {
            let count = unit == "d" ? seconds / size : seconds / size % (unit == "h" ? 24 : 60)
            if count > 0 { text += "\(count)\(unit)" }
        }
        return text.isEmpty ? "0s" : text
    }
}
