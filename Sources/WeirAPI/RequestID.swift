/// Names one request in its answer and in the log: random, in the form of a UUID.
struct RequestID: Sendable, CustomStringConvertible {
    let description: String

    init() {
        var generator = SystemRandomNumberGenerator()
        self.init(high: generator.next(), low: generator.next())
    }

    init(high: UInt64, low: UInt64) {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for digit in 0..<32 {
            if [8, 12, 16, 20].contains(digit) { text.append(0x2d) }
            let half = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (digit % 16)) & 15)
            text.append(nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10)
        }
        description = String(decoding: text, as: UTF8.self)
    }
}
