import WeirCore

/// Limits that groups share: a file declares one, and groups join it by its name.
enum FleetSection {
    private static let nameExpected = "1 to \(Limits.longestGroupName) of a–z, 0–9 and '-'"
    private static let namePattern = "^[a-z0-9-]{1,\(Limits.longestGroupName)}$"

    /// The key of a group that joins one.
    static let membership = Key(
        "fleet",
        .section(
            Section(
                "The limit that the group shares with other groups.",
                keys: [
                    Key(
                        "name",
                        .value(.checkedText(expected: nameExpected, PolicyDeclaration.isGroupName), default: nil),
                        required: true, "The fleet's name; a file with `fleet` and `max_size` declares it.",
                        elsewhere: ["fleet"], pattern: namePattern),
                    Key(
                        "priority", .value(.integer(Limits.fleetPriorities), default: "0"),
                        "Higher goes first: it takes the room that lower ones give back as their instances become idle. "
                            + "Equal ones share it.",
                        elsewhere: ["weight", "rank"]),
                    Key(
                        "units", .value(.integer(1...Limits.largestFleet), default: "1"),
                        "What one instance takes of the limit.", elsewhere: ["unit", "size", "cost", "slots"]),
                ], shorthand: "name")),
        "The limit that the group shares with other groups, for instance one machine.",
        elsewhere: ["fleets", "fleet_limit"])

    /// A file that declares one.
    static let file = Section(
        "A fleet: what several groups may have together, for instance on one machine.",
        keys: [
            Key(
                "fleet", .value(.checkedText(expected: nameExpected, PolicyDeclaration.isGroupName), default: nil),
                required: true, "The fleet's name, unique; groups join it with `fleet`.", elsewhere: ["name"],
                pattern: namePattern),
            Key(
                "max_size", .value(.integer(1...Limits.largestFleet), default: nil), required: true,
                "What the instances of all its groups may take together, in units.",
                elsewhere: ["max", "maximum", "limit", "units", "max_units", "size"]),
        ],
        advice: [
            .init(
                words: ["min_size", "desired_capacity", "alarms", "scaling_policies", "metrics", "priority"],
                text: "it belongs into the file of a group, which joins with 'fleet'")
        ])

    /// Whether what is written is a fleet, and not a group that lacks its name.
    static func declares(_ node: YAMLNode) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        func has(_ key: String) -> Bool { entries.contains { $0.key == key } }
        return has("fleet") && !has("group") && !has("queue") && !has("workers")
    }

    static func limit(_ root: SectionValues) -> FleetLimit? {
        guard let name = root.options.text("fleet"), let maxSize = root.options.integer("max_size") else { return nil }
        return FleetLimit(name: name, maxSize: maxSize)
    }

    static func membership(_ section: SectionValues) -> FleetMembership? {
        let options = section.options
        guard let name = options.text("name"), let priority = options.integer("priority"),
            let units = options.integer("units")
        else { return nil }
        return FleetMembership(name: name, priority: priority, units: units)
    }
}
