/// How often each of some whole numbers was seen. Those that were not take no room.
public struct Tally: Sendable, Equatable {
    /// By value, ascending.
    public private(set) var entries: [Entry] = []

    public struct Entry: Sendable, Equatable {
        public var value: Int
        public var count: Int
    }

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.reduce(0) { $0 + $1.count } }

    public mutating func add(_ count: Int = 1, of value: Int) {
        guard count > 0 else { return }
        // Neighbours in time are often neighbours in size.
        if let last = entries.indices.last, entries[last].value <= value {
            if entries[last].value == value {
                entries[last].count += count
            } else {
                entries.append(Entry(value: value, count: count))
            }
            return
        }
        let place = entries.firstIndex { $0.value >= value } ?? entries.count
        if place < entries.count, entries[place].value == value {
            entries[place].count += count
        } else {
            entries.insert(Entry(value: value, count: count), at: place)
        }
    }
}

/// Travels as `[value, count, value, count, …]`.
extension Tally: Codable {
    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd {
            let value = try container.decode(Int.self)
            add(try container.decode(Int.self), of: value)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for entry in entries {
            try container.encode(entry.value)
            try container.encode(entry.count)
        }
    }
}
