import WeirCore
import WeirPolicy

/// One story that was held against its policy.
public struct StoryResult: Sendable {
    public var story: Story
    public var course: StoryCourse
    /// In the order of the file; none: all holds.
    public var failures: [StoryFailure]

    public init(_ story: Story, _ course: StoryCourse) {
        self.story = story
        self.course = course
        failures = story.failures(in: course)
    }

    public var holds: Bool { failures.isEmpty }
}

extension StoryResult {
    /// What did not hold, and one picture of it all, for people; empty when everything did.
    /// - Parameters:
    ///   - path: of the story file.
    ///   - isPlain: in ASCII alone.
    public func text(path: String, isPlain: Bool) -> String {
        guard !failures.isEmpty else { return "" }
        var lines = ["\(path):\(story.line): \(story.title)"]
        for failure in failures { lines += failure.lines(path: path).map { "  " + $0 } }
        let picture = TimelinePicture(of: course, story, isPlain: isPlain)
        lines += [""] + picture.lines(caretsAtMs: Set(failures.map(\.atMs)).sorted())
        return lines.joined(separator: "\n")
    }
}

extension StoryFailure {
    fileprivate func lines(path: String) -> [String] {
        var lines = ["\(path):\(expectation.line): \(when) does not hold"]
        lines += rows("expected", expected)
        lines += rows("found", found)
        lines += rows("reasons", reasons.map(\.sentence))
        if let lastChange {
            let change = ["desired \(lastChange.desired) since \(Figure.time(lastChange.atMs))"]
            lines += rows("changed", change + lastChange.reasons.map(\.sentence))
        }
        if let nearest { lines += rows("nearest", [nearest]) }
        return lines
    }

    private func rows(_ label: String, _ texts: [String]) -> [String] {
        texts.enumerated().map { number, text in
            let head = number == 0 ? label : ""
            return "  " + head + String(repeating: " ", count: Self.labelWidth - head.count) + text
        }
    }

    private static let labelWidth = 10

    /// `what is expected at 5m`.
    public var when: String {
        let what = expectation.isNever ? "what is never to be" : "what is expected"
        return switch expectation.when {
        case .at(let time): "\(what) at \(Figure.time(time.wholeMilliseconds))"
        case .sometime(let from, let until):
            "\(what) between \(Figure.time(from.wholeMilliseconds)) and \(Figure.time(until.wholeMilliseconds))"
        case .throughout(let from, let until):
            "\(what) from \(Figure.time(from.wholeMilliseconds)) to \(Figure.time(until.wholeMilliseconds))"
        }
    }
}
