import WeirPolicy

/// Triggers that go by the clock: between its start and its end each wants a number of instances.
extension KEDAImport {
    /// - Parameter areAlone: no other trigger is carried over, so that nothing else scales in.
    mutating func readCrons(_ crons: [Item], areAlone: Bool) {
        var carried: [Item] = []
        for item in crons where readCron(item, isAlone: areAlone) { carried.append(item) }
        for item in carried {
            item["type"]?.changed(
                "between its start and its end the minimum is higher; "
                    + (carried.count == 1
                        ? "other triggers count as before"
                        : "where several overlap, KEDA takes the largest, and weir what the last start or end has set"))
        }
    }

    /// - Returns: whether it is carried over.
    private mutating func readCron(_ item: Item, isAlone: Bool) -> Bool {
        guard let metadata = item["metadata"], let start = metadata["start"]?.text(as: "recurrence"),
            let end = metadata["end"]?.text(as: "recurrence"),
            let count = metadata["desiredReplicas"]?.integer(as: "scheduled_actions.min_size")
        else {
            item.lostWhole("it does not say when it starts and ends, and how many it wants")
            return false
        }
        let zone = metadata["timezone"]?.text(as: "time_zone")
        let number = draft.scheduledActions.count / 2
        let suffix = number == 0 ? "" : "-\(number + 1)"
        for (name, recurrence, size, key) in [
            ("start\(suffix)", start, count, "start"), ("end\(suffix)", end, minimum, "end"),
        ] {
            var entries: [PolicyDraft.Entry] = [.init("recurrence", text: recurrence, from: metadata[key])]
            if let zone { entries.append(.init("time_zone", text: zone, from: metadata["timezone"])) }
            entries.append(.init("min_size", size, from: key == "start" ? metadata["desiredReplicas"] : nil))
            if isAlone, key == "end" {
                entries.append(.init("desired_capacity", size, remark: "nothing else scales in"))
            }
            draft.scheduledActions.append(.init(name, section: entries))
        }
        return true
    }
}
