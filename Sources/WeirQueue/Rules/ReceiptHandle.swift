/// Proof of one delivery: which message of which queue, and which of its receives. Opaque to those who carry it; sealed, so
/// that a handle which this store did not give out is told from one that has grown old.
struct ReceiptHandle: Equatable {
    /// The queue's number, which a queue of the same name made later does not share.
    var queue: Int64
    var message: Int64
    /// The message's receive count at the delivery.
    var receive: Int64

    private static let version = "w1"
    private static let digits = Array("0123456789abcdef".utf8)
    private static let wordDigits = 16
    private static let length = version.utf8.count + 4 * wordDigits

    func text(_ key: SealKey) -> String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            var end = buffer.initialize(fromContentsOf: Self.version.utf8)
            for word in [
                UInt64(bitPattern: queue), UInt64(bitPattern: message), UInt64(bitPattern: receive), seal(key),
            ] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    buffer[end] = Self.digits[Int(word >> UInt64(shift) & 15)]
                    end += 1
                }
            }
            return end
        }
    }

    /// Nil for a text that is no handle of the store that holds `key`.
    init?(_ text: String, _ key: SealKey) {
        guard text.utf8.count == Self.length, text.hasPrefix(Self.version) else { return nil }
        var words: [UInt64] = []
        var rest = text.utf8.dropFirst(Self.version.utf8.count)
        while !rest.isEmpty {
            guard let word = Self.word(rest.prefix(Self.wordDigits)) else { return nil }
            words.append(word)
            rest = rest.dropFirst(Self.wordDigits)
        }
        self.init(
            queue: Int64(bitPattern: words[0]), message: Int64(bitPattern: words[1]),
            receive: Int64(bitPattern: words[2]))
        guard seal(key) == words[3] else { return nil }
    }

    init(queue: Int64, message: Int64, receive: Int64) {
        self.queue = queue
        self.message = message
        self.receive = receive
    }

    private func seal(_ key: SealKey) -> UInt64 {
        key.seal(UInt64(bitPattern: queue), UInt64(bitPattern: message), UInt64(bitPattern: receive))
    }

    private static func word(_ text: some Sequence<UInt8>) -> UInt64? {
        var word: UInt64 = 0
        for byte in text {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            word = word << 4 | UInt64(digit)
        }
        return word
    }
}

/// The secret of one store, made when the store is made and kept in it, so that handles stay valid across restarts.
struct SealKey: Equatable {
    var low: UInt64
    var high: UInt64

    static func random() -> SealKey { SealKey(low: .random(in: 0 ... .max), high: .random(in: 0 ... .max)) }

    /// SipHash-2-4 of three words (Aumasson and Bernstein, 2012): a short keyed check, fast for short input.
    func seal(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        var state = SipState(self)
        state.take(first)
        state.take(second)
        state.take(third)
        return state.finish(byteCount: 24)
    }
}

private struct SipState {
    private var v0, v1, v2, v3: UInt64

    init(_ key: SealKey) {
        v0 = key.low ^ 0x736f_6d65_7073_6575
        v1 = key.high ^ 0x646f_7261_6e64_6f6d
        v2 = key.low ^ 0x6c79_6765_6e65_7261
        v3 = key.high ^ 0x7465_6462_7974_6573
    }

    mutating func take(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    mutating func finish(byteCount: UInt64) -> UInt64 {
        take(byteCount << 56)
        v2 ^= 0xff
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v2 &+= v3
        v1 = v1.rotatedLeft(13) ^ v0
        v3 = v3.rotatedLeft(16) ^ v2
        v0 = v0.rotatedLeft(32)
        v2 &+= v1
        v0 &+= v3
        v1 = v1.rotatedLeft(17) ^ v2
        v3 = v3.rotatedLeft(21) ^ v0
        v2 = v2.rotatedLeft(32)
    }
}

extension UInt64 {
    fileprivate func rotatedLeft(_ bits: UInt64) -> UInt64 { self << bits | self >> (64 - bits) }
}
