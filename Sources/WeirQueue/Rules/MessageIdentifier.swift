/// A message's id: a random UUID (version 4), kept as its 16 bytes and shown in lower case.
struct MessageIdentifier: Equatable {
    var bytes: [UInt8]

    private static let digits = Array("0123456789abcdef".utf8)
    private static let textLength = 36
    /// Bytes before which a dash is written.
    private static let dashes: Set<Int> = [4, 6, 8, 10]

    static func random() -> MessageIdentifier {
        var bytes: [UInt8] = []
        for var word in [UInt64.random(in: 0 ... .max), .random(in: 0 ... .max)] {
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return MessageIdentifier(bytes: bytes)
    }

    var text: String {
        String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            var end = 0
            for (index, byte) in bytes.enumerated() {
                if Self.dashes.contains(index) {
                    buffer[end] = UInt8(ascii: "-")
                    end += 1
                }
                buffer[end] = Self.digits[Int(byte >> 4)]
                buffer[end + 1] = Self.digits[Int(byte & 15)]
                end += 2
            }
            return end
        }
    }
}
