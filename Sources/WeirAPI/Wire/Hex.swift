/// Hexadecimal digits.
enum Hex {
    static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x61 + 10
        case 0x41...0x46: character - 0x41 + 10
        default: nil
        }
    }

    /// In lower case.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = StaticString("0123456789abcdef")
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        digits.withUTF8Buffer { digits in
            for byte in bytes {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
