import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Writing parts of a policy file anew")
struct EditingSpecs {
    private static let text = """
        # What it is about.
        group: g
        queue:
          embedded: q            # here
        workers:
          docker: { image: i }
        max_size: 10
        default_cooldown: 5m

        alarms:
          # when it is late
          late:
            metric: visible
            period: 60s          # a minute
            comparison: ">="
            threshold: 12.5
          quiet: { metric: outstanding, period: 300s, comparison: "<=", threshold: 0 }

        # And what follows.
        scaling_policies:
          out:
            type: step_scaling
            alarm: late
            adjustment_type: change_in_capacity
            steps:
              - { lower: 0, upper: 40, adjustment: 1 }
              - { lower: 40, adjustment: 5 }   # many
          home:
            type: simple_scaling
            alarm: quiet
            adjustment_type: exact_capacity
            adjustment: 0

        # At last.
        min_size: 1

        """

    private static func read(_ text: String) -> ReadResult {
        PolicyReader(catalogue: .test).read(text: text, path: "p.yaml")
    }

    private static func figures() throws -> (file: PolicyFile, figures: [PolicyFigure], read: ReadResult) {
        let read = read(text)
        let file = try #require(read.files.first, "\(read.text)")
        return (file, read.figures(of: file), read)
    }

    @Test("every number and time that is written is a figure with the keys that lead to it")
    func names() throws {
        let figures = try Self.figures().figures
        let told = figures.map { "\($0.name) \($0.text($0.value))" }
        #expect(
            told.sorted() == [
                "alarms.late.period 60s", "alarms.late.threshold 12.5", "alarms.quiet.period 300s",
                "alarms.quiet.threshold 0", "default_cooldown 300s", "max_size 10", "min_size 1",
                "scaling_policies.home.adjustment 0", "scaling_policies.out.steps[0].adjustment 1",
                "scaling_policies.out.steps[0].lower 0", "scaling_policies.out.steps[0].upper 40",
                "scaling_policies.out.steps[1].adjustment 5", "scaling_policies.out.steps[1].lower 40",
            ])
    }

    @Test("figures are written in their places, and nothing else changes")
    func moved() throws {
        let figures = try Self.figures().figures
        let new = [
            "alarms.late.period": 10.0, "alarms.late.threshold": 100, "alarms.quiet.threshold": 2.5,
            "scaling_policies.out.steps[0].upper": 7, "scaling_policies.out.steps[1].lower": 7,
            "scaling_policies.out.steps[0].adjustment": 123,
        ]
        let text = PolicyEditing.text(
            Self.text, with: figures.compactMap { figure in new[figure.name].map { (figure, $0) } })
        let expected = Self.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).map { line in
            [
                "    period: 60s          # a minute": "    period: 10s          # a minute",
                "    threshold: 12.5": "    threshold: 100",
                "  quiet: { metric: outstanding, period: 300s, comparison: \"<=\", threshold: 0 }":
                    "  quiet: { metric: outstanding, period: 300s, comparison: \"<=\", threshold: 2.5 }",
                "      - { lower: 0, upper: 40, adjustment: 1 }": "      - { lower: 0, upper: 7, adjustment: 123 }",
                "      - { lower: 40, adjustment: 5 }   # many": "      - { lower: 7, adjustment: 5 }   # many",
            ][line] ?? line
        }
        #expect(text == expected.joined(separator: "\n"))
        #expect(!Self.read(text).hasErrors)
    }

    private static let scaling = PolicyEditing.Scaling(
        metrics: [("each", "visible / max(in_service, 1)")],
        alarms: ["new:", "  metric: each", "  period: 60s", "  comparison: \">\"", "  threshold: 3"],
        policies: [
            "up:", "  alarm: new", "  adjustment_type: change_in_capacity", "  adjustment: 2",
        ])

    @Test(
        "line ends stay as they are, whichever they are",
        arguments: [
            text.replacing("\n", with: "\r\n"), text.replacing("# here\n", with: "# here\u{2028}# and\u{85}# there\n"),
        ])
    func lineEnds(_ given: String) throws {
        let read = Self.read(given)
        let file = try #require(read.files.first, "\(read.text)")
        let threshold = try #require(read.figures(of: file).first { $0.name == "alarms.late.threshold" })
        let moved = PolicyEditing.text(given, with: [(threshold, 100)])
        #expect(moved == given.replacing("threshold: 12.5", with: "threshold: 100"))
        let editing = try #require(read.editing(file))
        let text = editing.text(with: Self.scaling, without: ["late", "quiet"], remark: ["found"])
        #expect(Self.read(text).files.first?.group.alarms.map(\.name) == ["new"], "\(Self.read(text).text)")
        let returns = given.unicodeScalars.contains("\r")
        #expect(text.unicodeScalars.count { $0 == "\r" } == (returns ? text.unicodeScalars.count { $0 == "\n" } : 0))
        #expect(text.contains("\u{2028}# and\u{85}# there") == given.contains("\u{2028}"))
    }

    @Test("another scaling takes the place of the old one; comments elsewhere stay")
    func replaced() throws {
        let (file, _, read) = try Self.figures()
        let editing = try #require(read.editing(file))
        let text = editing.text(with: Self.scaling, without: ["late", "quiet"], remark: ["found"])
        let new = try #require(Self.read(text).files.first, "\(Self.read(text).text)\n\(text)")
        #expect(new.group.alarms.map(\.name) == ["new"])
        #expect(new.group.scalingPolicies.map(\.name) == ["up"])
        #expect(new.group.metrics.map(\.name) == ["each"])
        #expect(new.group.minSize == 1)
        for line in ["# What it is about.", "  embedded: q            # here", "# And what follows.", "# At last."] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test("what goes leaves no blank line behind it", arguments: [[], ["new:", "  metric: each"]])
    func noBlanksInARow(_ alarms: [String]) throws {
        let (file, _, read) = try Self.figures()
        let editing = try #require(read.editing(file))
        let scaling = PolicyEditing.Scaling(metrics: [], alarms: alarms, policies: Self.scaling.policies)
        let text = editing.text(with: scaling, without: ["late", "quiet"], remark: [])
        #expect(!text.contains("\n\n\n"), "\(text)")
    }

    @Test("an alarm that stays keeps its comment, and new ones stand beside it")
    func kept() throws {
        let (file, _, read) = try Self.figures()
        let editing = try #require(read.editing(file))
        let text = editing.text(with: Self.scaling, without: ["quiet"], remark: [])
        let new = try #require(Self.read(text).files.first, "\(Self.read(text).text)\n\(text)")
        #expect(new.group.alarms.map(\.name) == ["late", "new"])
        #expect(text.contains("  # when it is late\n  late:"))
    }

    @Test("a file without scaling gets one")
    func added() throws {
        let bare = "group: g\nqueue:\n  embedded: q\nworkers:\n  docker: { image: i }\nmax_size: 3"
        let read = Self.read(bare)
        let file = try #require(read.files.first)
        let editing = try #require(read.editing(file))
        let text = editing.text(with: Self.scaling, without: [], remark: [])
        #expect(Self.read(text).files.first?.group.scalingPolicies.map(\.name) == ["up"], "\(text)")
    }

    @Test("a file on one line cannot be edited by lines")
    func onOneLine() throws {
        let read = Self.read("{ group: g, queue: { embedded: q }, workers: { docker: { image: i } }, max_size: 3 }")
        let file = try #require(read.files.first)
        #expect(read.editing(file) == nil)
    }
}
