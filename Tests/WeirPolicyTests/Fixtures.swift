import Foundation

/// Files beside the tests, found by where this file is.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    private static let checkout = folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let policies = checkout.appendingPathComponent("policies")
    static let docs = checkout.appendingPathComponent("docs")

    /// The names, without their ending, of the YAML files of a folder, sorted; stories are none of them.
    static func names(in folder: URL) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let policies = files.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".stories.yaml") }
        return policies.map { String($0.dropLast(".yaml".count)) }.sorted()
    }

    static func text(_ url: URL) throws -> String {
        try String(contentsOf: url, encoding: .utf8)
    }
}
