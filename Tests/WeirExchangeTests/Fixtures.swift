import Foundation
import Testing
import WeirBackends
import WeirCore
import WeirPolicy

@testable import WeirExchange

/// Files beside the tests.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let policies = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("policies")

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    static func files(_ names: String...) throws -> [(name: String, text: String)] {
        try names.map { ($0.split(separator: "/").last.map(String.init) ?? $0, try text($0)) }
    }

    /// Everything that AWS tells of the thumbnails.
    static func aws() throws -> [(name: String, text: String)] {
        try files(
            "aws/groups.json", "aws/policies.json", "aws/alarms.json", "aws/schedules.json", "aws/hooks.json",
            "aws/queue.json")
    }
}

extension ImportedPolicy {
    /// As weir reads it, without an error.
    func read() throws -> PolicyFile {
        let result = PolicyReader(catalogue: Registry.catalogue).read(text: text, path: "imported.yaml")
        #expect(!result.hasErrors, "\(result.text)")
        return try #require(result.files.first)
    }

    func why(_ path: String) -> String? { notes.first { $0.path == path }?.why }
}
