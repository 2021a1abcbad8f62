import Foundation
import Testing
import WeirBackends
import WeirPolicy
import WeirStories

@Suite("The stories of the shipped policies")
struct ShippedStories {
    static let policies = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("policies")

    @Test("can be read")
    func read() {
        let result = StoryReader(catalogue: Registry.catalogue).read(paths: [Self.policies.path])
        #expect(result.text == "")
    }
}
