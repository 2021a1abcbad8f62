import Foundation
import Testing

@testable import WeirCore

@Suite("Ids of instances")
struct InstanceIDSpecs {
    /// The usual form, and what only looks like it.
    private static let texts = [
        "i-0123456789abcdef0", "i-00000000000000000", "i-fffffffffffffffff", "i-0000000000000000a",
        "i-a0000000000000000", "i-0123456789abcdeF0", "i-0123456789abcdef", "i-0123456789abcdef01",
        "I-0123456789abcdef0", "i_0123456789abcdef0", "i-0123456789abcdeg0", "", "i-", "worker", "i-0123456789abcdé0",
    ]

    @Test("every text comes back as it was", arguments: texts)
    func text(_ text: String) throws {
        #expect(InstanceID(text).text == text)
        let json = try JSONEncoder().encode([InstanceID(text)])
        #expect(try JSONDecoder().decode([String].self, from: json) == [text])
        #expect(try JSONDecoder().decode([InstanceID].self, from: json) == [InstanceID(text)])
    }

    @Test("they are equal and in order as their texts are")
    func order() {
        for left in Self.texts {
            for right in Self.texts {
                #expect((InstanceID(left) == InstanceID(right)) == (left == right))
                #expect((InstanceID(left) < InstanceID(right)) == (left < right), "\(left) < \(right)")
            }
        }
    }

    @Test("a drawn one is i-0 and the sixteen digits of the number")
    func drawn() {
        var state = GroupState(seed: 7, createdAt: noon, desiredCapacity: 0)
        let number = Random.number(seed: 7, position: 0)
        let digits = String(number, radix: 16)
        let id = state.drawInstanceID()
        #expect(id.text == "i-0" + String(repeating: "0", count: 16 - digits.count) + digits)
        #expect(id == InstanceID(id.text))
    }
}

@Suite("What is kept apart as it is rarely there")
struct BoxedSpecs {
    private struct Owner: Codable, Equatable {
        @Boxed var backoff: Backoff?
        var name = "a"
    }

    @Test("it travels as an optional does: not at all when it is not there")
    func travels() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let empty = Owner()
        #expect(String(decoding: try encoder.encode(empty), as: UTF8.self) == #"{"name":"a"}"#)
        #expect(try JSONDecoder().decode(Owner.self, from: Data(#"{"name":"a"}"#.utf8)) == empty)
        #expect(try JSONDecoder().decode(Owner.self, from: Data(#"{"name":"a","backoff":null}"#.utf8)) == empty)
        var full = empty
        full.backoff = Backoff(failures: 2, since: noon, until: noon, lastFailure: "no room")
        #expect(try JSONDecoder().decode(Owner.self, from: try encoder.encode(full)) == full)
    }

    @Test("a copy keeps its own")
    func copies() {
        var one = Owner()
        one.backoff = Backoff(failures: 1, since: noon, until: noon, lastFailure: "")
        var other = one
        #expect(other == one)
        other.backoff?.failures = 2
        #expect(one.backoff?.failures == 1)
        #expect(other != one)
        other.backoff = nil
        #expect(one.backoff != nil)
    }
}
