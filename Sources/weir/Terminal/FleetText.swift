import WeirAPI

/// The limit that a group shares with others.
enum FleetText {
    /// `machine  4 of 12 units  at most 4 instances, 0 more now  priority 0  urgent 8`
    static func line(_ fleet: FleetView) -> String {
        var most = "at most \(fleet.instances) \(fleet.instances == 1 ? "instance" : "instances")"
        if fleet.limited { most = Terminal.paint(most, .yellow) }
        var parts = [
            fleet.name, "\(fleet.taken) of \(fleet.limit) \(fleet.limit == 1 ? "unit" : "units")",
            "\(most), \(fleet.launches) more now", "priority \(fleet.priority)",
        ]
        parts += fleet.others.map(other)
        return parts.joined(separator: "  ")
    }

    /// `urgent 8`; `urgent 2 of its 8` while it has not all of its share, or has more.
    private static func other(_ other: FleetView.Other) -> String {
        "\(other.group) \(other.taken)" + (other.taken == other.share ? "" : " of its \(other.share)")
    }
}
