import Foundation
import Testing
import WeirBackends
import WeirPolicy

@Suite("Stories beside their policies")
struct StoryFolderSpecs {
    private static let stories = "stories: [{ story: nothing, expect: [{ at: 1m, desired: 0 }] }]\n"

    /// What is read of a folder with these files.
    /// - Parameters:
    ///   - links: symbolic links by their names, with what they point to.
    ///   - path: what is named, below it.
    private func read(
        _ files: [String: String], links: [String: String] = [:], _ paths: String...
    ) throws -> (StoryReadResult, folder: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-stories-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent(name).path, withDestinationPath: target)
        }
        let named = (paths.isEmpty ? [""] : paths).map { folder.path + $0 }
        return (StoryReader(catalogue: Registry.catalogue).read(paths: named), folder.path)
    }

    @Test("A policy may end with .yml, and so may its stories", arguments: ["yaml", "yml"], ["yaml", "yml"])
    func endings(policy: String, stories: String) throws {
        let files = ["sample.\(policy)": Staging.policy, "sample.stories.\(stories)": Self.stories]
        for path in ["", "/sample.\(policy)", "/sample.stories.\(stories)"] {
            let (result, folder) = try read(files, path)
            #expect(result.text == "" && result.without.isEmpty)
            #expect(result.suites.map(\.policy.path) == ["\(folder)/sample.\(policy)"])
        }
    }

    @Test("Without stories are the policies that no story file is about, whatever it is called")
    func without() throws {
        let (result, folder) = try read([
            "sample.yaml": Staging.policy, "night.yaml": Staging.policy, "broken.yaml": Staging.policy,
            "night.stories.yaml": "policy: ./sample.yaml\n" + Self.stories, "broken.stories.yaml": "stories: [",
        ])
        #expect(result.without == ["\(folder)/night.yaml"])
    }

    @Test("Fleets and files of other programs are no policies without stories")
    func others() throws {
        let (result, folder) = try read([
            "sample.yaml": Staging.policy, "sample.stories.yaml": Self.stories,
            "machine.yaml": "fleet: box\nmax_size: 4\n", "compose.yaml": "services: { web: { image: x } }\n",
            "list.yaml": "[1, 2]\n", "empty.yml": "# nothing yet\n", "night.yaml": Staging.policy,
            "bad.yaml": "group: [",
        ])
        #expect(result.text == "" && result.suites.count == 1)
        #expect(result.without == ["\(folder)/bad.yaml", "\(folder)/empty.yml", "\(folder)/night.yaml"])
        let (fleet, _) = try read(["machine.yaml": "fleet: box\nmax_size: 4\n"], "/machine.yaml")
        #expect(fleet.text.contains("only policies of groups have stories"))
    }

    @Test("A folder stands for the folders below it, too; what is hidden is left out")
    func below() throws {
        let (result, folder) = try read([
            "b.yaml": Staging.policy, "b.stories.yaml": Self.stories, "a/deep/c.yaml": Staging.policy,
            "a/deep/c.stories.yaml": Self.stories, "a/d.yaml": Staging.policy, "a/e.stories.yaml/note.txt": "",
            ".build/b.stories.yaml": "stories: [", "a/.hidden.stories.yaml": "stories: [",
        ])
        #expect(result.text == "")
        #expect(result.suites.map(\.path) == ["\(folder)/b.stories.yaml", "\(folder)/a/deep/c.stories.yaml"])
        #expect(result.without == ["\(folder)/a/d.yaml"])
    }

    @Test("A folder that links to one above it is walked through once, and stories named twice are read once")
    func loops() throws {
        let files = ["a/b.yaml": Staging.policy, "a/b.stories.yaml": Self.stories, "a/c.yaml": Staging.policy]
        let (result, folder) = try read(files, links: ["a/up": "..", "self": "."], "", "/a", "/a/../a/b.stories.yaml")
        #expect(result.text == "")
        #expect(result.suites.map(\.path) == ["\(folder)/a/b.stories.yaml"])
        #expect(result.without == ["\(folder)/a/c.yaml"])
    }

    @Test("A story file that links to another is about the policy beside it")
    func links() throws {
        let files = ["one.yaml": Staging.policy, "two.yaml": Staging.policy, "one.stories.yaml": Self.stories]
        let (result, folder) = try read(files, links: ["two.stories.yaml": "one.stories.yaml"])
        #expect(result.text == "" && result.without.isEmpty)
        #expect(result.suites.map(\.policy.path) == ["\(folder)/one.yaml", "\(folder)/two.yaml"])
    }

    @Test("That there are no stories is told when there are none anywhere below")
    func none() throws {
        let (result, folder) = try read(["a/b.yaml": Staging.policy])
        #expect(result.text.hasPrefix("\(folder): error: the folder holds no stories"))
        #expect(result.text.contains("expected files named *.stories.yaml, in it or in a folder below it"))
        #expect(result.without == ["\(folder)/a/b.yaml"])
    }
}
