import ArgumentParser
import WeirPolicy
import WeirSimulator

/// Opens what a story file names as its load, in the words of `weir simulate`.
enum StoryLoads {
    /// - Parameter path: of the story file; a trace is beside it.
    /// - Throws: with the place in the story file.
    static func open(_ load: StoryLoad, of path: String) throws(TraceFailure) -> any JobSource {
        do {
            let service = try load.serviceTime.map { try SpanText($0).model }
            if let trace = load.trace {
                return try LoadOptions.open(
                    Self.path(of: trace, beside: path), service: service, load.seed, metric: load.metric,
                    period: load.period)
            }
            let parts = try load.generate.map { try GeneratorText($0).part }
            return try GeneratedLoad(parts, service: service, seed: load.seed, name: "the load")
        } catch {
            throw TraceFailure(path: path, line: load.line, problem: inKeys(Self.problem(error)))
        }
    }

    /// All that can be told of a load before it is simulated.
    static func mistakes(in load: StoryLoad, of path: String) -> [StoryLoad.Mistake] {
        var mistakes: [StoryLoad.Mistake] = []
        func note(_ part: StoryLoad.Part, _ prefix: String, _ work: () throws -> Void) {
            do {
                try work()
            } catch {
                let problem = inKeys(Self.problem(error))
                let (wrong, hint) = Self.sides(of: problem)
                mistakes.append(.init(part, prefix + wrong, hint: hint))
            }
        }
        note(.serviceTime, "'service_time': ") { _ = try load.serviceTime.map { try SpanText($0).model } }
        for (number, text) in load.generate.enumerated() {
            note(.generate(number), "'generate': ") { _ = try GeneratorText(text) }
        }
        // What it needs besides is told when all that is there is right.
        guard mistakes.isEmpty else { return mistakes }
        note(load.trace == nil ? .load : .trace, "") {
            let service = try load.serviceTime.map { try SpanText($0).model }
            let forms = FormOptions(metric: load.metric, period: load.period)
            guard let trace = load.trace else {
                if let option = forms.named.first {
                    throw ValidationError("\(option.name) is about \(option.forms); leave it out")
                }
                _ = try GeneratedLoad(
                    try load.generate.map { try GeneratorText($0).part }, service: service, seed: load.seed,
                    name: "the load")
                return
            }
            let source = try LoadOptions.open(
                Self.path(of: trace, beside: path), service: service, load.seed, metric: load.metric,
                period: load.period)
            if let option = forms.first(thatIsOfNoneOf: [source]) {
                throw ValidationError("the trace is not \(option.forms); leave out \(option.name)")
            }
        }
        return mistakes
    }

    /// What is wrong, and behind it what was expected.
    private static func sides(of problem: String) -> (wrong: String, hint: String?) {
        for (sign, length) in [("; ", 2), (": expected ", 2)] {
            guard let place = problem.firstRange(of: sign) else { continue }
            let rest = problem.index(place.lowerBound, offsetBy: length)
            return (String(problem[..<place.lowerBound]), String(problem[rest...]))
        }
        return (problem, nil)
    }

    private static func path(of trace: String, beside path: String) -> String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return trace.hasPrefix("/") || folder.isEmpty ? trace : folder.joined(separator: "/") + "/" + trace
    }

    private static func problem(_ error: any Error) -> String {
        (error as? ValidationError)?.message ?? "\(error)"
    }

    /// As a story file names what the command line names.
    static func inKeys(_ text: String) -> String {
        [
            ("--service-time 20s", "service_time: 20s"), ("--service-time", "'service_time'"), ("--period", "'period'"),
            ("--metric", "'metric'"),
        ].reduce(text) {
            $0.replacing($1.0, with: $1.1)
        }
    }
}
