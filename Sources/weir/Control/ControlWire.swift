import FoundationEssentials

/// Values as the daemon writes and reads them.
enum ControlWire {
    /// How names stand on the wire: the daemon's own as their types declare, those of the queue's API with a capital letter.
    enum Names {
        case asDeclared
        case capitalised
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static func capitalised(_ path: [any CodingKey]) -> Key {
            let name = path.last?.stringValue ?? ""
            return Key(stringValue: name.prefix(1).uppercased() + name.dropFirst())
        }

        static func uncapitalised(_ path: [any CodingKey]) -> Key {
            let name = path.last?.stringValue ?? ""
            return Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
        }
    }

    static func encode(_ value: some Encodable, _ names: Names = .asDeclared) throws(Failure) -> [UInt8] {
        let encoder = JSONEncoder()
        switch names {
        case .asDeclared: break
        case .capitalised: encoder.keyEncodingStrategy = .custom(Key.capitalised)
        }
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .world("cannot write down the request: \(error)")
        }
    }

    static func decode<Value: Decodable>(_ body: [UInt8], _ names: Names = .asDeclared) throws(Failure) -> Value {
        let decoder = JSONDecoder()
        switch names {
        case .asDeclared: break
        case .capitalised: decoder.keyDecodingStrategy = .custom(Key.uncapitalised)
        }
        do {
            return try decoder.decode(Value.self, from: Data(body))
        } catch {
            throw .world("the daemon's answer is not understood; is it of another version? (\(error))")
        }
    }
}
