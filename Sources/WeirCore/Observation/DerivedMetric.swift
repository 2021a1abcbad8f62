/// The value of every metric at one moment: what was measured, what follows from it, and the group itself.
struct MetricValues: OperandSource {
    private let measurement: Measurement
    private let fleet: FleetCount
    private let desiredCapacity: Int
    /// Named expressions with their values, in the order of the policy; each may use those before it.
    private var named: [(name: String, value: Operand)] = []
    /// What is to be remembered for `FILL(…, REPEAT)`.
    private(set) var lastKnown: LastKnownValues

    init(
        _ measurement: Measurement, fleet: FleetCount, desiredCapacity: Int, definitions: [NamedMetric],
        lastKnown: LastKnownValues = LastKnownValues()
    ) {
        self.measurement = measurement
        self.fleet = fleet
        self.desiredCapacity = desiredCapacity
        self.lastKnown = lastKnown
        for definition in definitions {
            // What it repeats is what was known before this moment, not what is learned now.
            var learned = self.lastKnown
            named.append((definition.name, definition.expression.evaluate(self, remembering: &learned)))
            self.lastKnown = learned
        }
        if !self.lastKnown.isEmpty { self.lastKnown.keep(definitions.flatMap(\.expression.repeatedOperands)) }
    }

    subscript(metric: MetricID) -> Operand {
        switch metric {
        case .builtIn(let metric): measurement.operand(metric, fleet: fleet, desiredCapacity: desiredCapacity)
        case .named(let name): named.first { $0.name == name }?.value ?? .missing
        }
    }

    // One moment is a series of one.

    var count: Int { 1 }

    func operand(_ metric: MetricID, at index: Int) -> Operand { self[metric] }

    func lastKnown(_ text: String) -> Double? { lastKnown[text] }
}

extension Measurement {
    @inline(__always)
    func operand(
        _ metric: BuiltInMetric, fleet: @autoclosure () -> FleetCount, desiredCapacity: Int
    ) -> Operand {
        switch metric {
        case .visible: Operand(visible)
        case .inFlight: Operand(inFlight)
        case .delayed: Operand(delayed)
        case .outstanding: .both(Operand(visible), Operand(inFlight)) { $0 + $1 }
        case .oldestAge: Operand(oldestAge)
        case .arrivalRate: Operand(arrivalRate)
        case .completionRate: Operand(completionRate)
        case .inService: .number(Double(fleet().inService))
        case .pending: .number(Double(fleet().pending))
        case .terminating: .number(Double(fleet().leaving))
        case .desired: .number(Double(desiredCapacity))
        }
    }

    /// Whether the source was asked for a figure that this metric needs, and failed. (A figure that the source never has
    /// is missing too, but nothing failed.)
    func failed(for metric: MetricID, definitions: [NamedMetric]) -> Bool {
        hasFailures && hasFailed(for: metric, definitions: definitions)
    }

    private func hasFailed(for metric: MetricID, definitions: [NamedMetric]) -> Bool {
        switch metric {
        case .builtIn(let metric):
            return failed(for: metric)
        case .named(let name):
            // A name refers only to names before it, so this ends.
            return definitions.firstIndex { $0.name == name }.map { index in
                definitions[index].expression.metrics.contains {
                    failed(for: $0, definitions: Array(definitions[..<index]))
                }
            } ?? false
        }
    }

    /// Whether the source failed to tell any figure at all.
    @inline(__always)
    var hasFailures: Bool {
        visible.sourceFailed || inFlight.sourceFailed || delayed.sourceFailed || oldestAge.sourceFailed
            || arrivalRate.sourceFailed || completionRate.sourceFailed
    }

    private func failed(for metric: BuiltInMetric) -> Bool {
        switch metric {
        case .visible: visible.sourceFailed
        case .inFlight: inFlight.sourceFailed
        case .delayed: delayed.sourceFailed
        case .outstanding: visible.sourceFailed || inFlight.sourceFailed
        case .oldestAge: oldestAge.sourceFailed
        case .arrivalRate: arrivalRate.sourceFailed
        case .completionRate: completionRate.sourceFailed
        case .inService, .pending, .terminating, .desired: false
        }
    }

    /// Why the whole measurement counts as failed: the backlog itself is not known.
    @inline(__always)
    var failure: String? {
        switch visible {
        case .missing(.sourceFailed(let why)): why
        case .missing(.notBelieved(let what)): "not believed: \(what)"
        case .missing(.notTold), .missing(.notComputable), .value, .estimate: nil
        }
    }
}

extension Reading {
    /// The source could not be asked or gave no usable answer, or one that is not believed.
    @inline(__always)
    var sourceFailed: Bool {
        switch self {
        case .missing(.sourceFailed), .missing(.notBelieved): true
        case .missing(.notTold), .missing(.notComputable), .value, .estimate: false
        }
    }
}
