/// `base` to the power of `exponent`; nil where there is no real result (zero to a negative power, a root of a negative).
///
/// Written with multiplication and square roots alone: these round alike on every machine, which a mathematics library
/// does not promise, and a decision has to be the same everywhere.
func raise(_ base: Double, to exponent: Double) -> Double? {
    guard base.isFinite, exponent.isFinite else { return nil }
    if exponent < 0 {
        guard let inverse = raise(base, to: -exponent), inverse != 0 else { return nil }
        return 1 / inverse
    }
    let whole = exponent.rounded(.down)
    let fraction = exponent - whole
    if base < 0, fraction != 0 { return nil }
    return wholePower(base, whole) * fractionalPower(base, fraction)
}

/// By squaring: one step for each binary digit of the exponent.
private func wholePower(_ base: Double, _ exponent: Double) -> Double {
    guard exponent < 9e15 else {
        // Every Double this large is even, and the result is at one of its ends.
        return abs(base) == 1 ? 1 : abs(base) < 1 ? 0 : .infinity
    }
    var result = 1.0
    var square = base
    var remaining = UInt64(exponent)
    while remaining > 0 {
        if remaining & 1 == 1 { result *= square }
        square *= square
        remaining >>= 1
    }
    return result
}

/// The binary digits of the fraction stand for the square root, the fourth root, the eighth root, …
private func fractionalPower(_ base: Double, _ fraction: Double) -> Double {
    var result = 1.0
    var root = base
    var remaining = fraction
    while remaining > 0 {
        root = root.squareRoot()
        remaining *= 2
        if remaining >= 1 {
            result *= root
            remaining -= 1
        }
    }
    return result
}
