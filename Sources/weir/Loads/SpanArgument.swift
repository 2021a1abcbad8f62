import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// `60s`, `exponential(60s)`, `lognormal(60s,20s)`, `pareto(5s,1.5)`, with times of at most ten years.
struct SpanArgument: ExpressibleByArgument {
    let model: SpanModel

    init(_ model: SpanModel) {
        self.model = model
    }

    init?(argument: String) {
        func seconds(_ text: Substring) -> Double? {
            Quantity.time(String(text)).flatMap { $0 <= TimeArgument.longest ? $0.inSeconds : nil }
        }
        if let constant = seconds(argument[...]) {
            model = .constant(constant)
            return
        }
        guard argument.last == ")", let open = argument.firstIndex(of: "(") else { return nil }
        let name = argument[..<open]
        let parts = argument[argument.index(after: open)...].dropLast().split(
            separator: ",", omittingEmptySubsequences: false
        ).map { $0.drop { $0 == " " } }
        switch (name, parts.count) {
        case ("exponential", 1):
            guard let mean = seconds(parts[0]) else { return nil }
            model = .exponential(mean: mean)
        case ("lognormal", 2):
            guard let mean = seconds(parts[0]), let deviation = seconds(parts[1]) else { return nil }
            model = .lognormal(mean: mean, deviation: deviation)
        case ("pareto", 2):
            guard let smallest = seconds(parts[0]), let shape = Double(parts[1]), shape > 1 else { return nil }
            model = .pareto(smallest: smallest, shape: shape)
        default: return nil
        }
    }

    var defaultValueDescription: String {
        if case .constant(let seconds) = model { return Duration.milliseconds(Int64(seconds * 1000)).text }
        return "\(model)"
    }
}
