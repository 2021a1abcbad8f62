import Testing

@testable import WeirQueue

@Suite("Receipt handles")
struct ReceiptHandleSpecs {
    private static let key = SealKey(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
    private static let handle = ReceiptHandle(queue: 3, message: 1_000_007, receive: 2)

    @Test("come back as they went out, and fit what AWS allows")
    func roundTrip() {
        let text = Self.handle.text(Self.key)
        #expect(ReceiptHandle(text, Self.key) == Self.handle)
        #expect(text.utf8.count <= 1024)
    }

    @Test("a change in any character is noticed")
    func forged() {
        let text = Array(Self.handle.text(Self.key))
        for index in text.indices {
            var forged = text
            forged[index] = text[index] == "0" ? "1" : "0"
            #expect(ReceiptHandle(String(forged), Self.key) == nil)
        }
    }

    @Test("another store's handle is none", arguments: ["", "w1", "nonsense", String(repeating: "0", count: 66)])
    func foreign(_ text: String) {
        #expect(ReceiptHandle(text, Self.key) == nil)
        #expect(ReceiptHandle(Self.handle.text(Self.key), SealKey.random()) == nil)
    }

    /// The first three words of the reference input 00 01 02 … of SipHash's authors, 24 bytes long.
    @Test("the seal is SipHash-2-4")
    func seal() {
        let seal = Self.key.seal(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110)
        #expect(seal == Self.expectedSeal)
    }

    private static let expectedSeal: UInt64 = 0xb8ad_50c6_f649_af94
}

@Suite("Message ids")
struct MessageIdentifierSpecs {
    private static let key = SealKey(low: 1, high: 2)

    @Test("are UUIDs in lower case, each its own")
    func shape() {
        var texts: Set<String> = []
        for number in 0..<1000 as Range<Int64> {
            let text = MessageIdentifier(number: number, Self.key).text
            #expect(text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
            #expect(text == text.lowercased())
            #expect(Array(text)[14] == "4")
            #expect("89ab".contains(Array(text)[19]))
            texts.insert(text)
        }
        #expect(texts.count == 1000)
        #expect(MessageIdentifier(number: 0, SealKey(low: 1, high: 3)) != MessageIdentifier(number: 0, Self.key))
    }
}
