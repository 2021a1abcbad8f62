/// The Prometheus text format: families of samples, each with its help and its type. Source: Prometheus documentation,
/// "Exposition formats".
struct PrometheusText {
    enum Kind: String {
        case gauge
        case counter
    }

    typealias Label = (name: String, value: String)

    private(set) var text = ""
    /// All families that there can be, also those that have no samples now.
    private(set) var families: [(name: String, kind: Kind)] = []

    /// One family; nothing is written when it has no samples.
    mutating func family(_ name: String, _ kind: Kind, help: String, samples: [(labels: [Label], value: Double)]) {
        families.append((name, kind))
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            text += name
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
                text += "{\(labels.joined(separator: ","))}"
            }
            text += " \(Self.number(sample.value))\n"
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }
}
