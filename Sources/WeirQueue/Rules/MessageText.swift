/// Which characters a message may carry.
public enum MessageText {
    /// #x9, #xA, #xD, #x20…#xD7FF, #xE000…#xFFFD, #x10000…#x10FFFF. Source: SQS API, SendMessage.
    ///
    /// A Swift string is valid UTF-8, so only other control characters, U+FFFE and U+FFFF remain to be looked for: bytes
    /// below 0x20, and the sequence EF BF BE or EF BF BF.
    public static func isAllowed(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return false }
                if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF, bytes[index + 2] >= 0xBE {
                    return false
                }
            }
            return true
        }
    }
}
