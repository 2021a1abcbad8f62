import Testing
import WeirPolicy

@Suite("Mistakes in a story file")
struct MistakeSpecs {
    private static func file(_ story: String) -> String {
        "stories:\n  - story: a story\n    \(story)\n"
            + (story.hasPrefix("expect") ? "" : "    expect: [{ at: 1m, desired: 0 }]\n")
    }

    @Test(
        "say where they are, and what would be right",
        arguments: [
            ("given: { visble: 5 }", "unknown key 'visble' in 'given'", "did you mean 'visible'?"),
            ("given: { visible: 5y3 }", "'5y3' is no mark of a series", "expected marks such as"),
            ("given: { visible: 0x2 5x0 }", "'5x0' is no mark of a series", "expected marks such as"),
            ("given: { visible: 5 100-30x9 }", "'100-30x9' is below 0 from mark 5 on", "expected at most 4 marks"),
            ("given: { in_flight: 99999999999999999999 }", "is too large", "expected at most 1000000000000"),
            ("given: { visible: 0+500000000000x4 }", "'0+500000000000x4' is too large", "expected at most"),
            ("given: { outstanding: 5 }", "unknown key 'outstanding'", "'outstanding' is visible + in_flight"),
            ("given: { visible: '' }", "the series is empty", "expected marks such as"),
            ("desired_capcity: 3", "unknown key 'desired_capcity'", "did you mean 'desired_capacity'?"),
            ("begins_at: yesterday", "'begins_at' is 'yesterday'", "expected a time in UTC"),
            ("fleet_room: 3", "'sample' shares no limit", "a story without 'fleet_room'"),
            ("events: [{ at: 1m }]", "names no event", "expected instance_ends"),
            ("events: [{ at: 1m, protect: 0 }]", "'protect' is '0'", "expected oldest, newest, all"),
            ("events: [{ at: 9m, restart: true }]\n    lasts: 2m", "'at' is after the end", "a longer 'lasts'"),
            ("expect: [{ at: 1m, desired: many }]", "'desired' is 'many'", "expected a whole number such as 4"),
            ("expect: [{ at: 1m, desired: -1 }]", "'desired' is '-1'", "expected a whole number such as 4"),
            ("expect: [{ at: 1m, launches: '<= 1.5' }]", "'launches' is '<= 1.5'", "expected a whole number such as 4"),
            ("expect: [{ at: 1m, visible: '-3..4' }]", "'visible' is '-3..4'", "expected a number such as 4"),
            ("desired_capacity: 5", "'desired_capacity' is 5, and 'sample' has at most 4", "expected at most 4"),
            ("expect: [{ at: 1m, alarms: { too-mny: OK } }]", "no alarm 'too-mny'", "did you mean 'too-many'?"),
            ("expect: [{ at: 1m, alarms: { nothing: FIRING } }]", "'nothing' is 'FIRING'", "expected OK, ALARM"),
            ("expect: [{ at: 1m, because: uot }]", "'because' is 'uot'", "did you mean 'out'?"),
            ("expect: [{ at: 1m, because: held_by_coldown }]", "'because'", "did you mean 'held_by_cooldown'?"),
            ("expect: [{ at: 1m }]", "nothing is expected here", "expected such as desired: 4"),
            ("expect: [{ desired: 1 }]", "it does not say when", "expected 'at', or 'from' and 'until'"),
            ("expect: [{ at: 1m, until: 2m, desired: 1 }]", "'at' and 'until' stand together", "a moment, or a time"),
            ("expect: [{ from: 3m, until: 2m, desired: 1 }]", "'until' is before 'from'", "expected a later time"),
            ("expect: [{ within: 2m, desired: 1 }]", "'within' stands without 'at'", "expected 'at' beside it"),
            ("expect: [{ never: { launches: 1 } }]", "unknown key 'launches'", "it is counted over a time"),
            ("load: { generate: [x], trace: y }", "names two loads", "expected exactly one"),
        ])
    func point(_ story: String, _ message: String, _ hint: String) throws {
        let result = Staging.read(Self.file(story))
        let found = result.diagnostics.first { $0.message.contains(message) }
        let diagnostic = try #require(found, "\(result.text)")
        #expect(diagnostic.hint?.contains(hint) == true, "\(diagnostic.text)")
        #expect((diagnostic.place?.line ?? 0) >= 3)
        #expect(result.suites.isEmpty)
    }

    @Test(
        "one mistake is told once: what is wrong is not missing besides",
        arguments: [
            "at: 1m, desired: -1", "at: 1m, because: uot", "never: { desired: x }", "at: 1m, alarms: { nothing: NO }",
        ])
    func once(_ expectation: String) {
        let result = Staging.read(Self.file("expect: [{ \(expectation) }]"))
        #expect(result.diagnostics.count == 1, "\(result.text)")
    }

    @Test("a file of stories without anything is told what it begins with")
    func empty() {
        #expect(Staging.read("").diagnostics.map(\.hint) == ["expected keys, 'stories' first"])
    }

    @Test("all mistakes in loads are told, each where it stands")
    func loads() {
        let stories = (1...2).map { _ in
            "  - story: s\n    load: { generate: [good, bad, worse] }\n    expect: [{ at: 1m, desired: 0 }]\n"
        }
        let result = Staging.read("stories:\n" + stories.joined()) { load, path in
            load.generate.enumerated().filter { $1 != "good" }.map {
                StoryLoad.Mistake(.generate($0), "'generate': \($1)", hint: "expected good")
            }
        }
        #expect(result.diagnostics.map { $0.place?.line } == [3, 3, 6, 6])
        #expect(result.diagnostics.map { $0.place?.column } == [30, 35, 30, 35], "\(result.text)")
        #expect(result.suites.isEmpty)
    }

    @Test("a mark is pointed at, not its series")
    func mark() {
        let result = Staging.read(
            "stories:\n  - story: a story\n    given: { visible: 0x2 5y3 7 }\n    expect: [{ at: 1m, desired: 0 }]\n")
        #expect(
            result.text == """
                sample.stories.yaml:3:27: error: '5y3' is no mark of a series
                    3 |     given: { visible: 0x2 5y3 7 }
                      |                           ^^^ expected marks such as 0x10 120x5 0+20x6 _x3 !x2

                """)
    }

    @Test("a comparison is a number, or a number with a sign before it, or a range")
    func comparisons() {
        for text in ["4", "<= 4", ">=4", "!= 4", "2..4", "0.5", "> -1"] {
            #expect(StoryComparison(text) != nil, "\(text)")
        }
        for text in ["", "four", "<", "=< 4", "4..2", "4 5", "1..", "0x4"] {
            #expect(StoryComparison(text) == nil, "\(text)")
        }
        #expect(StoryComparison("2..4")?.holds(for: 4) == true && StoryComparison("2..4")?.holds(for: 5) == false)
        #expect(StoryComparison("< 4")?.holds(for: 4) == false && StoryComparison("<= 4")?.holds(for: 4) == true)
    }
}
