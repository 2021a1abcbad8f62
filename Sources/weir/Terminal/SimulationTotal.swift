import WeirCore
import WeirSimulator

/// What came of several groups together.
struct SimulationTotal {
    private(set) var json = SimulationTotalJSON()
    private var span = 0.0
    private(set) var wasInterrupted = false

    mutating func add(_ outcome: RehearsalOutcome) {
        for told in outcome.groups {
            let report = told.report
            json.groups.append(report.group)
            json.jobs += report.jobs
            json.completed += report.completed
            json.deadLetters += report.deadLetters
            json.expired += report.expired
            json.undone += report.undone
            json.workerHours += report.workerHours
            json.launches += report.launches
            json.terminations += report.terminations
            if let cost = report.cost { json.cost = (json.cost ?? 0) + cost }
            if report.wasInterrupted { wasInterrupted = true }
        }
        for (limit, peak) in zip(outcome.limits, outcome.peaks) {
            json.fleets.append(.init(name: limit.name, limitUnits: limit.maxSize, peakUnits: peak))
        }
        let parts = outcome.took.components
        json.wallS += Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    var text: String {
        var rows = [
            ["in all", "\(json.groups.count) groups: \(json.groups.joined(separator: ", "))"],
            ["jobs", "\(json.jobs), \(json.completed) completed" + (json.undone > 0 ? ", \(json.undone) undone" : "")],
            [
                "instances",
                "\(SimulationText.decimal(json.workerHours, 2)) hours; \(json.launches) launched, "
                    + "\(json.terminations) ended",
            ],
        ]
        if let cost = json.cost { rows.append(["cost", SimulationText.decimal(cost, 2)]) }
        for fleet in json.fleets {
            rows.append(["fleet", "\(fleet.name): at most \(fleet.peakUnits) of \(fleet.limitUnits) units at once"])
        }
        return Table.text(rows)
    }
}

/// The same for programs: the last of the objects.
struct SimulationTotalJSON: Encodable {
    struct Fleet: Encodable {
        var name: String
        var limitUnits: Int
        var peakUnits: Int
    }

    var groups: [String] = []
    var jobs = 0
    var completed = 0
    var deadLetters = 0
    var expired = 0
    var undone = 0
    var workerHours = 0.0
    var launches = 0
    var terminations = 0
    /// Left out where no price was named.
    var cost: Double?
    var fleets: [Fleet] = []
    var wallS = 0.0
}
