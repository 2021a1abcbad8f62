/// A message's id: a UUID (version 4), kept as its 16 bytes and shown in lower case.
struct MessageIdentifier: Equatable {
    var bytes: [UInt8]

    private static let digits = Array("0123456789abcdef".utf8)
    private static let textLength = 36
    /// Bytes before which a dash is written.
    private static let dashes: Set<Int> = [4, 6, 8, 10]

    /// The id of the message with this number: unique because the number is, and not to be guessed because the store's key is
    /// secret. Nothing is asked of the kernel's random source, which would cost more than writing the message.
    init(number: Int64, _ key: SealKey) {
        bytes = []
        bytes.reserveCapacity(16)
        for half in [UInt64(0), 1] {
            var word = key.seal(Self.purpose, UInt64(bitPattern: number), half)
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Keeps ids apart from seals of receipt handles, whose first word is a queue's number and never this.
    private static let purpose = UInt64.max

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
