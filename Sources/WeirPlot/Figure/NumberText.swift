import Glibc

/// Numbers as people read them on an axis.
enum NumberText {
    /// `0`, `0.25`, `7.5`, `400`, `1,500`, `25k`, `1.5M`.
    static func short(_ number: Double) -> String {
        let size = abs(number)
        if size >= 1e9 { return trimmed(number / 1e9, 2) + "G" }
        if size >= 1e6 { return trimmed(number / 1e6, 2) + "M" }
        if size >= 10_000 { return trimmed(number / 1e3, 1) + "k" }
        if size >= 1000, number == number.rounded() {
            let whole = Int(number)
            return "\(whole / 1000),\(padded(abs(whole % 1000), 3))"
        }
        return trimmed(number, size < 0.1 ? 4 : 2)
    }

    /// The same for a place on an axis, with as many digits as its steps have: no two of them are written alike.
    static func short(_ number: Double, step: Double) -> String {
        let size = abs(number)
        for (unit, name, from) in [(1e9, "G", 1e9), (1e6, "M", 1e6), (1e3, "k", 1e4)] where size >= from {
            let places = decimals(of: step / unit)
            if places <= 2 { return trimmed(number / unit, places) + name }
        }
        let places = decimals(of: step)
        guard size >= 1000, places == 0, size < 1e15 else { return trimmed(number, places) }
        var digits = "\(Int(size.rounded()))"
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// How many decimals a number has, as far as people write them.
    private static func decimals(of number: Double) -> Int {
        var scaled = abs(number)
        for places in 0..<14 {
            if abs(scaled - scaled.rounded()) <= scaled * 1e-9 { return places }
            scaled *= 10
        }
        return 14
    }

    /// Seconds in the largest unit that leaves a short number: `0`, `250 ms`, `1.5 s`, `10 min`, `2 h`, `3 d`.
    static func duration(_ seconds: Double, unitOf step: Double? = nil) -> String {
        if seconds == 0 { return "0" }
        let size = step ?? seconds
        if size < 1 && seconds < 1 { return trimmed(seconds * 1000, 2) + " ms" }
        if size < 60 && seconds < 120 { return trimmed(seconds, 2) + " s" }
        if size < 3600 && seconds < 7200 { return trimmed(seconds / 60, 1) + " min" }
        if seconds < 172_800 { return trimmed(seconds / 3600, 1) + " h" }
        return trimmed(seconds / 86_400, 1) + " d"
    }

    /// At most so many decimals, and no zeros behind them.
    static func trimmed(_ number: Double, _ places: Int) -> String {
        let scale = pow(10, Double(places))
        guard abs(number) * scale < 1e15 else { return "\(number)" }
        let whole = Int((abs(number) * scale).rounded())
        let sign = number < 0 && whole > 0 ? "-" : ""
        var decimals = padded(whole % Int(scale), places)[...]
        while decimals.last == "0" { decimals.removeLast() }
        return "\(sign)\(whole / Int(scale))" + (decimals.isEmpty || places == 0 ? "" : ".\(decimals)")
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
    }
}
