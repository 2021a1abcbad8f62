import WeirCore
import WeirPolicy

/// A story as a few lines of text: what was measured as a curve, alarms as letters, instances as digits, and a caret where each
/// failure is. A number of several digits is written downwards. What is as the row above it is not drawn again.
///
/// ```
/// visible 0-120   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████████████████████▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
/// too-many        ................AAAAAAAAAAAAAAAAAAAAAAAA................
/// desired         00000000000000001111111122222222222222222222222222222222
/// in service      00000000000000000111111112222222222222222222222222222222
///                 0s              ^ 5m                                  20m
/// ```
public struct TimelinePicture {
    private let course: StoryCourse
    private let isPlain: Bool
    private let metrics: [StoryFigure]
    private let alarms: [String]

    /// - Parameters:
    ///   - isPlain: in ASCII alone.
    ///   - story: its figures and alarms are the rows; of more alarms than have room, those that matter most to what does not hold.
    public init(of course: StoryCourse, _ story: Story, isPlain: Bool) {
        self.course = course
        self.isPlain = isPlain
        let drawn: [StoryFigure] = [.visible, .inFlight, .oldestAge]
        switch story.source {
        case .given(let figures):
            let given = drawn.filter { figure in figures.series.contains { $0.metric.rawValue == figure.rawValue } }
            metrics = given.isEmpty ? [.visible] : given
        case .load: metrics = [.visible, .inFlight]
        }
        alarms = Self.chosen(of: course, story)
    }

    /// In the order of the policy.
    private static func chosen(of course: StoryCourse, _ story: Story) -> [String] {
        guard course.alarms.count > mostAlarms else { return course.alarms }
        let failures = story.failures(in: course)
        func isNamed(_ alarm: String, by expectations: [StoryExpectation]) -> Bool {
            expectations.contains { expectation in
                let because = expectation.conditions.because?.text
                return because == alarm || expectation.conditions.alarms.contains { $0.alarm == alarm }
                    || because.flatMap { course.alarmsOfPolicies[$0] }?.contains(alarm) == true
            }
        }
        func rank(_ place: Int) -> Int {
            let alarm = course.alarms[place]
            if isNamed(alarm, by: failures.map(\.expectation)) { return 0 }
            let reasons = failures.flatMap { $0.reasons + ($0.lastChange?.reasons ?? []) }
            if reasons.contains(where: { $0.isMeant(by: alarm) }) { return 1 }
            if isNamed(alarm, by: story.expectations) { return 2 }
            let isHeard = course.moments.contains { $0.alarms.indices.contains(place) && $0.alarms[place] == .alarm }
            return isHeard ? 3 : 4
        }
        let ranks = course.alarms.indices.map(rank)
        let first = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.prefix(mostAlarms)
        return first.sorted().map { course.alarms[$0] }
    }

    private static let width = 80
    private static let mostAlarms = 6
    private static let widestLabel = 22

    /// Lines of at most 80 columns.
    /// - Parameter times: where the carets stand, by time. Unit: milliseconds since the beginning.
    public func lines(caretsAtMs times: [Int64]) -> [String] {
        let labels = metrics.map(label) + alarms + ["desired", "in service"]
        let left = min(labels.map(\.count).max() ?? 0, Self.widestLabel) + 2
        let columns = Columns(course, count: Self.width - left - 1)
        let carets = Set(times.map(columns.column))
        let rows =
            metrics.map { [curve($0, columns)] } + once(alarms.map { [letters($0, columns)] })
            + once([digits(columns, carets) { $0.desired }, digits(columns, carets) { $0.inService }])
        let lines = zip(labels, rows).flatMap { label, row in
            row.enumerated().map {
                pad($0 == 0 ? String(label.prefix(left - 2)) : "", to: left) + Self.withoutBlanksBehind($1)
            }
        }
        return lines + axis(columns, times).map { pad("", to: left) + $0 }
    }

    private static func withoutBlanksBehind(_ row: String) -> Substring {
        row.prefix(through: row.lastIndex { $0 != " " } ?? row.startIndex)
    }

    /// Rows that are as the one before say so.
    private func once(_ rows: [[String]]) -> [[String]] {
        rows.indices.map { $0 > 0 && rows[$0] == rows[$0 - 1] ? ["the same"] : rows[$0] }
    }

    // MARK: Rows

    private func label(_ figure: StoryFigure) -> String {
        let numbers = course.moments.compactMap { $0.number(figure) }
        guard let least = numbers.min(), let most = numbers.max() else { return figure.words }
        let (low, high) = (Figure.text(least.rounded()), Figure.text(most.rounded()))
        return "\(figure.words) \(low == high ? low : "\(low)-\(high)")"
    }

    /// The most in each column, between the least and the most of all; `!` where the source does not answer, `?` where it does not tell.
    private func curve(_ figure: StoryFigure, _ columns: Columns) -> String {
        let steps = Array(isPlain ? "_.-=+*#" : "▁▂▃▄▅▆▇█")
        let numbers = course.moments.compactMap { $0.number(figure) }
        let (least, most) = (numbers.min() ?? 0, numbers.max() ?? 0)
        return String(
            columns.ranges.map { range -> Character in
                guard !course.moments[range].contains(where: { $0.measurement?.hasFailed == true }) else { return "!" }
                guard let number = course.moments[range].compactMap({ $0.number(figure) }).max() else { return "?" }
                guard most > least else { return steps[0] }
                return steps[Int((number - least) / (most - least) * Double(steps.count - 1) + 0.5)]
            })
    }

    /// `.` for OK, `A` for ALARM, `?` for INSUFFICIENT_DATA; ALARM is seen however short it was.
    private func letters(_ alarm: String, _ columns: Columns) -> String {
        guard let place = course.alarms.firstIndex(of: alarm) else { return "" }
        return String(
            columns.ranges.map { range -> Character in
                let states = course.moments[range].compactMap {
                    $0.alarms.indices.contains(place) ? $0.alarms[place] : nil
                }
                if states.contains(.alarm) { return "A" }
                switch states.last {
                case .ok: return "."
                case .alarm: return "A"
                case .insufficientData, nil: return "?"
                }
            })
    }

    /// A number in each column, downwards: a line for each place of the longest. It is the last of the column; where it came back to what
    /// it was before, what it was in between, unless a caret stands there.
    private func digits(_ columns: Columns, _ carets: Set<Int>, _ number: (StoryCourse.Moment) -> Int) -> [String] {
        var before: Int?
        let numbers = columns.ranges.enumerated().map { column, range in
            let last = number(course.moments[range.upperBound])
            defer { before = last }
            guard last == before, !carets.contains(column) else { return Array(String(last)) }
            let farthest = course.moments[range].map(number).max { abs($0 - last) < abs($1 - last) }
            return Array(String(farthest ?? last))
        }
        let places = numbers.map(\.count).max() ?? 1
        return (0..<places).map { place in
            String(numbers.map { $0.count < places - place ? " " : $0[place - places + $0.count] })
        }
    }

    /// The carets with their times, in as few lines as have room for them; in the first one also the beginning and the end, where there
    /// is room.
    private func axis(_ columns: Columns, _ times: [Int64]) -> [String] {
        let count = columns.ranges.count
        var lines: [AxisLine] = []
        for atMs in times {
            let (caret, time) = (columns.column(of: atMs), Figure.time(atMs))
            let isLeft = caret + time.count + 2 > count
            let mark = isLeft ? time + " ^" : "^ " + time
            let start = max(isLeft ? caret - mark.count + 1 : caret, 0)
            if let free = lines.firstIndex(where: { $0.hasRoom(for: mark, at: start) }) {
                lines[free].write(mark, at: start)
            } else {
                lines.append(AxisLine())
                lines[lines.count - 1].write(mark, at: start)
            }
        }
        let end = Figure.time(course.lasts.wholeMilliseconds)
        for (text, start) in [("0s", 0), (end, count - end.count)] where !lines.isEmpty && start >= 0 {
            if lines[0].hasRoom(for: text, at: start) { lines[0].write(text, at: start) }
        }
        return lines.map(\.text)
    }

    private func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}

/// Texts at places of a line, a blank between them at least.
private struct AxisLine {
    private var characters: [Character] = []

    var text: String { String(characters) }

    func hasRoom(for text: String, at start: Int) -> Bool {
        let taken = max(start - 1, 0)..<(start + text.count + 1)
        return characters.indices.clamped(to: taken).allSatisfy { characters[$0] == " " }
    }

    mutating func write(_ text: String, at start: Int) {
        let missing = start + text.count - characters.count
        if missing > 0 { characters += Array(repeating: " ", count: missing) }
        characters.replaceSubrange(start..<(start + text.count), with: Array(text))
    }
}

extension Measurement {
    /// The source did not answer.
    fileprivate var hasFailed: Bool {
        if case .missing(.sourceFailed) = visible { true } else { false }
    }
}

/// Equal pieces of the story's time, and the moments that belong to each: what held when it began, and what came in it.
private struct Columns {
    let ranges: [ClosedRange<Int>]
    private let spanMs: Int64

    init(_ course: StoryCourse, count: Int) {
        let totalMs = max(course.lasts.wholeMilliseconds, 1)
        let least = (totalMs + Int64(count) - 1) / Int64(count)
        spanMs = Self.round.first { $0 >= least } ?? least
        let span = spanMs
        var ranges: [ClosedRange<Int>] = []
        for column in 0..<max(Int((totalMs + span - 1) / span), 1) {
            let last = course.index(at: .milliseconds((Int64(column) + 1) * span - 1) - StoryLimits.atOnce)
            let first = ranges.last.map { min($0.upperBound + 1, last) } ?? 0
            ranges.append(min(first, last)...last)
        }
        self.ranges = ranges
    }

    /// Lengths of a column that people count in: seconds, minutes, hours. Unit: milliseconds.
    private static let round: [Int64] = [
        1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    ].map { $0 * 1000 }

    func column(of ms: Int64) -> Int { min(max(Int(ms / spanMs), 0), ranges.count - 1) }
}
