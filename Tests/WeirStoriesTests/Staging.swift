import Testing
import WeirBackends
import WeirPolicy
import WeirSimulator

@testable import WeirStories

/// A small policy whose every number is seen in the stories of these tests.
enum Staging {
    static let policy = """
        group: sample
        queue: { embedded: sample, poll_interval: 10s }
        workers: { process: { command: ["true"] }, warmup: 30s }
        min_size: 0
        max_size: 4
        alarms:
          too-many: { metric: visible, statistic: maximum, period: 60s, comparison: ">=", threshold: 100 }
          nothing: { metric: outstanding, statistic: maximum, period: 60s, evaluation_periods: 3, comparison: "<=", threshold: 0 }
        scaling_policies:
          out: { type: step_scaling, alarm: too-many, adjustment_type: change_in_capacity, steps: [{ lower: 0, adjustment: 2 }] }
          home: { type: simple_scaling, alarm: nothing, adjustment_type: exact_capacity, adjustment: 0, cooldown: 60s }
        """

    static func read(
        _ stories: String, policy: String = policy, loadMistakes: @escaping StoryReader.LoadCheck = { _, _ in [] }
    ) -> StoryReadResult {
        StoryReader(catalogue: Registry.catalogue, loadMistakes: loadMistakes).read(
            text: stories, path: "sample.stories.yaml", policyText: policy)
    }

    /// The one story of a file that has no mistake, and what came of it.
    static func play(_ body: String, policy: String = policy) throws -> StoryResult {
        let indented = body.split(separator: "\n").map { "    \($0)\n" }.joined()
        let read = read("stories:\n  - story: a story\n" + indented, policy: policy)
        let suite = try #require(read.suites.first, "\(read.text)")
        let story = try #require(suite.stories.first)
        let course = try story.run(suite.policy.group) { _ throws(TraceFailure) in ListedJobs([]) }
        return StoryResult(story, course)
    }
}
