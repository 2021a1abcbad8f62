// Small functions that make sentences.

/// A number as people write it: whole numbers without a point, others with at most three places.
public func numberText(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "not a number" : number < 0 ? "-infinity" : "infinity" }
    // Beyond this a Double has no thousandths to show, and the product below would not fit.
    guard abs(number) < 1e12 else { return Int64(exactly: number.rounded()).map { "\($0)" } ?? "\(number)" }
    let thousandths = Int64((number * 1000).rounded())
    if thousandths == 0, number != 0 { return "\(number)" }
    guard thousandths % 1000 != 0 else { return "\(thousandths / 1000)" }
    var fraction = String(abs(thousandths) % 1000 + 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(fraction)"
}

/// `1 instance`, `3 instances`, `2 launches`.
func counted(_ count: Int, _ noun: String) -> String {
    let ending = abs(count) == 1 ? "" : noun.hasSuffix("ch") ? "es" : "s"
    return "\(count) \(noun)\(ending)"
}

/// The first few of many: `i-1, i-2, i-3 and 4 more`.
func named(_ instances: [InstanceID], of total: Int) -> String {
    let names = instances.map(\.text).joined(separator: ", ")
    return total > instances.count ? "\(names) and \(total - instances.count) more" : names
}

/// Spaces on the right up to `width` characters.
func column(_ text: String, _ width: Int) -> String {
    let missing = width - text.count
    return missing > 0 ? text + String(repeating: " ", count: missing) : text
}
