/// Times and sizes as people write them: a number with its unit.
public enum Quantity {
    /// The time that `text` says, such as `30s` or `1h30m`; nil when it is none.
    public static func time(_ text: String) -> Duration? {
        try? duration(text).get()
    }

    /// The bytes that `text` says, such as `256MB` or `1GiB`; nil when it is no size.
    public static func bytes(of text: String) -> Int? {
        try? size(text).get()
    }

    /// What somebody may have meant who wrote a time in this way; nil: nobody knows.
    public static func likelyTime(_ text: String) -> String? { likely(duration(text)) }

    /// Likewise of a size.
    public static func likelySize(_ text: String) -> String? { likely(size(text)) }

    private static func likely<Value>(_ read: Result<Value, Mistake>) -> String? {
        switch read {
        case .failure(.noUnit(let fix)), .failure(.spelling(let fix)): fix
        case .failure(.unreadable), .success: nil
        }
    }

    /// Why a text is no quantity.
    enum Mistake: Error, Equatable {
        /// Only a number; the text with a likely unit.
        case noUnit(fix: String)
        /// Nearly right; the text as it should be.
        case spelling(fix: String)
        case unreadable
    }

    // MARK: Times

    /// `500ms`, `30s`, `5m`, `1h`, `1d`, also `1.5h` and `1h30m`: whole milliseconds.
    static func duration(_ text: String) -> Result<Duration, Mistake> {
        if isNumber(text) { return .failure(.noUnit(fix: text + "s")) }
        if let total = milliseconds(text) { return .success(.milliseconds(total)) }
        let fixed = respelled(text) { unit in timeSpellings[unit.lowercased()] }
        if let fixed, milliseconds(fixed) != nil { return .failure(.spelling(fix: fixed)) }
        return .failure(.unreadable)
    }

    /// The shortest usual way to write a time: seconds up to a few minutes, then the largest unit that fits exactly.
    public static func text(_ duration: Duration) -> String {
        let total = milliseconds(of: duration)
        if total % 1000 != 0 { return "\(total)ms" }
        let seconds = total / 1000
        if seconds != 0, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds >= 600, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    // MARK: Sizes

    /// `256MiB`, `1GB`, `1.5GiB`: whole bytes. kB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of 1024.
    static func size(_ text: String) -> Result<Int, Mistake> {
        if isNumber(text) {
            let bytes = Int(text) ?? 0
            return .failure(.noUnit(fix: text + (bytes > mostLikelyMebibytes ? "B" : "MiB")))
        }
        if let bytes = bytes(text) { return .success(bytes) }
        let fixed = respelled(text) { unit in sizeSpellings[unit.lowercased()] }
        if let fixed, bytes(fixed) != nil { return .failure(.spelling(fix: fixed)) }
        return .failure(.unreadable)
    }

    /// The largest binary unit that fits exactly, then the largest decimal one.
    public static func text(sizeBytes: Int) -> String {
        for unit in binaryFirst where sizeBytes != 0 && sizeBytes % unit.size == 0 {
            return "\(sizeBytes / unit.size)\(unit.name)"
        }
        return "\(sizeBytes)B"
    }

    // MARK: Patterns for the schema

    static let durationPattern =
        "^([0-9]+(\\.[0-9]+)?d)?([0-9]+(\\.[0-9]+)?h)?([0-9]+(\\.[0-9]+)?m)?"
        + "([0-9]+(\\.[0-9]+)?s)?([0-9]+(\\.[0-9]+)?ms)?$"
    static let sizePattern = "^[0-9]+(\\.[0-9]+)?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$"
}

private struct Unit {
    let name: String
    let size: Int
}

/// Largest first, as they follow each other in `1h30m`.
private let timeUnits = [
    Unit(name: "d", size: 86_400_000), Unit(name: "h", size: 3_600_000), Unit(name: "m", size: 60_000),
    Unit(name: "s", size: 1000), Unit(name: "ms", size: 1),
]
private let sizeUnits = [
    Unit(name: "B", size: 1), Unit(name: "kB", size: 1000), Unit(name: "MB", size: 1_000_000),
    Unit(name: "GB", size: 1_000_000_000), Unit(name: "TB", size: 1_000_000_000_000), Unit(name: "KiB", size: 1 << 10),
    Unit(name: "MiB", size: 1 << 20), Unit(name: "GiB", size: 1 << 30), Unit(name: "TiB", size: 1 << 40),
]
private let binaryFirst = ["TiB", "GiB", "MiB", "TB", "GB", "MB", "KiB", "kB"].compactMap { name in
    sizeUnits.first { $0.name == name }
}
private let timeSpellings = [
    "msec": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms", "ms": "ms",
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "s": "s",
    "min": "m", "mins": "m", "minute": "m", "minutes": "m", "m": "m",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "h": "h", "day": "d", "days": "d", "d": "d",
]
private let sizeSpellings = [
    "b": "B", "byte": "B", "bytes": "B", "kb": "kB", "mb": "MB", "gb": "GB", "tb": "TB",
    "k": "KiB", "ki": "KiB", "kib": "KiB", "m": "MiB", "mi": "MiB", "mib": "MiB", "g": "GiB", "gi": "GiB",
    "gib": "GiB", "t": "TiB", "ti": "TiB", "tib": "TiB",
]
/// A bare number up to here was probably meant in MiB, above it in bytes.
private let mostLikelyMebibytes = 1_000_000

extension Quantity {
    private static func milliseconds(_ text: String) -> Int? {
        var rest = Substring(text)
        var total = 0
        var units = timeUnits[...]
        while !rest.isEmpty {
            guard let (number, name) = takeNumberAndUnit(&rest),
                let index = units.firstIndex(where: { $0.name == name }),
                let part = scaled(number, by: units[index].size)
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
            units = units[(index + 1)...]
        }
        return text.isEmpty ? nil : total
    }

    private static func bytes(_ text: String) -> Int? {
        var rest = Substring(text)
        guard let (number, name) = takeNumberAndUnit(&rest), rest.isEmpty,
            let unit = sizeUnits.first(where: { $0.name == name })
        else { return nil }
        return scaled(number, by: unit.size)
    }

    private static func takeNumberAndUnit(_ rest: inout Substring) -> (number: Substring, unit: Substring)? {
        let number = rest.prefix { isDigit($0) || $0 == "." }
        let afterNumber = rest[number.endIndex...]
        let unit = afterNumber.prefix { $0.isASCII && $0.isLetter }
        guard isNumber(String(number)), !unit.isEmpty else { return nil }
        rest = afterNumber[unit.endIndex...]
        return (number, unit)
    }

    /// `1.5` × 3,600,000 in whole numbers; nil when the result is not whole or too large.
    private static func scaled(_ number: Substring, by unit: Int) -> Int? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = Int(parts[0]) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        guard let fraction = fractionOf(parts[1], unit: unit) else { return nil }
        let (sum, tooLarge) = product.addingReportingOverflow(fraction)
        return tooLarge ? nil : sum
    }

    private static func fractionOf(_ digits: Substring, unit: Int) -> Int? {
        var scale = 1
        for _ in digits {
            let (next, overflow) = scale.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            scale = next
        }
        guard let numerator = Int(digits) else { return nil }
        let (product, overflow) = numerator.multipliedReportingOverflow(by: unit)
        return overflow || product % scale != 0 ? nil : product / scale
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Digits, with digits after a point if there is one.
    private static func isNumber(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
    }

    /// `5 min` → `5m`, `512Mi` → `512MiB`.
    private static func respelled(_ text: String, _ unit: (String) -> String?) -> String? {
        let compact = text.filter { $0 != " " && $0 != "_" }
        let number = compact.prefix { isDigit($0) || $0 == "." }
        guard isNumber(String(number)), let name = unit(String(compact[number.endIndex...])) else { return nil }
        return number + name
    }

    /// Times of a policy file are far inside what milliseconds can hold.
    private static func milliseconds(of duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }
}
