import Foundation
import Testing

/// A file of conformance vectors: cases of published behaviour, one file for each kind.
struct VectorFile: Decodable {
    let format: String
    let kind: String
    let vectors: [Vector]

    /// The vectors of one kind that `applies` lets through.
    static func vectors(_ kind: String, where applies: (Vector) -> Bool = { _ in true }) -> [Vector] {
        do {
            guard let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else {
                fatalError("the fixtures are not in the test bundle")
            }
            let data = try Data(contentsOf: folder.appendingPathComponent("vectors/\(kind).json"))
            let file = try JSONDecoder().decode(VectorFile.self, from: data)
            guard file.format == "weir-vectors/1", file.kind == kind else { fatalError("\(kind): another format") }
            return file.vectors.filter(applies)
        } catch {
            fatalError("\(kind): \(error)")
        }
    }
}

/// One case: what goes in, and what is fixed of what comes out.
struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [String: JSON]
    let expected: [String: JSON]

    var testDescription: String { id }
}

/// A JSON value, with short ways to ask for what a vector is known to hold.
enum JSON: Decodable, Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSON].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    var bool: Bool? {
        guard case .bool(let bool) = self else { return nil }
        return bool
    }

    var double: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var int: Int? { double.map { Int($0) } }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var list: [JSON]? {
        guard case .list(let list) = self else { return nil }
        return list
    }
}

extension Vector {
    /// A field that every vector of the kind has.
    func number(_ name: String) throws -> Double { try #require(input[name]?.double, "\(id) has no \(name)") }
    func int(_ name: String) throws -> Int { try #require(input[name]?.int, "\(id) has no \(name)") }
    func text(_ name: String) throws -> String { try #require(input[name]?.text, "\(id) has no \(name)") }
    func list(_ name: String) throws -> [JSON] { try #require(input[name]?.list, "\(id) has no \(name)") }
}
