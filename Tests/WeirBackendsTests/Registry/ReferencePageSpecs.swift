import Foundation
import Testing
import WeirPolicy

@testable import WeirBackends

@Suite("The policy reference")
struct ReferencePageSpecs {
    private static let page = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../../docs/policy-reference.md").standardized

    /// `WEIR_RECORD_EXPECTED=1 swift test --filter ReferencePageSpecs` writes the page anew, and fails that run.
    @Test("is what the declarations that read the file say")
    func upToDate() throws {
        let text = PolicyReference.text(catalogue: Registry.catalogue)
        if ProcessInfo.processInfo.environment["WEIR_RECORD_EXPECTED"] == "1" {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
            Issue.record("docs/policy-reference.md was written anew")
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
    }
}
