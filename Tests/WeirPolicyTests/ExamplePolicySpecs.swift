import Foundation
import Testing
import WeirCore
import WeirPolicy

@Suite("Example policies")
struct ExamplePolicySpecs {
    static let names = Fixtures.names(in: Fixtures.policies)

    @Test("There are at least six")
    func enough() {
        #expect(Self.names.count >= 6)
    }

    @Test("Each reads without a complaint", arguments: names)
    func reads(_ name: String) {
        let path = Fixtures.policies.appendingPathComponent(name + ".yaml").path
        let result = reader.read(paths: [path])
        #expect(result.text == "")
        #expect(result.files.count == 1)
    }

    @Test("As explained, each reads back to the same values", arguments: names)
    func explained(_ name: String) throws {
        let path = Fixtures.policies.appendingPathComponent(name + ".yaml").path
        let result = reader.read(paths: [path])
        let file = try #require(result.files.first)
        let again = reader.read(text: result.explain(file), path: path)
        #expect(again.text == "")
        #expect(again.files.first?.group == file.group)
        #expect(again.files.first?.source == file.source)
        #expect(again.files.first?.launcher == file.launcher)
    }

    @Test("As a folder they are one fleet")
    func fleet() {
        let result = reader.read(paths: [Fixtures.policies.path])
        #expect(result.text == "")
        #expect(!result.files.isEmpty)
    }
}
