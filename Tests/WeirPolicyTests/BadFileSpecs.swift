import Foundation
import Testing
import WeirPolicy

/// Every file in `Fixtures/bad` beside the exact text that a person sees for it. A file is read as `NAME.yaml`, so that
/// the text does not depend on where the checkout lies.
///
/// With `WEIR_RECORD_EXPECTED=1` in the environment the texts are written anew, to be read before they are committed;
/// the tests fail then.
@Suite("Bad files")
struct BadFileSpecs {
    static let folder = Fixtures.folder.appendingPathComponent("bad")
    static let names = Fixtures.names(in: folder)

    @Test("There are enough of them to cover every kind of mistake")
    func enough() {
        #expect(Self.names.count >= 45)
    }

    @Test("Each gives exactly the expected text", arguments: names)
    func gives(_ name: String) throws {
        let text = try Fixtures.text(Self.folder.appendingPathComponent(name + ".yaml"))
        let result = reader.read(text: text, path: name + ".yaml")
        let expected = Self.folder.appendingPathComponent(name + ".expected")
        if ProcessInfo.processInfo.environment["WEIR_RECORD_EXPECTED"] != nil {
            try result.text.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("recorded anew")
        }
        let wanted = try Fixtures.text(expected)
        #expect(result.text == wanted)
        #expect(!result.diagnostics.isEmpty)
    }

    @Test("Errors keep a file out, warnings do not", arguments: names)
    func errorsKeepOut(_ name: String) throws {
        let text = try Fixtures.text(Self.folder.appendingPathComponent(name + ".yaml"))
        let result = reader.read(text: text, path: name + ".yaml")
        #expect(result.hasErrors == !name.hasPrefix("warning-"))
        #expect(result.files.count + result.fleets.count == (result.hasErrors ? 0 : 1))
    }
}
