/// The value of every metric at one moment: what was measured, what follows from it, and the group itself.
struct MetricValues {
    let measurement: Measurement
    let fleet: FleetCount
    let desiredCapacity: Int
    /// Named expressions with their values, in the order of the policy; each may use those before it.
    private var named: [(name: String, value: Double?)] = []
    private let definitions: [NamedMetric]

    init(_ measurement: Measurement, fleet: FleetCount, desiredCapacity: Int, definitions: [NamedMetric]) {
        self.measurement = measurement
        self.fleet = fleet
        self.desiredCapacity = desiredCapacity
        self.definitions = definitions
        for definition in definitions {
            named.append((definition.name, definition.expression.evaluate { self[$0] }))
        }
    }

    /// The value, or nil when it is missing.
    subscript(metric: MetricID) -> Double? {
        switch metric {
        case .builtIn(let metric): self[metric]
        case .named(let name): named.first { $0.name == name }?.value
        }
    }

    private subscript(metric: BuiltInMetric) -> Double? {
        switch metric {
        case .visible: return measurement.visible.number
        case .inFlight: return measurement.inFlight.number
        case .delayed: return measurement.delayed.number
        case .outstanding:
            guard let visible = measurement.visible.number, let inFlight = measurement.inFlight.number else {
                return nil
            }
            return visible + inFlight
        case .oldestAge: return measurement.oldestAge.number
        case .arrivalRate: return measurement.arrivalRate.number
        case .completionRate: return measurement.completionRate.number
        case .inService: return Double(fleet.inService)
        case .pending: return Double(fleet.pending)
        case .terminating: return Double(fleet.leaving)
        case .desired: return Double(desiredCapacity)
        }
    }

    /// Whether the source was asked for a figure that this metric needs, and failed. (A figure that the source never has
    /// is missing too, but nothing failed.)
    func sourceFailed(for metric: MetricID) -> Bool {
        switch metric {
        case .builtIn(.visible): measurement.visible.sourceFailed
        case .builtIn(.inFlight): measurement.inFlight.sourceFailed
        case .builtIn(.delayed): measurement.delayed.sourceFailed
        case .builtIn(.outstanding): measurement.visible.sourceFailed || measurement.inFlight.sourceFailed
        case .builtIn(.oldestAge): measurement.oldestAge.sourceFailed
        case .builtIn(.arrivalRate): measurement.arrivalRate.sourceFailed
        case .builtIn(.completionRate): measurement.completionRate.sourceFailed
        case .builtIn(.inService), .builtIn(.pending), .builtIn(.terminating), .builtIn(.desired): false
        case .named(let name):
            // A name refers only to names before it, so this ends.
            definitions.first { $0.name == name }?.expression.metrics.contains {
                $0 != metric && sourceFailed(for: $0)
            } ?? false
        }
    }
}

extension Reading {
    /// The source could not be asked or gave no usable answer.
    var sourceFailed: Bool {
        switch self {
        case .missing(.sourceFailed): true
        case .missing(.notTold), .missing(.notComputable), .value, .estimate: false
        }
    }
}

extension Measurement {
    /// Why the whole measurement counts as failed: the backlog itself is not known.
    var failure: String? {
        switch visible {
        case .missing(.sourceFailed(let why)): why
        case .missing(.notTold), .missing(.notComputable), .value, .estimate: nil
        }
    }
}
