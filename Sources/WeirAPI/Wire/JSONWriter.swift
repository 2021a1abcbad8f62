/// Writes JSON in the order in which it is told, without spaces.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Something stands before the next element, so that it takes a comma.
    private var needsComma = false

    init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// One object as a whole text.
    static func object<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var writer = JSONWriter()
        try writer.object(body)
        return writer.bytes
    }

    mutating func object<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    mutating func array<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try enclosed(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// The name of the next value.
    mutating func name(_ name: String) {
        comma()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func string(_ value: String) {
        comma()
        quoted(value)
    }

    mutating func integer(_ value: Int) {
        comma()
        bytes += String(value).utf8
    }

    mutating func bool(_ value: Bool) {
        comma()
        bytes += (value ? "true" : "false").utf8
    }

    mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    /// Leaves the member out when there is no value.
    mutating func member(_ name: String, _ value: String?) {
        if let value { member(name, value) }
    }

    mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    mutating func member(_ name: String, _ values: [String]) {
        self.name(name)
        array { for value in values { $0.string(value) } }
    }

    private mutating func enclosed<Failure>(
        _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        comma()
        bytes.append(open)
        needsComma = false
        try body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quoted(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes += value.utf8
        } else {
            for byte in value.utf8 { appendEscaped(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0a: bytes += "\\n".utf8
        case 0x0d: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0..<0x20:
            bytes += "\\u00".utf8
            bytes += Hex.text(CollectionOfOne(byte)).utf8
        default: bytes.append(byte)
        }
    }
}
