import WeirCore
import WeirPolicy
import WeirSimulator

/// The world around the decisions, in words: what follows from its figures, and is not as it would be anyway.
enum WorldText {
    static func sentences(_ model: SimulationModel) -> [String] {
        lives(model) + failures(model) + queue(model) + outages(model)
    }

    private static func lives(_ model: SimulationModel) -> [String] {
        let usual = SimulationModel()
        var sentences = ["an instance starts in \(span(model.startup)) and stops in \(span(model.stop))"]
        if let warm = model.warmStartup { sentences.append("one from a stopped warm pool starts in \(span(warm))") }
        if let hook = model.hookCompletion, hook != usual.hookCompletion {
            sentences.append("hooks are completed in \(Quantity.text(hook))")
        }
        if let hangs = model.unhealthyAfter { sentences.append("an instance hangs after \(span(hangs))") }
        if !model.workersProtectThemselves { sentences.append("workers do not protect themselves") }
        return sentences
    }

    private static func failures(_ model: SimulationModel) -> [String] {
        let shares = [
            (model.failureRate, "of the attempts fail"), (model.poisonRate, "of the messages fail with every attempt"),
            (model.crashRate, "of the attempts end the instance"), (model.launchFailureRate, "of the launches fail"),
        ]
        return shares.filter { $0.0 > 0 }.map { "\(percent($0.0)) \($0.1)" }
    }

    /// With two places, or as many as it takes to see it.
    private static func percent(_ share: Double) -> String {
        let hundredths = share * 10_000
        let isWhole = hundredths > 0.5 && abs(hundredths - hundredths.rounded()) < 1e-6
        return "\(isWhole ? SimulationText.decimal(share * 100, 2) : numberText(share * 100)) %"
    }

    private static func queue(_ model: SimulationModel) -> [String] {
        var sentences: [String] = []
        if model.visibilityTimeout != SimulationModel().visibilityTimeout {
            sentences.append("a message is hidden for \(Quantity.text(model.visibilityTimeout)) when it is received")
        }
        if let most = model.maxReceiveCount {
            sentences.append("a message that was received \(counted(most, "time")) goes to the dead letters")
        }
        if let retention = model.retention {
            sentences.append("a message is deleted after \(Quantity.text(retention))")
        }
        return sentences
    }

    private static func outages(_ model: SimulationModel) -> [String] {
        model.sourceOutages.map { outage in
            let answer =
                switch outage.says {
                case .failure: "fails"
                case .zero, .stale: "says \(outage.says.rawValue)"
                }
            return "the source \(answer) \(times(outage.times))"
        } + model.launcherOutages.map { "the launcher fails \(times($0.times))" }
    }

    private static func times(_ times: Outage.Times) -> String {
        switch times {
        case .once(let fromNs, let untilNs):
            "\(SimulationText.span(Double(fromNs) / 1e9)) after the beginning, until \(SimulationText.span(Double(untilNs) / 1e9))"
        case .again(let every, let lasting): "every \(span(every)) for \(span(lasting))"
        }
    }

    /// How it is drawn, where it is.
    private static func span(_ model: SpanModel) -> String {
        let mean = SimulationText.span(model.mean)
        return switch model {
        case .constant: mean
        case .exponential: "\(mean) (exponential)"
        case .lognormal(_, let deviation): "\(mean) (lognormal, deviation \(SimulationText.span(deviation)))"
        case .pareto(let smallest, let shape): "\(mean) (Pareto from \(SimulationText.span(smallest)), shape \(shape))"
        case .drawn: "\(mean) (drawn)"
        }
    }
}
