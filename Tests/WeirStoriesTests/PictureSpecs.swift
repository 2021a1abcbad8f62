import Foundation
import Testing
import WeirCore
import WeirPolicy
import WeirStories

@Suite("What is told of a story that does not hold")
struct PictureSpecs {
    private static let body = """
        given: { visible: 0x2 120x5 0x3 }
        expect:
          - { at: 2m, desired: 1, because: out, alarms: { too-many: ALARM } }
        """

    @Test("place, what was there, why, when it would have held, and a picture")
    func text() throws {
        let result = try Staging.play(Self.body)
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/failure.expected")
        let expected = try String(contentsOf: fixture, encoding: .utf8)
        #expect(result.text(path: "sample.stories.yaml", isPlain: false) + "\n" == expected)
    }

    @Test("the nearest moment is named")
    func nearest() throws {
        let result = try Staging.play(
            "given: { visible: 0x2 120x5 }\nexpect:\n  - { at: 2m30s, desired: 4 }\n  - { at: 4m, desired: 0 }")
        #expect(
            result.failures.map(\.nearest) == [
                "it holds from 3m on, 30s later", "it holds from 0s until 2m, 2m earlier",
            ])
    }

    @Test("several failures share one picture, with a caret each; what is as the row above is not drawn again")
    func several() throws {
        let result = try Staging.play(
            """
            given: { visible: 0x2 5x3, in_flight: 0x2 _x2 ! }
            expect:
              - { at: 2m, desired: 1 }
              - { at: 2m, in_service: 1 }
              - { at: 2m10s, desired: 1 }
              - { at: 4m, desired: 1 }
            """)
        let lines = result.text(path: "sample.stories.yaml", isPlain: true).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count { $0.isEmpty } == 1)
        #expect(
            lines.drop { !$0.isEmpty }.joined(separator: "\n") == """

                visible 0-5  ________________________########################!!!!!!!!!!!!
                in flight 0  ________________________????????????????????????!!!!!!!!!!!!
                too-many     ............................................................
                nothing      ????????????????????????AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                desired      000000000000000000000000000000000000000000000000000000000000
                in service   the same
                             0s                      ^ 2m                    ^ 4m      5m
                                                       ^ 2m10s
                """)
    }

    @Test("numbers of several digits are written downwards, so that none runs into another and no change is lost")
    func numbers() throws {
        let policy = Staging.policy.replacing("max_size: 4", with: "max_size: 20").replacing(
            "adjustment: 2", with: "adjustment: 5")
        let result = try Staging.play(
            "given: { every: 1m, visible: 0x2 120x5 0x8 }\nexpect:\n  - { at: 14m, desired: 3 }", policy: policy)
        let lines = TimelinePicture(of: result.course, result.story, isPlain: true).lines(caretsAtMs: [840_000])
        let start = try #require(lines.firstIndex { $0.hasPrefix("desired") })
        let left = "visible 0-120  ".count
        let tens = lines[start].dropFirst(left) + String(repeating: " ", count: 80)
        let numbers = zip(tens, lines[start + 1].dropFirst(left)).map { ten, one in
            Int(String([ten, one]).split(separator: " ").joined()) ?? -1
        }
        var course: [Int] = []
        for number in numbers where number != course.last { course.append(number) }
        #expect(course.first == 0 && course.last == 0 && course.contains { $0 > 9 }, "\(lines)")
        var told: [Int] = []
        for moment in result.course.moments where moment.desired != told.last { told.append(moment.desired) }
        #expect(course == told)
    }

    @Test("what came and went within one column is seen, too, unless a caret stands there")
    func between() throws {
        let result = try Staging.play(
            "given: { every: 1h, visible: 0x100 120 0x200 }\nexpect:\n  - { at: 299h, desired: 1 }")
        func row(_ carets: [Int64]) -> String {
            let lines = TimelinePicture(of: result.course, result.story, isPlain: true).lines(caretsAtMs: carets)
            return lines.first { $0.hasPrefix("desired") } ?? ""
        }
        #expect(result.course.moments.contains { $0.desired == 4 } && result.course.moments.last?.desired == 0)
        #expect(row([299 * 3_600_000]).filter { $0 == "4" }.count == 1, "\(row([]))")
        #expect(!row([100 * 3_600_000]).contains("4"))
    }

    @Test("alarms that what fails goes by are drawn, whatever alarms are named elsewhere")
    func alarms() throws {
        let result = try Staging.play(
            """
            given: { visible: 0x2 120x5 0x3 }
            expect:
              - { at: 1m, desired: 0, because: out }
              - { at: 1m, alarms: { nothing: INSUFFICIENT_DATA } }
            """)
        let picture = TimelinePicture(of: result.course, result.story, isPlain: true).lines(caretsAtMs: [60_000])
        #expect(picture.contains { $0.hasPrefix("too-many ") } && picture.contains { $0.hasPrefix("nothing ") })
    }

    @Test("of many alarms those are drawn that the failure is about")
    func manyAlarms() throws {
        let more = (1...8).map { number in
            "  quiet-\(number): { metric: in_flight, statistic: maximum, period: 60s, comparison: \">\", threshold: 9 }\n"
        }
        let policy = Staging.policy.replacing(
            "scaling_policies:\n", with: more.joined() + "scaling_policies:\n")
        let result = try Staging.play(
            """
            given: { visible: 0x2 120x5 0x3 }
            expect:
              - { at: 1m, desired: 0, because: out }
              - { at: 1m, alarms: { quiet-8: OK } }
            """, policy: policy)
        let picture = TimelinePicture(of: result.course, result.story, isPlain: true).lines(caretsAtMs: [60_000])
        for name in ["too-many", "quiet-8"] { #expect(picture.contains { $0.hasPrefix(name + " ") }, "\(picture)") }
        #expect(!picture.contains { $0.hasPrefix("quiet-7 ") })
    }

    @Test("every line fits a window of 80 columns, and plain ones are ASCII")
    func width() throws {
        let result = try Staging.play("given: { visible: 0+7x600 }\nexpect:\n  - { at: 5h, desired: 1 }")
        let failure = try #require(result.failures.first)
        for isPlain in [false, true] {
            let picture = TimelinePicture(of: result.course, result.story, isPlain: isPlain)
            for line in picture.lines(caretsAtMs: [0, failure.atMs]) {
                #expect(line.count <= 80)
                #expect(!isPlain || line.utf8.allSatisfy { $0 < 0x80 })
            }
        }
    }
}
