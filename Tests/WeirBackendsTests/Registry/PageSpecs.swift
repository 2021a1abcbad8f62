import Foundation
import Testing
import WeirPolicy

@testable import WeirBackends

@Suite("The pages of the backends")
struct PageSpecs {
    private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../../docs/backends").standardized

    private static func page(_ word: String) -> String {
        (try? String(contentsOf: folder.appending(path: "\(word).md"), encoding: .utf8)) ?? ""
    }

    private static let sections = Registry.catalogue.sources + Registry.catalogue.launchers

    @Test("each backend has one, with a policy file that is right", arguments: sections.map(\.word))
    func example(_ word: String) {
        let examples = Self.page(word).components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }.filter { $0.contains("group:") }
        #expect(!examples.isEmpty, "docs/backends/\(word).md shows no policy file")
        for example in examples {
            let result = PolicyReader(catalogue: Registry.catalogue).read(text: example, path: "\(word).md")
            #expect(result.text == "")
            #expect(result.files.count == 1)
        }
    }

    @Test("each of them says something about every key", arguments: sections.map(\.word))
    func keys(_ word: String) throws {
        let section = try #require(Self.sections.first { $0.word == word })
        let page = Self.page(word)
        for field in section.fields {
            #expect(page.contains("`\(field.name)`"), "docs/backends/\(word).md does not mention \(field.name)")
        }
    }

    @Test("the first page leads to all of them", arguments: sections.map(\.word))
    func index(_ word: String) {
        #expect(Self.page("README").contains("(\(word).md)"))
    }
}
