import Foundation
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Writing JSON in one go")
struct JSONLineSpecs {
    static func text(_ value: some Encodable, _ encoder: JSONLineEncoder = JSONLineEncoder()) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// What either encoder wrote, read by Foundation.
    static func tree(_ data: Data) throws -> JSONTree { try RecordLine.decoder.decode(JSONTree.self, from: data) }

    static func foundation(_ value: some Encodable) throws -> JSONTree {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return try tree(encoder.encode(value))
    }

    @Test(
        "records and states of a demo, a torture and a storm are what Foundation writes, and are read as what they were",
        arguments: ["demo", "torture", "storm", "demo-version-3"])
    func fixtures(name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/records/\(name)", withExtension: "jsonl"))
        let reader = try RecordReader(url.path)
        var replay = Replay()
        var states = 0
        while let line = try reader.next() {
            guard case .record(let record) = line else { continue }
            let written = try RecordLine.encode(record)
            // Reading is slow, and looking into all of what Foundation writes takes half a minute.
            if reader.number % 8 == 1 {
                #expect(try Self.tree(written) == Self.foundation(record), "line \(reader.number)")
            }
            if record.version == Record.currentVersion { #expect(try RecordLine.decode(written) == record) }
            guard let decided = replay.take(record).1, reader.number % 20 == 0 else { continue }
            let group = StoredGroup(
                name: record.group, policyPath: "/etc/weir/\(record.group).yaml", policyText: "name: \"ü\"\n\tx: 1\n",
                launcher: "process", measures: "embedded", state: decided.evaluation.state)
            #expect(try Self.tree(group.written) == Self.foundation(group), "line \(reader.number)")
            #expect(try JSONDecoder().decode(StoredGroup.self, from: group.written) == group)
            states += 1
        }
        #expect(states > 2)
    }

    @Test("a state that was written by Foundation, as by the version before, is read as the same")
    func olderState() throws {
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 5)
        let group = StoredGroup(
            name: "g", policyPath: "p", policyText: "", launcher: "process", measures: "embedded",
            state: GroupState(startingWith: policy, seed: .max, at: Instant(milliseconds: -1)))
        let older = try JSONDecoder().decode(StoredGroup.self, from: JSONEncoder().encode(group))
        #expect(try older == JSONDecoder().decode(StoredGroup.self, from: group.written))
        #expect(older == group)
    }

    @Test("the same value is the same bytes, on one line, with fields in the order in which they are told")
    func bytes() throws {
        struct Two: Codable {
            var second = 2
            var first = ["b": [1, 2], "a": [], "": [3]]
        }
        #expect(try Self.text(Two()) == #"{"second":2,"first":{"":[3],"a":[],"b":[1,2]}}"#)
        let many = Dictionary(uniqueKeysWithValues: (0..<100).map { ("\($0)", ["y": $0, "x": -$0]) })
        let sorted = many.keys.sorted().map { #""\#($0)":{"x":\#(-(many[$0]?["y"] ?? 0)),"y":\#($0)}"# }
        #expect(try Self.text(many) == "{\(sorted.joined(separator: ","))}")
        let line = try RecordLine.encode(ReplaySpecs.story(ticks: 1)[0])
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
    }

    @Test("every text is read as what it was")
    func texts() throws {
        let controls = String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar(UInt8($0)) }))
        let texts = [
            "", controls, "\u{7f}\u{80}\u{9f}", "\"\\/", "👩‍👩‍👧‍👦 ä\u{308}", "\u{2028}\u{2029}",
            "\u{fffd}\u{ffff}\u{10ffff}",
            String(repeating: "\u{1}", count: 9000), String(repeating: "long ", count: 5000),
            NSString(string: "from \u{e9} elsewhere").substring(from: 2),
        ]
        #expect(try JSONDecoder().decode([String].self, from: JSONLineEncoder().encode(texts)) == texts)
        let keys = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($0.element, $0.offset) })
        #expect(try JSONDecoder().decode([String: Int].self, from: JSONLineEncoder().encode(keys)) == keys)
        #expect(try Self.text("a/b\u{1f}\u{8}\n\"") == #""a/b\u001f\u0008\n\"""#)
    }

    @Test("every number is read as what it was, and is as short as can be")
    func numbers() throws {
        let numbers: [Double] = [
            0, -0.0, 1, -1, 0.1, 1 / 3, 1e15, 999_999_999_999_999, 1e16, 9_007_199_254_740_994, 1e22, -1e300,
            .leastNonzeroMagnitude,
            .leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .pi, 123_456.789, 0x1p63,
        ]
        let read = try JSONDecoder().decode([Double].self, from: JSONLineEncoder().encode(numbers))
        #expect(read.map(\.bitPattern) == numbers.map(\.bitPattern))
        #expect(
            try Self.text(numbers.prefix(6) + [1.5e-7, 1e16])
                == "[0,-0,1,-1,0.1,0.3333333333333333,1.5e-07,1e+16]"
        )
        let whole: [Int64] = [0, 9, 10, 99, 100, -1, -10, .max, .min, 1_000_000_000_000_000_000]
        #expect(try JSONDecoder().decode([Int64].self, from: JSONLineEncoder().encode(whole)) == whole)
        let large: [UInt64] = [0, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, .max]
        #expect(try JSONDecoder().decode([UInt64].self, from: JSONLineEncoder().encode(large)) == large)
        let floats: [Float] = [0.1, 1 / 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
        #expect(try JSONDecoder().decode([Float].self, from: JSONLineEncoder().encode(floats)) == floats)
        for span in [Duration.zero, .seconds(-1), .milliseconds(90_061_001), .nanoseconds(1), .seconds(Int64.max)] {
            #expect(try JSONDecoder().decode(Duration.self, from: JSONLineEncoder().encode(span)) == span)
            #expect(try Self.tree(JSONLineEncoder().encode([[span]])) == Self.foundation([[span]]))
        }
    }

    @Test("a number that JSON does not have is a word in a record, and refused in a state")
    func nonFinite() throws {
        let odd: [Double] = [.infinity, -.infinity, .nan]
        #expect(try Self.text(odd, RecordLine.encoder) == #"["infinity","-infinity","nan"]"#)
        for number in odd {
            #expect(throws: EncodingError.self) { try JSONLineEncoder().encode(number) }
            #expect(throws: EncodingError.self) { try JSONLineEncoder().encode(["a": [number]]) }
            #expect(throws: EncodingError.self) { try JSONLineEncoder().encode([Float(number)]) }
        }
    }

    @Test("what is nested, empty, nothing or of a superclass is what Foundation writes")
    func shapes() throws {
        #expect(try Self.tree(JSONLineEncoder().encode(Shapes())) == Self.foundation(Shapes()))
        #expect(try Self.text([Int?.none, 1]) == "[null,1]")
        #expect(try Self.text([[Int?]?]()) == "[]")
        #expect(try Self.text(Optional<[Int??]>.some([.some(nil), nil, 2])) == "[null,null,2]")
        #expect(try Self.text("alone") == "\"alone\"")
    }

    @Test("an object that was left for another value cannot be come back to")
    func interleaved() {
        struct Back: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: AnyKey.self)
                var left = outer.nestedContainer(keyedBy: AnyKey.self, forKey: "left")
                try outer.encode(1, forKey: "next")
                try left.encode(2, forKey: "late")
            }
        }
        struct Again: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: AnyKey.self)
                var left = outer.nestedUnkeyedContainer(forKey: "left")
                try outer.encode(1, forKey: "next")
                _ = left.nestedContainer(keyedBy: AnyKey.self)
            }
        }
        struct Twice: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(1)
                try container.encode(2)
            }
        }
        #expect(throws: EncodingError.self) { try JSONLineEncoder().encode(Back()) }
        #expect(throws: EncodingError.self) { try JSONLineEncoder().encode(Again()) }
        #expect(throws: EncodingError.self) { try JSONLineEncoder().encode([Twice()]) }
    }
}

struct AnyKey: CodingKey, ExpressibleByStringLiteral {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral value: String) { stringValue = value }
    init?(intValue: Int) { nil }
}

/// All that an encoder can be asked for.
private struct Shapes: Encodable {
    struct Nothing: Encodable {
        func encode(to encoder: any Encoder) throws {}
    }
    enum Choice: String, Encodable { case one }
    enum Rich: Encodable {
        case none
        case some(Int, named: String?)
        case deep([Rich])
    }
    class Animal: Encodable { var legs: UInt8 = 4 }
    final class Cat: Animal {
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: AnyKey.self)
            try container.encode("cat", forKey: "kind")
            try super.encode(to: container.superEncoder())
            try super.encode(to: container.superEncoder(forKey: "again"))
            _ = container.superEncoder(forKey: "unused")
            try container.encode(Float(0.1), forKey: "weight")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyKey.self)
        try container.encode(Nothing(), forKey: "nothing")
        try container.encodeNil(forKey: "nil")
        try container.encodeIfPresent(Int?.none, forKey: "left out")
        try container.encode(Int?.none, forKey: "kept")
        try container.encode(Choice.one, forKey: "choice")
        let inner = Rich.deep([.some(2, named: "x"), .deep([])])
        try container.encode([Rich.none, .some(1, named: nil), inner], forKey: "rich")
        try container.encode(Cat(), forKey: "cat")
        try container.encode([Int8.min], forKey: "Int8")
        try container.encode([Int32.min], forKey: "Int32")
        try container.encode([UInt.max], forKey: "UInt")
        try container.encode([true, false], forKey: "Bool")
        try container.encode([Instant(milliseconds: -5)], forKey: "Instant")
        try container.encode([InstanceID("i-0123456789abcdef0"), InstanceID("x\"")], forKey: "InstanceID")
        try container.encode([[1: "by number"], [-1: "two"]], forKey: "numbered")
        _ = container.nestedContainer(keyedBy: AnyKey.self, forKey: "empty")
        var list = container.nestedUnkeyedContainer(forKey: "list")
        try list.encode(list.count)
        _ = list.nestedUnkeyedContainer()
        var object = list.nestedContainer(keyedBy: AnyKey.self)
        try object.encode(2, forKey: "")
        try list.encode(list.count)
        try list.encodeNil()
        try Cat().encode(to: list.superEncoder())
        // The same container again.
        var again = encoder.container(keyedBy: AnyKey.self)
        try again.encode(Nothing(), forKey: "end")
    }
}
