import Testing
import WeirStories

@Suite("What is expected of a story")
struct ExpectationSpecs {
    private static let given = "given: { visible: 0x2 120x5 0x10 }\n"

    @Test(
        "holds where it is the case, and only there",
        arguments: [
            ("{ at: 1m59s, desired: 0 }", true, "before the alarm"),
            ("{ at: 2m, desired: 2 }", true, "what follows from a moment at once belongs to it"),
            ("{ at: 2m, desired: 1 }", false, "it is two"),
            ("{ at: 2m, desired: '>= 2', launches: 2, because: out }", true, "all of it"),
            ("{ at: 2m, launches: 1 }", false, "two were launched"),
            ("{ at: 2m9s, in_service: 0, pending: 2 }", true, "they start for ten seconds"),
            ("{ at: 2m10s, in_service: 2, pending: 0 }", true, "and are there to the second"),
            ("{ at: 1m, within: 90s, desired: 2 }", true, "it comes to be"),
            ("{ at: 1m, within: 30s, desired: 2 }", false, "but not so soon"),
            ("{ until: 1m59s, desired: 0, launches: 0 }", true, "all that time"),
            ("{ until: 2m, desired: 0 }", false, "not at its end any more"),
            ("{ from: 2m, until: 6m, alarms: { too-many: ALARM } }", true, "an alarm all that time"),
            ("{ from: 1m, until: 6m, alarms: { too-many: ALARM } }", false, "it was OK at first"),
            ("{ at: 4m, desired: 4, because: maximum }", true, "words of a code"),
            ("{ at: 4m, because: 'limited to the maximum 4' }", true, "a part of a sentence"),
            ("{ at: 4m, because: too-many }", true, "the alarm behind a policy"),
            ("{ at: 4m, because: home }", false, "another policy"),
            ("never: { desired: '> 4' }", true, "it never is"),
            ("never: { desired: '> 3' }", false, "it is for a while"),
            ("never: { desired: 4, alarms: { nothing: ALARM }, because: out }", true, "not all at once"),
            ("{ from: 7m, until: 17m, terminations: 4 }", true, "counted over a time"),
            ("{ from: 7m, until: 17m, terminations: '< 4' }", false, "counted over a time"),
        ])
    func holds(_ expectation: String, _ holds: Bool, because: String) throws {
        let result = try Staging.play(Self.given + "expect:\n  - " + expectation)
        #expect(result.holds == holds, "\(because)")
    }

    @Test("what a source does not answer is never a reason to scale in")
    func silence() throws {
        let result = try Staging.play(
            """
            desired_capacity: 2
            given: { visible: 1 !x20 }
            expect:
              - { at: 20m, desired: 2, alarms: { nothing: INSUFFICIENT_DATA } }
            """)
        #expect(result.holds)
    }
}

@Suite("What happens besides")
struct EventSpecs {
    @Test(
        "changes the course of a story",
        arguments: [
            ("{ at: 1m, instance_ends: oldest }", "{ at: 1m, in_service: 1, pending: 1, launches: 1 }"),
            ("{ at: 1m, set_desired: 3 }", "{ at: 1m, desired: 3, because: set_by_operator }"),
            ("{ at: 1m, set_desired: 9 }", "{ at: 1m, desired: 4 }"),
            ("{ at: 1m, terminate: newest }", "{ from: 1m, until: 2m, launches: 1, terminations: 1 }"),
            ("{ at: 1m, standby: 1 }", "{ at: 1m30s, in_service: 2 }"),
            ("{ at: 1m, unhealthy: 2 }", "{ from: 1m, until: 3m, launches: 1, terminations: 1 }"),
            ("{ at: 1m, restart: true }", "{ from: 0s, launches: 0, terminations: 0, in_service: 2 }"),
            ("{ at: 1m, listing_fails: 1m }", "{ from: 0s, in_service: 2 }"),
            ("{ at: 1m, refresh: true }", "{ at: 1m, because: refresh }"),
        ])
    func happens(_ event: String, _ expectation: String) throws {
        let result = try Staging.play(
            """
            desired_capacity: 2
            given: { visible: 5x3 }
            events:
              - \(event)
            expect:
              - \(expectation)
            """)
        #expect(result.holds, "\(result.text(path: "sample.stories.yaml", isPlain: true))")
    }

    @Test("while launches fail nobody comes, and afterwards they do")
    func launchesFail() throws {
        let result = try Staging.play(
            """
            given: { visible: 0 200x30 }
            events:
              - { at: 30s, launches_fail: 3m }
            expect:
              - { at: 3m, desired: 2, in_service: 0, because: launch_backoff }
              - { at: 30m, in_service: 4 }
            """)
        #expect(result.holds, "\(result.text(path: "sample.stories.yaml", isPlain: true))")
    }

    @Test("who asked for protection stays, though none is desired")
    func protection() throws {
        let result = try Staging.play(
            """
            desired_capacity: 2
            given: { visible: 0x10 }
            events:
              - { at: 1m, protect: oldest }
            expect:
              - { at: 8m, desired: 0, in_service: 1, because: protection }
            """)
        #expect(result.holds, "\(result.text(path: "sample.stories.yaml", isPlain: true))")
    }
}
