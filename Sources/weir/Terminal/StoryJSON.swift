import WeirCore
import WeirPolicy
import WeirStories

/// What `weir test --format json` prints: one object, whether everything holds or not.
struct StoryJSON: Encodable {
    /// Everything holds, and there is no mistake in any file.
    var ok: Bool
    var files: [File]
    /// Policies of the folders that were named that have no stories.
    var without: [String]
    var mistakes: [Mistake]

    struct File: Encodable {
        var file: String
        var policy: String
        var group: String
        var stories: [One]
    }

    struct One: Encodable {
        var story: String
        var line: Int
        var holds: Bool
        /// How much time it covers.
        var lastsS: Double
        var ticks: Int
        var failures: [Failed]
    }

    struct Failed: Encodable {
        var line: Int
        /// Since the beginning of the story.
        var atS: Double
        var expected: [String]
        var found: [String]
        var reasons: [Why]
        /// When it would have held; left out where that has no meaning.
        var nearest: String?
    }

    struct Why: Encodable {
        var code: String
        var capacity: Int
        var sentence: String
    }

    struct Mistake: Encodable {
        var file: String
        var line: Int?
        var column: Int?
        var message: String
        var hint: String?
    }

    init(_ reports: [SuiteReport], _ read: StoryReadResult) {
        ok = !read.hasErrors && reports.allSatisfy(\.holds)
        without = read.without
        mistakes = read.diagnostics.map { diagnostic in
            Mistake(
                file: diagnostic.path, line: diagnostic.place?.line, column: diagnostic.place?.column,
                message: diagnostic.message, hint: diagnostic.hint)
        }
        files = reports.map { report in
            File(
                file: report.suite.path, policy: report.suite.policy.path, group: report.suite.policy.group.name,
                stories: report.results.map(One.init))
        }
    }
}

extension StoryJSON.One {
    fileprivate init(_ result: StoryResult) {
        self.init(
            story: result.story.title, line: result.story.line, holds: result.holds,
            lastsS: result.story.lasts.inSeconds, ticks: result.course.moments.count,
            failures: result.failures.map { failure in
                StoryJSON.Failed(
                    line: failure.expectation.line, atS: Double(failure.atMs) / 1000, expected: failure.expected,
                    found: failure.found,
                    reasons: failure.reasons.map {
                        StoryJSON.Why(code: $0.code, capacity: $0.capacity, sentence: $0.sentence)
                    }, nearest: failure.nearest)
            })
    }
}
