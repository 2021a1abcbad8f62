/// Chance that can be repeated: the n-th number of a seed, by the splitmix64 recipe.
///
/// A group remembers its seed and how many numbers it has drawn, so a tick decided again draws the same ones.
enum Random {
    /// The number at `position` (from 0) in the sequence of `seed`.
    static func number(seed: UInt64, position: UInt64) -> UInt64 {
        var mixed = seed &+ (position &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension GroupState {
    /// The next number of this group's sequence.
    mutating func draw() -> UInt64 {
        defer { drawn += 1 }
        return Random.number(seed: seed, position: drawn)
    }

    /// A new token: 36 characters, in the form of a UUID of version 4.
    mutating func drawToken() -> String {
        let digits = Array(Self.hexadecimal(draw()) + Self.hexadecimal(draw()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(index == 12 ? "4" : index == 16 ? "a" : digit)
        }
        return text
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// A new instance id: `i-0` and 16 hexadecimal digits from one draw.
    package mutating func drawInstanceID() -> InstanceID {
        InstanceID(draw())
    }
}
