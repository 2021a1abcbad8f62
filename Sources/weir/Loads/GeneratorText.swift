import ArgumentParser
import WeirCore
import WeirPolicy
import WeirSimulator

/// A made-up load as it is written: its kind, then what is to be known of it, as in `poisson rate=2/s for=24h`.
struct GeneratorText {
    let part: LoadPart

    /// - Throws: `ValidationError`, which says which word is wrong, and what was expected.
    init(_ text: String) throws {
        let words = text.split(separator: " ").map(String.init)
        guard let kind = words.first else { throw ValidationError("is empty; \(Self.expected)") }
        var values = try Values(words.dropFirst())
        let made: LoadPart.Kind
        switch kind {
        case "constant": made = .constant(rate: try values.rate("rate"))
        case "poisson": made = .poisson(rate: try values.rate("rate"))
        case "diurnal", "weekly":
            let weekend = kind == "weekly" ? try values.share("weekend", 0.3) : 1
            made = .cycle(
                rate: try values.rate("rate"),
                .sine(swing: try values.share("swing", 0.8), peak: try values.clock("peak", 14), weekend: weekend))
        case "profile": made = .cycle(rate: try values.rate("rate"), .weights(try values.weights("hours")))
        case "bursts":
            let every = try values.span("every")
            let over = try values.time("over", .zero)
            if case .constant(let seconds) = every, seconds < over.inSeconds {
                throw ValidationError("a burst takes longer (over) than it is until the next (every)")
            }
            made = .bursts(
                size: try values.count("size"), every: every, overNs: over.wholeMilliseconds * 1_000_000)
        case "on-off":
            made = .onOff(rate: try values.rate("rate"), on: try values.span("on"), off: try values.span("off"))
        default:
            let nearest = NearestWord.to(kind, among: Self.kinds).map { "did you mean '\($0)'?" } ?? Self.expected
            throw ValidationError("there is no load '\(kind)'; \(nearest)")
        }
        let length = try values.time("for", nil)
        guard length > .zero else { throw ValidationError("for= has to be longer than nothing") }
        var part = LoadPart(made, lengthNs: length.wholeMilliseconds * 1_000_000)
        part.fromNs = try values.time("from", .zero).wholeMilliseconds * 1_000_000
        if let taking = values.take("taking") { part.service = try SpanText(taking).model }
        try values.checkAllRead()
        self.part = part
    }

    private static let kinds = ["constant", "poisson", "diurnal", "weekly", "profile", "bursts", "on-off"]
    private static var expected: String {
        "expected \(kinds.joined(separator: ", ")), and then such as rate=2/s for=24h"
    }
}

/// Values by name, each read once.
struct Values {
    private var left: [(name: String, value: String)] = []
    private var read: [String] = []

    init(_ words: ArraySlice<String>) throws {
        for word in words {
            let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2 else { throw ValidationError("'\(word)' is not of the form name=value") }
            guard !left.contains(where: { $0.name == sides[0] }) else {
                throw ValidationError("'\(sides[0])' is there twice")
            }
            left.append((sides[0], sides[1]))
        }
    }

    mutating func take(_ name: String) -> String? {
        read.append(name)
        guard let index = left.firstIndex(where: { $0.name == name }) else { return nil }
        return left.remove(at: index).value
    }

    private mutating func need(_ name: String, such example: String) throws -> String {
        guard let value = take(name) else { throw ValidationError("has no \(name)=, such as \(name)=\(example)") }
        return value
    }

    private func wrong(_ name: String, _ value: String, _ expected: String) -> ValidationError {
        ValidationError("\(name)=\(value): expected \(expected)")
    }

    func checkAllRead() throws {
        guard let unknown = left.first else { return }
        guard !read.isEmpty else { throw ValidationError("'\(unknown.name)' means nothing here: leave it out") }
        let nearest = NearestWord.to(unknown.name, among: read).map { "did you mean '\($0)'?" }
        throw ValidationError(
            "'\(unknown.name)' means nothing here; \(nearest ?? "there are: \(read.joined(separator: ", "))")")
    }

    /// `2/s`, `90/m`, `100/h`, `1000/d`, in jobs each second.
    mutating func rate(_ name: String) throws -> Double {
        let value = try need(name, such: "2/s")
        let sides = value.split(separator: "/", omittingEmptySubsequences: false)
        let spans = ["s": 1.0, "m": 60, "min": 60, "h": 3600, "d": 86_400]
        guard sides.count == 2, let number = Double(sides[0]), let span = spans[String(sides[1])],
            number / span >= 1e-9, number / span <= 1_000_000
        else { throw wrong(name, value, "a rate above 0 such as 2/s, 90/min, 100/h or 1000/d, at most 1000000/s") }
        return number / span
    }

    mutating func time(_ name: String, _ fallback: Duration?) throws -> Duration {
        guard let value = take(name) else {
            if let fallback { return fallback }
            throw ValidationError("has no \(name)=, such as \(name)=24h")
        }
        guard let time = Quantity.time(value), time <= TimeArgument.longest else {
            throw wrong(name, value, "a time such as 24h, at most ten years")
        }
        return time
    }

    mutating func span(_ name: String) throws -> SpanModel {
        let value = try need(name, such: "10m")
        guard let model = SpanArgument(argument: value)?.model, model.mean > 0 else {
            throw wrong(name, value, "a time above 0, such as 10m or exponential(10m)")
        }
        return model
    }

    /// `30%` or `0.3`.
    mutating func share(_ name: String, _ fallback: Double) throws -> Double {
        guard let value = take(name) else { return fallback }
        let number = value.hasSuffix("%") ? Double(value.dropLast()).map { $0 / 100 } : Double(value)
        guard let number, (0...1).contains(number) else { throw wrong(name, value, "a share such as 30%") }
        return number
    }

    /// `14:00`, in hours.
    mutating func clock(_ name: String, _ fallback: Double) throws -> Double {
        guard let value = take(name) else { return fallback }
        let sides = value.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count == 2, let hour = Int(sides[0]), let minute = Int(sides[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { throw wrong(name, value, "a time of day such as 14:00") }
        return Double(hour) + Double(minute) / 60
    }

    mutating func weights(_ name: String) throws -> [Double] {
        let value = try need(name, such: "1,1,1,…")
        let numbers = value.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? -1 }
        guard numbers.count == 24 || numbers.count == 168, numbers.allSatisfy({ $0 >= 0 && $0 <= 1e9 }),
            numbers.contains(where: { $0 > 0 })
        else {
            throw wrong(name, value, "24 numbers from 0, one for each hour of the day, or 168 for those of the week")
        }
        return numbers
    }

    mutating func count(_ name: String) throws -> Int {
        let value = try need(name, such: "500")
        guard let count = Int(value), (1...1_000_000_000).contains(count) else {
            throw wrong(name, value, "a whole number from 1")
        }
        return count
    }
}

/// A span as `SpanArgument` reads it, or `drawn(FILE)`.
struct SpanText {
    let model: SpanModel
    /// The file that it is drawn from; nil for others.
    let path: String?

    init(_ text: String) throws {
        path = Self.path(in: text)
        if let path {
            do throws(TraceFailure) {
                model = try SpanFile.read(path)
            } catch {
                throw ValidationError("\(error)")
            }
            return
        }
        guard let span = SpanArgument(argument: text) else {
            throw ValidationError(
                """
                '\(text)' is no such span: expected 20s, exponential(20s), lognormal(20s,10s), pareto(5s,1.5) or drawn(FILE), with \
                times of at most ten years
                """
            )
        }
        model = span.model
    }

    static func path(in text: some StringProtocol) -> String? {
        guard text.hasPrefix("drawn("), text.hasSuffix(")") else { return nil }
        return String(text.dropFirst("drawn(".count).dropLast())
    }
}
