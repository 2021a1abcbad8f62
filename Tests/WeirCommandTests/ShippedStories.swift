import Foundation
import Testing
import WeirBackends
import WeirPolicy
import WeirSimulator
import WeirStories

@testable import weir

/// What `weir test policies/` runs.
@Suite("The stories of the shipped policies")
struct ShippedStories {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let read = StoryReader(catalogue: Registry.catalogue).read(paths: ["\(root)/policies"])
    /// The names of their files; the arguments of the tests.
    static let names = read.suites.map { URL(fileURLWithPath: $0.path).lastPathComponent }

    private static func suite(_ name: String) throws -> StorySuite {
        try #require(read.suites.first { URL(fileURLWithPath: $0.path).lastPathComponent == name })
    }

    private func results(of suite: StorySuite) throws -> [StoryResult] {
        try suite.stories.map { story in
            let course = try story.run(suite.policy.group) { load throws(TraceFailure) in
                try StoryLoads.open(load, of: suite.path)
            }
            return StoryResult(story, course)
        }
    }

    @Test("every policy has its stories, and all can be read")
    func everyPolicyHasStories() {
        #expect(Self.read.text == "")
        #expect(Self.read.without == [])
        #expect(Self.names.count >= 21 && Self.names.contains("urgent.stories.yaml"))
    }

    @Test("they hold", arguments: names)
    func theyHold(_ name: String) throws {
        for result in try results(of: Self.suite(name)) {
            #expect(result.holds, "\(result.text(path: name, isPlain: false))")
        }
    }

    @Test("they come to the same end each time", arguments: ["thumbnails.stories.yaml", "warm-pool.stories.yaml"])
    func theyRepeat(_ name: String) throws {
        let suite = try Self.suite(name)
        let ends = try (1...2).map { _ in try results(of: suite).map { $0.course.moments.map(\.reasons) } }
        #expect(ends[0] == ends[1])
    }

    /// Each threshold on its own is moved to where the alarm is never raised; a policy that needs no alarm is switched off.
    @Test("with another threshold they do not hold", arguments: names)
    func theyCanFail(_ name: String) throws {
        let suite = try Self.suite(name)
        let lines = suite.policy.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let stories = try String(contentsOfFile: suite.path, encoding: .utf8)
        let withoutAlarm = ["    type: backlog_tracking", "    type: wait_target"]
        let places = lines.indices.filter { lines[$0].hasPrefix("    threshold: ") || withoutAlarm.contains(lines[$0]) }
        #expect(!places.isEmpty)
        for place in places {
            var changed = lines
            let comparison = lines[..<place].last { $0.contains("comparison:") } ?? ""
            let isLow = comparison.contains("<") || comparison.contains("Less")
            changed[place] =
                withoutAlarm.contains(lines[place])
                ? lines[place] + "\n    enabled: false" : "    threshold: " + (isLow ? "-1000000" : "1000000")
            let read = StoryReader(catalogue: Registry.catalogue).read(
                text: stories, path: suite.path, policyText: changed.joined(separator: "\n"))
            let other = try #require(read.suites.first, "\(read.text)")
            let failed = try results(of: other).filter { !$0.holds }
            #expect(!failed.isEmpty, "\(name) does not notice that line \(place + 1) of the policy is another")
        }
    }
}
