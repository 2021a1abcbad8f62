import WeirCore
import WeirPolicy

/// An expectation that did not hold, with what a person needs to see why.
public struct StoryFailure: Sendable {
    public var expectation: StoryExpectation
    /// What was expected, one clause for each condition that did not hold: `desired 4`.
    public var expected: [String]
    /// What was there instead, in the same order.
    public var found: [String]
    /// When that was. Unit: milliseconds since the beginning of the story.
    public var atMs: Int64
    /// What was given as reasons then, in the order of the chain.
    public var reasons: [Reason]
    /// The last decision that changed the desired capacity until then; nil: there was none, or it is that chain.
    public var lastChange: Change?
    /// When it would have held; nil where that has no meaning.
    public var nearest: String?

    /// A decision by which the desired capacity became another.
    public struct Change: Sendable {
        public var atMs: Int64
        public var desired: Int
        public var reasons: [Reason]
    }
}

extension Story {
    /// What does not hold of what was expected, in the order of the file.
    public func failures(in course: StoryCourse) -> [StoryFailure] {
        expectations.compactMap { StoryJudge(course, $0).failure }
    }
}

/// Holds one expectation against a course.
struct StoryJudge {
    let course: StoryCourse
    let expectation: StoryExpectation

    init(_ course: StoryCourse, _ expectation: StoryExpectation) {
        self.course = course
        self.expectation = expectation
    }

    private var conditions: StoryConditions { expectation.conditions }

    var failure: StoryFailure? {
        if expectation.isNever { return forbidden }
        switch expectation.when {
        case .at(let time): return missing(at: course.look(at: time))
        case .sometime(let from, let until):
            return missing(sometime: course.range(from: from, until: until), since: course.firstTick(from))
        case .throughout(let from, let until):
            return missing(throughout: course.range(from: from, until: until), since: course.firstTick(from))
        }
    }

    // MARK: At a moment

    private func missing(at look: ClosedRange<Int>) -> StoryFailure? {
        var clauses = Clauses()
        check(figuresAt: look.upperBound, counting: look, &clauses)
        if let because = conditions.because, !isGiven(because, in: look) {
            clauses.add(reason: because.text)
        }
        return clauses.isEmpty ? nil : failure(clauses, at: look.upperBound, of: look)
    }

    /// Among the reasons of this look, or those of the last change of the desired capacity before.
    private func isGiven(_ reason: StoryReason, in range: ClosedRange<Int>) -> Bool {
        if range.contains(where: { isGiven(reason, at: $0) }) { return true }
        return lastChange(until: range.upperBound).map { isGiven(reason, at: $0) } ?? false
    }

    private func isGiven(_ reason: StoryReason, at index: Int) -> Bool {
        course.moments[index].reasons.contains {
            reason.isPolicy ? $0.isOf(policy: reason.text) : $0.isMeant(by: reason.text)
        }
    }

    private func lastChange(until index: Int) -> Int? { course.moments[...index].lastIndex(where: \.changesDesired) }

    // MARK: In a time

    /// - Parameter first: the tick from which on is counted.
    private func missing(sometime range: ClosedRange<Int>, since first: Int) -> StoryFailure? {
        let counted = min(first, range.lowerBound)...range.upperBound
        let momentary = range.first { index in
            holds(at: index, counting: counted.lowerBound...index)
                && conditions.because.map { isGiven($0, in: course.lookBefore(index)) } ?? true
        }
        guard momentary == nil else { return nil }
        var clauses = Clauses()
        check(figuresAt: range.upperBound, counting: counted, &clauses)
        if let because = conditions.because, !isGiven(because, in: counted) { clauses.add(reason: because.text) }
        if clauses.isEmpty { clauses.add(expected: "all of it at one moment", found: "each at another one") }
        return failure(clauses, at: range.upperBound, of: course.lookBefore(range.upperBound))
    }

    private func missing(throughout range: ClosedRange<Int>, since first: Int) -> StoryFailure? {
        if let wrong = range.first(where: { !holdsAtOnce(at: $0) }) {
            var clauses = Clauses()
            check(figuresAt: wrong, counting: nil, &clauses)
            return failure(clauses, at: wrong, of: course.lookBefore(wrong))
        }
        var clauses = Clauses()
        let counted = min(first, range.lowerBound)...range.upperBound
        check(counts: counted, &clauses)
        if let because = conditions.because, !counted.contains(where: { isGiven(because, at: $0) }) {
            clauses.add(reason: because.text)
        }
        return clauses.isEmpty ? nil : failure(clauses, at: range.upperBound, of: course.lookBefore(range.upperBound))
    }

    private var forbidden: StoryFailure? {
        let range: ClosedRange<Int>
        switch expectation.when {
        case .at(let time): range = course.look(at: time)
        case .sometime(let from, let until), .throughout(let from, let until):
            let states = course.range(from: from, until: until)
            range = min(course.firstTick(from), states.lowerBound)...states.upperBound
        }
        let first = range.first { index in
            holdsAtOnce(at: index) && conditions.because.map { isGiven($0, at: index) } ?? true
        }
        guard let first else { return nil }
        var clauses = Clauses()
        for condition in conditions.figures {
            clauses.add(expected: "never \(condition.text)", found: text(of: condition.figure, at: first))
        }
        for condition in conditions.alarms {
            clauses.add(expected: "never \(condition.text)", found: text(ofAlarm: condition.alarm, at: first))
        }
        if let because = conditions.because {
            clauses.add(expected: "never because of \(because.text)", found: "it is among the reasons")
        }
        return failure(clauses, at: first, of: course.lookBefore(first))
    }

    // MARK: Conditions

    /// All that can be told of one moment, apart from reasons.
    func holdsAtOnce(at index: Int) -> Bool {
        for condition in conditions.figures where !condition.figure.isCounted {
            guard let number = number(condition.figure, at: index), condition.comparison.holds(for: number) else {
                return false
            }
        }
        return conditions.alarms.allSatisfy { state(ofAlarm: $0.alarm, at: index) == $0.state }
    }

    private func holds(at index: Int, counting range: ClosedRange<Int>) -> Bool {
        guard holdsAtOnce(at: index) else { return false }
        return conditions.figures.allSatisfy { condition in
            !condition.figure.isCounted || condition.comparison.holds(for: count(condition.figure, in: range))
        }
    }

    private func check(figuresAt index: Int, counting range: ClosedRange<Int>?, _ clauses: inout Clauses) {
        for condition in conditions.figures where !condition.figure.isCounted {
            let isRight = number(condition.figure, at: index).map(condition.comparison.holds) ?? false
            if !isRight { clauses.add(expected: condition.text, found: text(of: condition.figure, at: index)) }
        }
        for condition in conditions.alarms where state(ofAlarm: condition.alarm, at: index) != condition.state {
            clauses.add(expected: condition.text, found: text(ofAlarm: condition.alarm, at: index))
        }
        if let range { check(counts: range, &clauses) }
    }

    private func check(counts range: ClosedRange<Int>, _ clauses: inout Clauses) {
        for condition in conditions.figures where condition.figure.isCounted {
            let count = count(condition.figure, in: range)
            if !condition.comparison.holds(for: count) {
                clauses.add(expected: condition.text, found: "\(condition.figure.words) \(Figure.text(count))")
            }
        }
    }

    private func count(_ figure: StoryFigure, in range: ClosedRange<Int>) -> Double {
        Double(
            course.moments[range].reduce(0) { $0 + (figure == .launches ? $1.launches : $1.terminations) })
    }

    /// Nil where the source does not tell it.
    private func number(_ figure: StoryFigure, at index: Int) -> Double? {
        course.moments[index].number(figure)
    }

    private func state(ofAlarm name: String, at index: Int) -> AlarmState? {
        guard let place = course.alarms.firstIndex(of: name) else { return nil }
        let states = course.moments[index].alarms
        return states.indices.contains(place) ? states[place] : nil
    }

    private func text(of figure: StoryFigure, at index: Int) -> String {
        "\(figure.words) \(number(figure, at: index).map(Figure.text) ?? "not told")"
    }

    private func text(ofAlarm name: String, at index: Int) -> String {
        "\(name) \(state(ofAlarm: name, at: index)?.rawValue ?? "not judged yet")"
    }

    // MARK: What is told

    private func failure(_ clauses: Clauses, at index: Int, of look: ClosedRange<Int>) -> StoryFailure {
        let told = course.moments[look].flatMap(\.reasons)
        let spoken = told.filter { $0.fact != .notMeasured }
        var change: StoryFailure.Change?
        if let last = lastChange(until: index), !look.contains(last) {
            let moment = course.moments[last]
            change = StoryFailure.Change(
                atMs: moment.atMs, desired: moment.desired, reasons: moment.reasons.filter { !$0.isQuiet })
        }
        return StoryFailure(
            expectation: expectation, expected: clauses.expected, found: clauses.found,
            atMs: told.isEmpty ? course.moments[index].atMs : shownAt(index), reasons: spoken.isEmpty ? told : spoken,
            lastChange: change, nearest: NearestTime(self).text)
    }

    /// Of a moment that was named, that one; else when it was seen.
    private func shownAt(_ index: Int) -> Int64 {
        switch expectation.when {
        case .at(let time) where !expectation.isNever: time.wholeMilliseconds
        case .sometime(_, let until) where !expectation.isNever: until.wholeMilliseconds
        case .at, .sometime, .throughout: course.moments[index].atMs
        }
    }
}

/// What was expected and what was there, side by side.
private struct Clauses {
    private(set) var expected: [String] = []
    private(set) var found: [String] = []

    var isEmpty: Bool { expected.isEmpty }

    mutating func add(expected: String, found: String) {
        self.expected.append(expected)
        self.found.append(found)
    }

    mutating func add(reason: String) {
        add(expected: "because of \(reason)", found: "other reasons")
    }
}

extension StoryConditions.FigureCondition {
    var text: String { "\(figure.words) \(comparison.text)" }
}

extension StoryConditions.AlarmCondition {
    var text: String { "\(alarm) \(state.rawValue)" }
}

extension StoryCourse {
    /// The moments from the last look at the source up to this one.
    func lookBefore(_ index: Int) -> ClosedRange<Int> {
        (moments[...index].lastIndex(where: \.isLook) ?? index)...index
    }
}

extension StoryCourse.Moment {
    func number(_ figure: StoryFigure) -> Double? {
        switch figure {
        case .desired: Double(desired)
        case .inService: Double(inService)
        case .pending: Double(pending)
        case .terminating: Double(terminating)
        case .launches: Double(launches)
        case .terminations: Double(terminations)
        case .visible: measurement?.visible.number
        case .inFlight: measurement?.inFlight.number
        case .oldestAge: measurement?.oldestAge.number
        }
    }
}
