/// The value of every metric at one moment: what was measured, what follows from it, and the group itself.
struct MetricValues {
    private let visible: Double?
    private let inFlight: Double?
    private let delayed: Double?
    private let oldestAge: Double?
    private let arrivalRate: Double?
    private let completionRate: Double?
    private let fleet: FleetCount
    private let desiredCapacity: Int
    /// Named expressions with their values, in the order of the policy; each may use those before it.
    private var named: [(name: String, value: Double?)] = []

    init(_ measurement: Measurement, fleet: FleetCount, desiredCapacity: Int, definitions: [NamedMetric]) {
        visible = measurement.visible.number
        inFlight = measurement.inFlight.number
        delayed = measurement.delayed.number
        oldestAge = measurement.oldestAge.number
        arrivalRate = measurement.arrivalRate.number
        completionRate = measurement.completionRate.number
        self.fleet = fleet
        self.desiredCapacity = desiredCapacity
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
        case .visible: return visible
        case .inFlight: return inFlight
        case .delayed: return delayed
        case .outstanding:
            guard let visible, let inFlight else { return nil }
            return visible + inFlight
        case .oldestAge: return oldestAge
        case .arrivalRate: return arrivalRate
        case .completionRate: return completionRate
        case .inService: return Double(fleet.inService)
        case .pending: return Double(fleet.pending)
        case .terminating: return Double(fleet.leaving)
        case .desired: return Double(desiredCapacity)
        }
    }
}

extension Measurement {
    /// Whether the source was asked for a figure that this metric needs, and failed. (A figure that the source never has
    /// is missing too, but nothing failed.)
    func failed(for metric: MetricID, definitions: [NamedMetric]) -> Bool {
        switch metric {
        case .builtIn(let metric):
            failed(for: metric)
        case .named(let name):
            // A name refers only to names before it, so this ends.
            definitions.firstIndex { $0.name == name }.map { index in
                definitions[index].expression.metrics.contains {
                    failed(for: $0, definitions: Array(definitions[..<index]))
                }
            } ?? false
        }
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
    var failure: String? {
        switch visible {
        case .missing(.sourceFailed(let why)): why
        case .missing(.notTold), .missing(.notComputable), .value, .estimate: nil
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
