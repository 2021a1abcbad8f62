/// Small things over bytes that the standard library does not have.
enum Bytes {
    private static let hexDigits = Array("0123456789abcdef".utf8)
    private static let upperHexDigits = Array("0123456789ABCDEF".utf8)
    private static let base64URLDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func hex(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            text.append(hexDigits[Int(byte >> 4)])
            text.append(hexDigits[Int(byte & 15)])
        }
        return text
    }

    /// The bytes that `text` spells in hexadecimal digits of either case; nil when it does not.
    static func fromHex(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            guard let digit = hexValue(character) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }

    static func hexValue(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x61 + 10
        case 0x41...0x46: character - 0x41 + 10
        default: nil
        }
    }

    /// Base64 with `-` and `_` and without padding, so that it can stand in a URL. Source: RFC 4648 section 5.
    static func base64URL(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(base64URLDigits[Int(buffer >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { text.append(base64URLDigits[Int(buffer << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes as long for the first difference as for the last, so that time tells nothing about a secret.
    static func equalsInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5a).contains(byte) ? byte + 0x20 : byte
    }

    static func equalsIgnoringCase(_ text: String, _ lowercase: some StringProtocol) -> Bool {
        let (left, right) = (text.utf8, lowercase.utf8)
        guard left.count == right.count else { return false }
        var other = right.makeIterator()
        for byte in left where lowercased(byte) != other.next() { return false }
        return true
    }

    static func hasPrefixIgnoringCase(_ text: String, _ lowercase: String) -> Bool {
        var rest = text.utf8.makeIterator()
        for byte in lowercase.utf8 {
            guard let other = rest.next(), lowercased(other) == byte else { return false }
        }
        return true
    }

    /// Appends `byte` as a URL carries it: letters, digits and `-._~` as they are, all else as `%` and two upper-case
    /// digits. Source: Signature Version 4, UriEncode().
    static func appendPercentEncoded(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case 0x41...0x5a, 0x61...0x7a, 0x30...0x39, 0x2d, 0x2e, 0x5f, 0x7e:
            text.append(byte)
        default:
            text.append(0x25)
            text.append(upperHexDigits[Int(byte >> 4)])
            text.append(upperHexDigits[Int(byte & 15)])
        }
    }

    /// The bytes that a percent-encoded text stands for; a `%` without two digits after it stands for itself.
    static func percentDecoded(_ text: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == 0x25, let high = rest.first.flatMap(hexValue),
                let low = rest.dropFirst().first.flatMap(hexValue)
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(character)
            }
        }
        return bytes
    }
}
