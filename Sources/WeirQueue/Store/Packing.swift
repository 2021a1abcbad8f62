/// Lists of attributes as bytes: each text or value with its length before it (4 bytes, big-endian).
struct Packer {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ part: some Collection<UInt8>) {
        let count = UInt32(part.count)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        bytes.append(contentsOf: part)
    }

    mutating func put(_ text: String) { put(text.utf8) }
}

struct Unpacker {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Nil at the end, and for bytes that are no list.
    mutating func next() -> [UInt8]? {
        guard rest.count >= 4 else { return nil }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func nextText() -> String? { next().map { String(decoding: $0, as: UTF8.self) } }
}

extension [MessageAttribute] {
    /// Nil for none, which most messages have.
    var packed: [UInt8]? {
        guard !isEmpty else { return nil }
        var packer = Packer()
        for attribute in self {
            packer.put(attribute.name)
            packer.put(attribute.dataType)
            switch attribute.value {
            case .string(let text):
                packer.put([0])
                packer.put(text)
            case .binary(let bytes):
                packer.put([1])
                packer.put(bytes)
            }
        }
        return packer.bytes
    }

    init(packed: [UInt8]?) {
        self = []
        guard let packed else { return }
        var unpacker = Unpacker(packed)
        while let name = unpacker.nextText(), let type = unpacker.nextText(), let kind = unpacker.next(),
            let value = unpacker.next()
        {
            let isText = kind == [0]
            append(
                MessageAttribute(
                    name: name, dataType: type,
                    value: isText ? .string(String(decoding: value, as: UTF8.self)) : .binary(value)))
        }
    }
}

extension [StoredAttribute] {
    var packed: [UInt8] {
        var packer = Packer()
        for attribute in self {
            packer.put(attribute.name)
            packer.put(attribute.value)
        }
        return packer.bytes
    }

    init(packed: [UInt8]) {
        self = []
        var unpacker = Unpacker(packed)
        while let name = unpacker.nextText(), let value = unpacker.nextText() {
            append(StoredAttribute(name: name, value: value))
        }
    }
}
