import FoundationEssentials

/// Writes any value as JSON on one line, in one go: bytes are only ever added at the end, in the order in which the value tells
/// them, and those of a dictionary by its keys. The same value is the same bytes.
///
/// What it writes is what `JSONEncoder` would write, but for the order, at a small part of its cost. An encoder or a container
/// cannot be kept beyond the value that it is for, and a value that was left for the next one cannot be come back to.
public struct JSONLineEncoder: Sendable {
    /// What becomes of a number that JSON does not have.
    public enum NonFinite: Sendable {
        case refused
        /// What stands for it; `-` before infinity for the negative one.
        case words(infinity: String, notANumber: String)
    }

    private let nonFinite: NonFinite

    public init(nonFinite: NonFinite = .refused) {
        self.nonFinite = nonFinite
    }

    /// By way of the value's `Codable` form.
    /// - Throws: `EncodingError`, and what the value throws.
    public func encode(_ value: some Encodable) throws -> Data {
        var text = JSONText(nonFinite: nonFinite)
        defer { text.bytes.free() }
        text.write(coded: value)
        if let failure = text.failure { throw failure }
        return Data(text.bytes.written)
    }

    /// The same bytes for a value that writes itself.
    /// - Throws: `EncodingError`, and what a part throws that is written by way of its `Codable` form.
    func write(_ value: some JSONWritable, isLine: Bool = false) throws -> Data {
        var text = JSONText(nonFinite: nonFinite)
        defer { text.bytes.free() }
        value.write(to: &text)
        if let failure = text.failure { throw failure }
        if isLine { text.bytes.append(UInt8(ascii: "\n")) }
        return Data(text.bytes.written)
    }
}

/// Where one value goes, whatever its kind turns out to be.
struct JSONPlace: Encoder, SingleValueEncodingContainer {
    let text: UnsafeMutablePointer<JSONText>
    let place: Int
    /// How many containers it is in.
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Takes nothing: what is written there is a mistake.
    static func nowhere(_ text: UnsafeMutablePointer<JSONText>) -> JSONPlace {
        JSONPlace(text: text, place: 0, depth: .max)
    }

    /// A value with all that is in it.
    @inline(__always)
    func write(_ value: some Encodable) throws {
        try encode(value)
        text.pointee.settle(depth)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        text.pointee.enter(
            place, depth: depth, isObject: true, sorted: ObjectIdentifier(Key.self) == DictionaryKeys.type)
        return KeyedEncodingContainer(JSONObject(text: text, place: place, depth: depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        text.pointee.enter(place, depth: depth, isObject: false)
        return JSONList(text: text, place: place, depth: depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    // MARK: A single value

    func encodeNil() throws {
        try text.pointee.fill(place)
        text.pointee.bytes.append("null")
    }

    func encode(_ value: Bool) throws {
        try text.pointee.fill(place)
        text.pointee.bytes.append(value ? "true" : "false")
    }

    func encode(_ value: String) throws {
        try text.pointee.fill(place)
        text.pointee.bytes.appendQuoted(value)
    }

    func encode(_ value: Double) throws {
        try text.pointee.fill(place)
        text.pointee.append(value)
    }

    func encode(_ value: Float) throws { try encode(Double(value.description) ?? Double(value)) }
    func encode(_ value: Int) throws { try whole(Int64(value)) }
    func encode(_ value: Int8) throws { try whole(Int64(value)) }
    func encode(_ value: Int16) throws { try whole(Int64(value)) }
    func encode(_ value: Int32) throws { try whole(Int64(value)) }
    func encode(_ value: Int64) throws { try whole(value) }
    func encode(_ value: UInt) throws { try whole(UInt64(value)) }
    func encode(_ value: UInt8) throws { try whole(UInt64(value)) }
    func encode(_ value: UInt16) throws { try whole(UInt64(value)) }
    func encode(_ value: UInt32) throws { try whole(UInt64(value)) }
    func encode(_ value: UInt64) throws { try whole(value) }

    // What has been written does not matter when this throws: then there is no text.
    func encode(_ value: some Encodable) throws { try value.encode(to: self) }

    private func whole(_ value: Int64) throws {
        try text.pointee.fill(place)
        text.pointee.bytes.append(value)
    }

    private func whole(_ value: UInt64) throws {
        try text.pointee.fill(place)
        text.pointee.bytes.append(value)
    }
}
