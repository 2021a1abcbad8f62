/// Something that is rarely there, kept apart from its owner: the owner has one word for it instead of all its fields, and is
/// quick to copy. What is inside never changes; another value has another box.
@propertyWrapper
public struct Boxed<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var box: Box?

    public init() {}

    public init(wrappedValue: Value?) {
        box = wrappedValue.map { Box($0) }
    }

    /// Whether there is anything, without taking it out to look.
    public var isThere: Bool { box != nil }

    /// `state.$refresh.isThere`
    public var projectedValue: Boxed { self }

    public var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map { Box($0) } }
    }
}

extension Boxed: Equatable where Value: Equatable {
    public static func == (left: Boxed, right: Boxed) -> Bool {
        left.box === right.box || left.wrappedValue == right.wrappedValue
    }
}

/// Travels as what is inside, and not at all when there is nothing: as an optional does.
extension Boxed: Codable where Value: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(wrappedValue: try decoder.singleValueContainer().decode(Value?.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

// What the compiler makes for a type with such a property calls these.

extension KeyedDecodingContainer {
    func decode<Value: Codable>(_ type: Boxed<Value>.Type, forKey key: Key) throws -> Boxed<Value> {
        Boxed(wrappedValue: try decodeIfPresent(Value.self, forKey: key))
    }
}

extension KeyedEncodingContainer {
    mutating func encode<Value: Codable>(_ boxed: Boxed<Value>, forKey key: Key) throws {
        try encodeIfPresent(boxed.wrappedValue, forKey: key)
    }
}
