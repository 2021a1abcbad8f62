import Foundation
import Testing

/// A file of conformance vectors: cases of published behaviour, one file for each kind.
struct VectorFile: Decodable {
    let format: String
    let kind: String
    let vectors: [Vector]

    /// The vectors of one kind that `applies` lets through.
    ///
    /// They are those of the fixtures, or of the folder that `WEIR_VECTORS` names. A kind that has no file in that folder has no
    /// vectors there; a file that cannot be read as one is a failure.
    static func vectors(_ kind: String, where applies: (Vector) -> Bool = { _ in true }) -> [Vector] {
        do {
            let own = ProcessInfo.processInfo.environment["WEIR_VECTORS"].flatMap { $0.isEmpty ? nil : $0 }
            let url = try folder(own).appendingPathComponent("\(kind).json")
            if own != nil, !FileManager.default.fileExists(atPath: url.path) { return [] }
            let file = try JSONDecoder().decode(VectorFile.self, from: try Data(contentsOf: url))
            guard file.format == "weir-vectors/1", file.kind == kind else { throw Mistake.anotherFormat }
            return file.vectors.filter(applies)
        } catch {
            return [Vector(kind: kind, unreadable: error)]
        }
    }

    private enum Mistake: Error {
        case noFixtures
        case noFolder(String)
        case anotherFormat
    }

    private static func folder(_ own: String?) throws -> URL {
        if let own {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: own, isDirectory: &isFolder), isFolder.boolValue else {
                throw Mistake.noFolder(own)
            }
            return URL(fileURLWithPath: own)
        }
        guard let fixtures = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else {
            throw Mistake.noFixtures
        }
        return fixtures.appendingPathComponent("vectors")
    }
}

/// One case: what goes in, and what is fixed of what comes out.
struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [String: JSON]
    let expected: [String: JSON]

    var testDescription: String { id }

    /// Stands in the place of a file that could not be read, so that its test fails and says why.
    init(kind: String, unreadable error: any Error) {
        id = "\(kind).json cannot be read: \(error)"
        input = [:]
        expected = [:]
    }

    /// Every expected field is one that its runner checks, and there is at least one.
    func expectsOnly(_ known: [String]) throws {
        try #require(!expected.isEmpty, "\(id)")
        let unknown = expected.keys.filter { !known.contains($0) }.sorted()
        try #require(unknown.isEmpty, "\(id) expects \(unknown), which the runner does not know")
    }
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

    var int: Int? { double.flatMap { Int(exactly: $0) } }

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
    /// A field that may be absent or null.
    func number(optional name: String) -> Double? { input[name]?.double }
    func int(optional name: String) -> Int? { input[name]?.int }
    func text(optional name: String) -> String? { input[name]?.text }
    func list(_ name: String) throws -> [JSON] { try #require(input[name]?.list, "\(id) has no \(name)") }
}
