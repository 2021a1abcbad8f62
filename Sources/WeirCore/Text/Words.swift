// Small functions that make sentences.

/// A number as people write it: whole numbers without a point, others with at most three places, and of what is below a hundredth three
/// digits that matter.
public func numberText(_ number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "not a number" : number < 0 ? "-infinity" : "infinity" }
    // Beyond this a Double has no thousandths to show, and the product below would not fit.
    guard abs(number) < 1e12 else { return Int64(exactly: number.rounded()).map { "\($0)" } ?? "\(number)" }
    if abs(number) < 0.01, number != 0 { return smallText(number) }
    let thousandths = Int64((number * 1000).rounded())
    guard thousandths % 1000 != 0 else { return "\(thousandths / 1000)" }
    var fraction = String(abs(thousandths) % 1000 + 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000).\(fraction)"
}

/// `0.0000278`. Range of `number`: below a hundredth, not 0.
private func smallText(_ number: Double) -> String {
    var (places, digits) = (3, abs(number) * 1000)
    while digits < 100, places < 15 {
        digits *= 10
        places += 1
    }
    guard digits >= 100 else { return "\(number)" }
    var fraction = "\(Int64(digits.rounded()))"
    fraction = String(repeating: "0", count: max(places - fraction.count, 0)) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(number < 0 ? "-" : "")0.\(fraction)"
}

/// `1 instance`, `3 instances`, `2 launches`, `2 policies`.
public func counted(_ count: Int, _ noun: String) -> String {
    guard count.magnitude != 1 else { return "\(count) \(noun)" }
    if noun.hasSuffix("cy") { return "\(count) \(noun.dropLast())ies" }
    return "\(count) \(noun)\(noun.hasSuffix("ch") ? "es" : "s")"
}

/// The nearest whole number from 0 to 10^15; what is no number is 0.
func wholeNumber(_ number: Double) -> Int {
    // In this order, as `max(number, 0)` of what is no number is no number.
    Int(min(max(0, number), 1e15).rounded())
}

/// `4 s`, `2 min 5 s`, of an age in seconds.
func ageText(_ seconds: Double) -> String {
    // Nothing is older than some ten thousand years.
    Duration.milliseconds(wholeNumber(min(seconds, 3e11) * 1000)).inWords
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
