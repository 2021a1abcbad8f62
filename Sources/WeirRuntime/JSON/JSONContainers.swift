/// An object that is being written.
struct JSONObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let text: UnsafeMutablePointer<JSONText>
    let place: Int
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    @inline(__always)
    private func member(_ key: String) throws -> JSONPlace {
        try text.pointee.next(in: place, depth: depth)
        text.pointee.bytes.appendQuoted(key)
        text.pointee.bytes.append(UInt8(ascii: ":"))
        return JSONPlace(text: text, place: text.pointee.begin(), depth: depth + 1)
    }

    /// For what cannot throw: the text is then not given out.
    private func open(_ key: String) -> JSONPlace {
        do {
            return try member(key)
        } catch {
            text.pointee.fail()
            return .nowhere(text)
        }
    }

    func encodeNil(forKey key: Key) throws { try member(key.stringValue).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: String, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Double, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Float, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Int, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Int8, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Int16, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Int32, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: Int64, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: UInt, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) throws { try member(key.stringValue).encode(value) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try member(key.stringValue).write(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        open(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        open(key.stringValue).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { open("super") }
    func superEncoder(forKey key: Key) -> any Encoder { open(key.stringValue) }
}

/// A list that is being written.
struct JSONList: UnkeyedEncodingContainer {
    let text: UnsafeMutablePointer<JSONText>
    let place: Int
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var count: Int { text.pointee.count(in: place, depth: depth) }

    @inline(__always)
    private func item() throws -> JSONPlace {
        try text.pointee.next(in: place, depth: depth)
        return JSONPlace(text: text, place: text.pointee.begin(), depth: depth + 1)
    }

    /// For what cannot throw: the text is then not given out.
    private func open() -> JSONPlace {
        do {
            return try item()
        } catch {
            text.pointee.fail()
            return .nowhere(text)
        }
    }

    func encodeNil() throws { try item().encodeNil() }
    func encode(_ value: Bool) throws { try item().encode(value) }
    func encode(_ value: String) throws { try item().encode(value) }
    func encode(_ value: Double) throws { try item().encode(value) }
    func encode(_ value: Float) throws { try item().encode(value) }
    func encode(_ value: Int) throws { try item().encode(value) }
    func encode(_ value: Int8) throws { try item().encode(value) }
    func encode(_ value: Int16) throws { try item().encode(value) }
    func encode(_ value: Int32) throws { try item().encode(value) }
    func encode(_ value: Int64) throws { try item().encode(value) }
    func encode(_ value: UInt) throws { try item().encode(value) }
    func encode(_ value: UInt8) throws { try item().encode(value) }
    func encode(_ value: UInt16) throws { try item().encode(value) }
    func encode(_ value: UInt32) throws { try item().encode(value) }
    func encode(_ value: UInt64) throws { try item().encode(value) }
    func encode(_ value: some Encodable) throws { try item().write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        open().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { open().unkeyedContainer() }
    func superEncoder() -> any Encoder { open() }
}

/// The keys by which a dictionary is encoded. They come in another order in each process, so they are told apart, and sorted.
enum DictionaryKeys {
    static let type: ObjectIdentifier? = {
        var scratch = JSONText(nonFinite: .refused)
        defer { scratch.bytes.free() }
        return withUnsafeMutablePointer(to: &scratch) { text in
            let probe = Probe(place: JSONPlace(text: text, place: text.pointee.begin(), depth: 0))
            try? [String: Int]().encode(to: probe)
            return probe.seen
        }
    }()

    /// Looks at the keys that a value asks for.
    private final class Probe: Encoder {
        let place: JSONPlace
        var seen: ObjectIdentifier?

        init(place: JSONPlace) {
            self.place = place
        }

        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            seen = ObjectIdentifier(type)
            return KeyedEncodingContainer(JSONObject(text: place.text, place: place.place, depth: place.depth))
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer { place.unkeyedContainer() }
        func singleValueContainer() -> any SingleValueEncodingContainer { place }
    }
}
