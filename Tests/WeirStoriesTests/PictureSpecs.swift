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
