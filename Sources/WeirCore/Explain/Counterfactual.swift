/// Looks for the smallest changes that would have changed a decision, by deciding again with one thing changed. It tells only what it
/// has seen decided; where it finds nothing, it says nothing.
struct Counterfactual {
    private let tick: DecidedTick

    init(_ tick: DecidedTick) {
        self.tick = tick
    }

    /// The nearest that leads to more instances and the nearest that leads to fewer; then bounds, then time.
    func alternatives() -> [Alternative] {
        // Whatever were seen, a group that leaves wants nothing.
        if tick.policy.leaving { return [] }
        let figures = Self.figures.flatMap { figure in
            [figure.step, -figure.step].compactMap { nearest(figure, by: $0) }
        }
        let more = figures.filter { $0.decision.desired > really }
        let fewer = figures.filter { $0.decision.desired < really }
        return [smallest(of: more), smallest(of: fewer), otherBound(), later()].compactMap { $0 }
    }

    private var really: Int { tick.evaluation.decision.desired }

    private func decide(_ observation: Observation, under policy: GroupPolicy? = nil) -> Decision {
        evaluate(policy ?? tick.policy, tick.before, observation, at: tick.at).decision
    }

    private func alternative(_ change: Alternative.Change, _ decision: Decision, at moment: Instant) -> Alternative {
        Alternative(
            change: change, at: moment, decision: decision, previous: tick.evaluation.decision.previousDesired,
            really: really)
    }

    // MARK: Figures

    private struct Figure {
        var metric: BuiltInMetric
        var reading: any WritableKeyPath<Measurement, Reading> & Sendable
        /// The finest change that is worth telling, in the metric's unit.
        var step: Double
    }

    private static let figures = [
        Figure(metric: .visible, reading: \.visible, step: 1),
        Figure(metric: .inFlight, reading: \.inFlight, step: 1),
        Figure(metric: .delayed, reading: \.delayed, step: 1),
        Figure(metric: .oldestAge, reading: \.oldestAge, step: 1),
        Figure(metric: .arrivalRate, reading: \.arrivalRate, step: 0.01),
        Figure(metric: .completionRate, reading: \.completionRate, step: 0.01),
    ]
    /// Steps up to which a change is looked for.
    private static let mostSteps = 1 << 24
    /// A decision need not follow a figure in one direction only: so many smaller changes are tried as well.
    private static let probes = 8

    private func smallest(of alternatives: [Alternative]) -> Alternative? {
        func size(_ alternative: Alternative) -> Double {
            guard case .figure(_, let from, let to) = alternative.change else { return .infinity }
            return abs(to - from) / max(from, 1)
        }
        return alternatives.min { size($0) < size($1) }
    }

    private func nearest(_ figure: Figure, by step: Double) -> Alternative? {
        guard let measurement = tick.observation.measurement, let from = measurement[keyPath: figure.reading].number,
            from.isFinite, from >= 0
        else { return nil }
        // A figure that is no whole number of steps has one more to zero.
        let toZero = (from / figure.step).rounded(.up)
        let most = step < 0 && toZero < Double(Self.mostSteps) ? Int(toZero) : Self.mostSteps
        func value(_ steps: Int) -> Double { max(0, from + Double(steps) * step) }
        func decision(_ steps: Int) -> Decision { decide(seeing(value(steps), figure)) }
        guard var enough = firstChange(upTo: most, decision) else { return nil }
        var tooFew = enough / 2
        while enough - tooFew > 1 {
            let middle = tooFew + (enough - tooFew) / 2
            if decision(middle).desired == really { tooFew = middle } else { enough = middle }
        }
        for probe in 1..<Self.probes {
            let smaller = enough * probe / Self.probes
            // There would be a nearer one, and it was not looked for where it is.
            if smaller > 0, decision(smaller).desired != really { return nil }
        }
        return alternative(
            .figure(figure.metric, from: from, to: value(enough)), decision(enough), at: tick.at)
    }

    /// Doubles the change until the decision is another one.
    private func firstChange(upTo most: Int, _ decision: (Int) -> Decision) -> Int? {
        guard most > 0 else { return nil }
        var steps = 1
        while true {
            if decision(steps).desired != really { return steps }
            guard steps < most else { return nil }
            steps = min(steps * 2, most)
        }
    }

    private func seeing(_ value: Double, _ figure: Figure) -> Observation {
        var observation = tick.observation
        guard var measurement = observation.measurement else { return observation }
        switch measurement[keyPath: figure.reading] {
        case .estimate: measurement[keyPath: figure.reading] = .estimate(value)
        case .value, .missing: measurement[keyPath: figure.reading] = .value(value)
        }
        // Where nothing waits, nothing is old.
        if figure.metric == .visible, value == 0, measurement.oldestAge.number != nil {
            measurement.oldestAge = .value(0)
        }
        observation.measurement = measurement
        return observation
    }

    // MARK: Bounds

    private func otherBound() -> Alternative? {
        // Where the fleet's room ends first, a larger maximum brings nothing.
        let isFleetFull = tick.evaluation.decision.reasons.contains { reason in
            switch reason.fact {
            case .limitedByFleet, .heldByFleet: true
            default: false
            }
        }
        for reason in tick.evaluation.decision.reasons {
            var policy = tick.policy
            let change: Alternative.Change
            switch reason.fact {
            case .limitedToMaximum where !isFleetFull:
                policy.maxSize += 1
                change = .maximum(from: tick.policy.maxSize, to: policy.maxSize)
            case .raisedToMinimum where policy.minSize > 0:
                policy.minSize -= 1
                change = .minimum(from: tick.policy.minSize, to: policy.minSize)
            default: continue
            }
            let decision = decide(tick.observation, under: policy)
            if decision.desired != really { return alternative(change, decision, at: tick.at) }
        }
        return nil
    }

    // MARK: Time

    /// Unit: ticks.
    private static let mostTicks = 1000

    /// As the group's loop would: a tick whenever one is due, and the source asked where that is due as well. Nil also while instances come or go: what becomes of them is not known.
    private func later() -> Alternative? {
        var evaluation = tick.evaluation
        guard let measurement = tick.observation.measurement, evaluation.plan.actions.isEmpty,
            !FleetCount(evaluation.state.fleet).isChanging
        else { return nil }
        for _ in 0..<Self.mostTicks {
            let moment = max(
                min(evaluation.nextTick, evaluation.nextMeasurement),
                evaluation.state.lastTick.map { $0 + .milliseconds(1) } ?? tick.at)
            let passed = moment - tick.at
            var observation = Observation(held: tick.observation.held)
            if moment >= evaluation.nextMeasurement {
                observation.measurement = measurement
                observation.measurement?.asOf = measurement.asOf.map { $0 + passed }
            }
            observation.ceiling = tick.observation.ceiling
            evaluation = evaluate(tick.policy, evaluation.state, observation, at: moment)
            if evaluation.decision.desired != really {
                return alternative(.time(passed), evaluation.decision, at: moment)
            }
            // Something else is done then, and what comes of it is not known.
            if !evaluation.plan.actions.isEmpty { return nil }
        }
        return nil
    }
}
