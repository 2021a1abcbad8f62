import Foundation
import Testing
import WeirBackends
import WeirPolicy

@Suite("Stories beside their policies")
struct StoryFolderSpecs {
    private static let stories = "stories: [{ story: nothing, expect: [{ at: 1m, desired: 0 }] }]\n"

    /// What is read of a folder with these files.
    private func read(_ files: [String: String], _ path: String = "") throws -> (StoryReadResult, folder: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-stories-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        return (StoryReader(catalogue: Registry.catalogue).read(paths: [folder.path + path]), folder.path)
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
}
