import Testing

@testable import WeirAPI

@Suite("JSON")
struct JSONSpecs {
    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), (" false ", .bool(false)), ("0", .integer(0)),
            ("-17", .integer(-17)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("1.5", .number(1.5)), ("-2E+2", .number(-200)), (#""""#, .string("")), ("[]", .array([])),
            ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])), ("{}", .object(JSONObject())),
            (
                #"{"b": 1, "a": null}"#,
                .object(
                    JSONObject(members: [
                        .init(name: "b", value: .integer(1)), .init(name: "a", value: .null),
                    ]))
            ),
            (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")), (#""\u00e9\ud83d\ude00""#, .string("é😀")),
            ("\"é😀\u{7f}\"", .string("é😀\u{7f}")), (#""\u0000""#, .string("\0")),
        ] as [(String, JSONValue)])
    func `Values`(_ text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(Array(text.utf8)) == value)
    }

    @Test(
        arguments: [
            ("", "expected a value", 0), ("nul", "expected a value", 0), ("1 2", "more text after the value", 2),
            ("01", "a number with a leading zero", 2), ("-", "expected a value", 1), ("1.", "expected digits", 2),
            ("1e", "expected digits", 2), ("1e999", "a number that is too large", 5), (#"{"a" 1}"#, "expected ':'", 5),
            (#"{"a":1 "b"}"#, "expected ',' or '}'", 7), ("[1 2]", "expected ',' or ']'", 3),
            ("{1:2}", "expected '\"'", 1),
            (#"{"a":1,}"#, "expected '\"'", 7), ("[1,]", "expected a value", 3),
            (#""abc"#, "a string that does not end", 4),
            ("\"a\nb\"", "a control character in a string", 2), (#""\x""#, "an unknown escape", 3),
            (#""\ud83d""#, "half of a surrogate pair", 7), (#""\ude00""#, "half of a surrogate pair", 7),
            (#""\ud83dA""#, "half of a surrogate pair", 7), (#""\u12g4""#, "expected four hexadecimal digits", 5),
            (#""\"#, "a string that does not end", 2),
            (String(repeating: "[", count: 18), "nested too deeply", 17),
        ] as [(String, String, Int)])
    func `Mistakes`(_ text: String, what: String, byte: Int) {
        #expect(throws: JSONReader.Failure(what: what, byte: byte)) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test("Bytes that are not UTF-8 are refused, not repaired")
    func notUTF8() {
        let failure = JSONReader.Failure(what: "a string that is not UTF-8", byte: 1)
        #expect(throws: failure) { try JSONReader.read([0x22, 0xc3, 0x28, 0x22]) }
        #expect(throws: failure) { try JSONReader.read([0x22, 0xed, 0xa0, 0x80, 0x22]) }
    }

    @Test(arguments: ["", "plain", "\"quoted\" \\", "a\r\n\tb", "\0\u{1f}\u{7f}", "naïve – ☃ 😀", "</script>"])
    func `Whatever is written is read again`(_ text: String) throws {
        let json = JSONWriter.object { $0.member("key \"1\"", text) }
        let expected = JSONObject(members: [.init(name: "key \"1\"", value: .string(text))])
        #expect(try JSONReader.read(json) == .object(expected))
    }

    @Test("Commas stand between, and nowhere else")
    func commas() {
        let json = JSONWriter.object { json in
            json.member("a", 1)
            json.member("none", nil as String?)
            json.name("b")
            json.array { json in
                json.bool(true)
                json.object { _ in }
                json.array { _ in }
            }
            json.member("c", ["x", "y"])
        }
        #expect(String(decoding: json, as: UTF8.self) == #"{"a":1,"b":[true,{},[]],"c":["x","y"]}"#)
    }

    @Test("Null is as good as absent, and the first of two members of a name counts")
    func members() throws {
        guard case .object(let object) = try JSONReader.read(Array(#"{"a":null,"b":1,"b":2}"#.utf8)) else {
            Issue.record("no object")
            return
        }
        #expect(object["a"] == nil)
        #expect(object["b"] == .integer(1))
        #expect(object["c"] == nil)
    }
}
