/// What a person pressed.
enum Key: Equatable {
    case up, down, pageUp, pageDown, home, end
    case enter, escape
    case sort, quit, suspend

    /// The keys in what a terminal sent, in their order; what means nothing here is passed over.
    static func all(in bytes: [UInt8]) -> [Key] {
        var keys: [Key] = []
        var left = bytes[...]
        while let byte = left.popFirst() {
            if byte == 0x1B, let second = left.first, second == UInt8(ascii: "[") || second == UInt8(ascii: "O") {
                left.removeFirst()
                // Parameters, and the letter that ends the sequence.
                let parameters = left.prefix { !(0x40...0x7E).contains($0) }
                left = left.dropFirst(parameters.count)
                if let final = left.popFirst(), let key = sequence(Array(parameters), final) { keys.append(key) }
            } else if let key = single(byte) {
                keys.append(key)
            }
        }
        return keys
    }

    private static func single(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B: .escape
        case 0x03, UInt8(ascii: "q"): .quit
        case 0x1A: .suspend
        case 0x0A, 0x0D: .enter
        case UInt8(ascii: "k"): .up
        case UInt8(ascii: "j"): .down
        case 0x02: .pageUp
        case 0x06, UInt8(ascii: " "): .pageDown
        case UInt8(ascii: "g"): .home
        case UInt8(ascii: "G"): .end
        case UInt8(ascii: "s"): .sort
        default: nil
        }
    }

    private static func sequence(_ parameters: [UInt8], _ final: UInt8) -> Key? {
        switch (final, String(decoding: parameters, as: UTF8.self)) {
        case (UInt8(ascii: "A"), _): .up
        case (UInt8(ascii: "B"), _): .down
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): .end
        case (UInt8(ascii: "~"), "5"): .pageUp
        case (UInt8(ascii: "~"), "6"): .pageDown
        default: nil
        }
    }
}
