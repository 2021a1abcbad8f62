import WeirCore

/// Rules that span files: fleets and the groups that join them.
struct FleetChecks {
    private(set) var readings: [FileReading]
    /// Where fleets are looked for, in words.
    private let fleetsAre: String

    init(_ readings: [FileReading], fleetsAre: String) {
        self.readings = readings
        self.fleetsAre = fleetsAre
    }

    mutating func run() {
        for index in readings.indices { checkMembership(index) }
        for index in readings.indices where readings[index].fleetName != nil {
            checkMinimums(index)
            warnOfNobody(index)
        }
    }

    /// A fleet counts as declared also when its file has other mistakes.
    private func declaration(of name: String) -> FileReading? { readings.first { $0.fleetName == name } }

    private func members(of name: String) -> [FileReading] {
        readings.filter { $0.joinedFleet?.options.text("name") == name }
    }

    private mutating func checkMembership(_ index: Int) {
        guard let section = readings[index].joinedFleet, let name = section.options.text("name") else { return }
        guard let fleet = declaration(of: name) else {
            let nearest = NearestWord.to(name, among: readings.compactMap(\.fleetName))
            readings[index].findings.error(
                "no file declares fleet '\(name)'", at: section.place(of: "name"),
                hint: nearest.map { "did you mean '\($0)'?" }
                    ?? "expected a file with 'fleet: \(name)' and 'max_size' \(fleetsAre)")
            return
        }
        guard let units = section.options.integer("units"), let limit = fleet.fleetLimit, units > limit else { return }
        readings[index].findings.error(
            "one instance takes \(units) units, and fleet '\(name)' has \(limit)", at: section.place(of: "units"),
            hint: "expected 1 to \(limit)")
    }

    /// What every group is promised has to fit together.
    private mutating func checkMinimums(_ index: Int) {
        guard let name = readings[index].fleetName, let limit = readings[index].fleetLimit,
            let root = readings[index].document?.root
        else { return }
        var parts: [String] = []
        var sum = 0
        for member in members(of: name) {
            guard let options = member.document?.root.options, let group = options.text("group"),
                let minimum = options.integer("min_size"), minimum > 0,
                let units = member.joinedFleet?.options.integer("units")
            else { continue }
            sum += minimum * units
            parts.append(units == 1 ? "\(group) \(minimum)" : "\(group) \(minimum) × \(units)")
        }
        guard sum > limit else { return }
        let shown = parts.prefix(Limits.groupsTold).joined(separator: ", ")
        let more = parts.count > Limits.groupsTold ? " and \(parts.count - Limits.groupsTold) more" : ""
        readings[index].findings.error(
            "'max_size' is \(limit), but the minimums of its groups take \(sum) units: \(shown)\(more)",
            at: root.place(of: "max_size"), hint: "expected at least \(sum), or smaller minimums")
    }

    private mutating func warnOfNobody(_ index: Int) {
        guard let name = readings[index].fleetName, let root = readings[index].document?.root,
            readings[index].findings.errors == 0, members(of: name).isEmpty
        else { return }
        readings[index].findings.warning(
            "no group joins fleet '\(name)'", at: root.place(of: "fleet"),
            hint: "expected 'fleet: \(name)' in the file of a group")
    }
}
