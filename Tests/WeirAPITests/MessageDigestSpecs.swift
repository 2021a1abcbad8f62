import Foundation
import Testing
import WeirQueue

@testable import WeirAPI

@Suite("Message digests are SQS's")
struct MessageDigestSpecs {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        struct Input: Decodable {
            var body: String?
            var attributes: [String: Attribute]?
        }
        struct Attribute: Decodable {
            var dataType: String
            var string: String?
            var base64: String?

            enum CodingKeys: String, CodingKey {
                case dataType = "DataType"
                case string = "StringValue"
                case base64 = "BinaryValueBase64"
            }
        }
        struct Expected: Decodable {
            var body: String?
            var attributes: String?

            enum CodingKeys: String, CodingKey {
                case body = "MD5OfBody"
                case attributes = "MD5OfMessageAttributes"
            }
        }
        var id: String
        var input: Input
        var expected: Expected
        var testDescription: String { id }
    }

    @Test(arguments: try Vectors.read("sqs-md5", Vector.self))
    func `every vector`(_ vector: Vector) throws {
        if let body = vector.input.body { #expect(MessageDigest.body(body) == vector.expected.body) }
        guard let attributes = vector.input.attributes else { return }
        let message = try attributes.map { name, attribute in
            let binary = try attribute.base64.map { try #require(Data(base64Encoded: $0)) }
            return MessageAttribute(
                name: name, dataType: attribute.dataType,
                value: binary.map { .binary(Array($0)) } ?? .string(attribute.string ?? ""))
        }
        #expect(MessageDigest.attributes(message) == vector.expected.attributes)
    }

    @Test("Upper case comes before lower case, whatever the order given")
    func order() {
        let (upper, lower) = (MessageAttribute.text("B", "1"), MessageAttribute.text("a", "2"))
        #expect(MessageDigest.attributes([upper, lower]) == MessageDigest.attributes([lower, upper]))
        #expect(MessageDigest.attributes([upper, lower]) != MessageDigest.attributes([.text("b", "1"), lower]))
    }

    @Test("No attributes, no digest")
    func none() {
        #expect(MessageDigest.attributes([]) == nil)
        #expect(MessageDigest.traceHeader(nil) == nil)
    }
}

extension MessageAttribute {
    fileprivate static func text(_ name: String, _ value: String) -> MessageAttribute {
        MessageAttribute(name: name, dataType: "String", value: .string(value))
    }
}

/// Conformance vectors from `Fixtures/vectors`.
enum Vectors {
    private struct File<Vector: Decodable>: Decodable {
        var vectors: [Vector]
    }

    static func read<Vector: Decodable>(_ kind: String, _: Vector.Type) throws -> [Vector] {
        let file = Fixtures.folder.appending(path: "vectors/\(kind).json")
        return try JSONDecoder().decode(File<Vector>.self, from: Data(contentsOf: file)).vectors
    }
}
