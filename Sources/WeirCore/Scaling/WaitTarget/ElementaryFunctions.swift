// Of the functions that a mathematics library would have, those that are needed here: it does not promise to round alike on
// every machine, and a decision has to be the same everywhere.

/// e^x.
func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    guard x < 700 else { return .infinity }
    let octaves = (x / logarithmOfTwo).rounded()
    let rest = x - octaves * logarithmOfTwo
    // Taylor's series; the rest is below 0.35, so the last term is below 1e-17.
    var term = 1.0
    var sum = 1.0
    for index in 1...14 {
        term *= rest / Double(index)
        sum += term
    }
    return Double(sign: .plus, exponent: Int(octaves), significand: sum)
}

/// ln x, for x above 0.
func logarithm(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.414_213_562_373_095 {
        significand /= 2
        exponent += 1
    }
    // The series of the inverse hyperbolic tangent; its argument is below 0.172.
    let argument = (significand - 1) / (significand + 1)
    var power = argument
    var sum = argument
    for index in stride(from: 3.0, through: 21, by: 2) {
        power *= argument * argument
        sum += power / index
    }
    return 2 * sum + exponent * logarithmOfTwo
}

private let logarithmOfTwo = 0.693_147_180_559_945_3

/// The share of a standard normal distribution below z. Source: G. Marsaglia, "Evaluating the Normal Distribution", Journal of
/// Statistical Software 11 (2004).
func normalShare(below z: Double) -> Double {
    guard z > -7 else { return 0 }
    guard z < 7 else { return 1 }
    var sum = z
    var term = z
    var former = 0.0
    var index = 3.0
    while sum != former {
        former = sum
        term *= z * z / index
        sum += term
        index += 2
    }
    return 0.5 + sum * normalDensity(z)
}

func normalDensity(_ z: Double) -> Double { exponential(-z * z / 2) * 0.398_942_280_401_432_7 }
