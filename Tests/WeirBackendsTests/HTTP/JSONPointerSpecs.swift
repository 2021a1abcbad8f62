import Foundation
import Testing

@testable import WeirBackends

@Suite("JSON pointers")
struct JSONPointerSpecs {
    /// The document and the rows of RFC 6901, section 5.
    private static let document = #"""
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}
        """#

    @Test(
        "find what the standard says they find",
        arguments: [
            ("/foo", JSONValue.list([.text("bar"), .text("baz")])), ("/foo/0", .text("bar")), ("/", .number(0)),
            ("/a~1b", .number(1)), ("/c%d", .number(2)), ("/e^f", .number(3)), ("/g|h", .number(4)),
            (#"/i\j"#, .number(5)), (#"/k"l"#, .number(6)), ("/ ", .number(7)), ("/m~0n", .number(8)),
        ])
    func find(_ text: String, _ expected: JSONValue) throws {
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(Self.document.utf8))
        let pointer = try #require(JSONPointer(text))
        #expect(pointer.value(in: document) == expected)
        #expect(pointer.description == text)
        #expect(JSONPointer("")?.value(in: document) == document)
    }

    @Test(
        "find nothing where nothing is",
        arguments: ["/bar", "/foo/2", "/foo/00", "/foo/-", "/foo/-1", "/foo/bar", "/a~1b/c", "/foo/0/x"])
    func findNothing(_ text: String) throws {
        let document = try JSONDecoder().decode(JSONValue.self, from: Data(Self.document.utf8))
        #expect(try #require(JSONPointer(text)).value(in: document) == nil)
    }

    @Test("are refused when they are none", arguments: ["foo", "foo/bar", "/a~", "/a~2b", "#/foo"])
    func refused(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
