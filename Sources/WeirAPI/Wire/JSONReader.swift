/// Reads one JSON text, strictly by RFC 8259, from bytes to values in one pass.
///
/// Requests are small and many, so it works on bytes, and a string without escapes is made in one go.
struct JSONReader {
    struct Failure: Error, Equatable {
        var what: String
        /// Where, counted from 0.
        var byte: Int
    }

    private let text: [UInt8]
    private var position = 0

    static func read(_ text: [UInt8]) throws(Failure) -> JSONValue {
        var reader = JSONReader(text: text)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == text.count else { throw reader.failure("more text after the value") }
        return value
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= APILimits.jsonDepth else { throw failure("nested too deeply") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONObject {
        var object = JSONObject()
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("expected ':'") }
            object.members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("expected ',' or '}'") }
        return object
    }

    private mutating func array(depth: Int) throws(Failure) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("expected ',' or ']'") }
        return elements
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let matches = end <= text.count && word.withUTF8Buffer { text[position..<end].elementsEqual($0) }
        guard matches else { throw failure("expected a value") }
        position = end
        return value
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let digits = position
        guard skipDigits() else { throw failure("expected a value") }
        if text[digits] == UInt8(ascii: "0"), position > digits + 1 { throw failure("a number with a leading zero") }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() else { throw failure("expected digits") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() else { throw failure("expected digits") }
        }
        let digitsText = String(decoding: text[start..<position], as: UTF8.self)
        if isInteger, let integer = Int(digitsText) { return .integer(integer) }
        guard let number = Double(digitsText), number.isFinite else { throw failure("a number that is too large") }
        return .number(number)
    }

    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
        return position > start
    }

    // MARK: Strings

    private mutating func string() throws(Failure) -> String {
        guard take(UInt8(ascii: "\"")) else { throw failure("expected '\"'") }
        let start = position
        while let byte = peek {
            if byte == UInt8(ascii: "\"") {
                let string = try Self.checked(text[start..<position], at: start)
                position += 1
                return string
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure("a control character in a string") }
            position += 1
        }
        throw failure("a string that does not end")
    }

    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var bytes = Array(text[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try Self.checked(bytes[...], at: start)
            case UInt8(ascii: "\\"): try appendEscape(to: &bytes)
            case 0..<0x20: throw failure("a control character in a string")
            default: bytes.append(byte)
            }
        }
        throw failure("a string that does not end")
    }

    private mutating func appendEscape(to bytes: inout [UInt8]) throws(Failure) {
        guard let byte = peek else { throw failure("a string that does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0c)
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes += UTF8.encode(try escapedScalar()) ?? UTF8.encodedReplacementCharacter
        default: throw failure("an unknown escape")
        }
    }

    /// `\uXXXX`, or two of them that are one character together.
    private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair")
        }
        let second = try fourDigits()
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xd800) << 10 + UInt32(second) - 0xdc00)
        else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(Failure) -> UInt16 {
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap(Hex.value) else { throw failure("expected four hexadecimal digits") }
            number = number << 4 | UInt16(digit)
            position += 1
        }
        return number
    }

    private static func checked(_ bytes: ArraySlice<UInt8>, at start: Int) throws(Failure) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw Failure(what: "a string that is not UTF-8", byte: start)
        }
        return string
    }

    // MARK: Bytes

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private func failure(_ what: String) -> Failure { Failure(what: what, byte: position) }
}
