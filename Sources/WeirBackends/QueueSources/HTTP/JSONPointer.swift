/// Where in a JSON document a value is: `/queues/0/visible`. Source: RFC 6901.
struct JSONPointer: Sendable, Equatable, CustomStringConvertible {
    /// The steps from the document to the value: names of members, or positions in a list.
    let names: [String]

    init(names: [String]) {
        self.names = names
    }

    /// - Returns: nil when it is neither empty nor begins with `/`, or when a `~` stands for nothing.
    init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let names = parts.compactMap(Self.unescape)
        guard names.count == parts.count else { return nil }
        self.names = names
    }

    var description: String {
        names.map { "/" + $0.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0") }
            .map {
                "/" + $0.dropFirst().split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
            }
            .joined()
    }

    /// The value there; nil when there is none.
    func value(in document: JSONValue) -> JSONValue? {
        names.reduce(document) { value, name in
            switch value {
            case .object(let members): members[name]
            case .list(let items): Self.index(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
            case .null, .boolean, .number, .text, nil: nil
            }
        }
    }

    /// Digits without a leading zero.
    private static func index(_ name: String) -> Int? {
        guard name == "0" || !name.hasPrefix("0"), name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(name)
    }

    private static func unescape(_ part: Substring) -> String? {
        let pieces = part.split(separator: "~", omittingEmptySubsequences: false)
        var name = String(pieces.first ?? "")
        for piece in pieces.dropFirst() {
            switch piece.first {
            case "0": name += "~" + piece.dropFirst()
            case "1": name += "/" + piece.dropFirst()
            default: return nil
            }
        }
        return name
    }
}

/// Any JSON.
enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let items = try? container.decode([JSONValue].self) {
            self = .list(items)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}
