import WeirCore

/// Stands for all that a group launches, in 16 characters: the same text is the same launch template, and another one is
/// its next version.
///
/// What counts: the launcher's word and all its options, as the file means them. Names of a map count in any order, items
/// of a list in theirs. Secrets count by their references, which are never resolved here. An option that is written with its
/// default counts as one that was left out, so that an option which a newer weir adds does not replace anybody's instances.
///
/// What does not: everything else under `workers` (concurrency, warmup, stop_timeout, health checks, …) and everything
/// outside; those hold for running instances too. Nor what the options only point at: another image under the same tag,
/// another secret in the same variable.
enum TemplateDigest {
    static func of(_ word: String, _ section: SectionValues) -> String {
        var text = CanonicalText()
        text.add(word)
        for value in section.values {
            guard case .value(let option) = value.content, option != value.key.defaultValue else { continue }
            text.add(value.key.name)
            text.add(option)
        }
        return hexadecimal(text.hash)
    }

    private static func hexadecimal(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Values as bytes, so that no two different ones look alike: each text comes with its length.
private struct CanonicalText {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: String) {
        for byte in "\(text.utf8.count):".utf8 { add(byte) }
        for byte in text.utf8 { add(byte) }
    }

    mutating func add(_ value: Options.Value) {
        switch value {
        case .text(let text): add("text", text)
        case .integer(let integer): add("integer", String(integer))
        case .number(let number): add("number", String(number))
        case .boolean(let boolean): add("boolean", String(boolean))
        case .duration(let duration): add("duration", String(duration.wholeMilliseconds))
        case .size(let size): add("size", String(size))
        case .list(let items):
            add("list", String(items.count))
            for item in items { add(item) }
        case .map(let entries):
            add("map", String(entries.count))
            for entry in entries.sorted(by: { $0.name < $1.name }) {
                add(entry.name)
                add(entry.value)
            }
        }
    }

    private mutating func add(_ kind: String, _ text: String) {
        add(kind)
        add(text)
    }

    /// FNV-1a, 64 bits.
    private mutating func add(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
