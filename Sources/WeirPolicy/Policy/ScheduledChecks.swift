import WeirCore

/// What scheduled actions have to keep to.
extension CrossChecks {
    mutating func checkScheduledActions() {
        var started: [(time: Instant, name: String)] = []
        for item in root.named("scheduled_actions") {
            guard let section = item.section else { continue }
            checkRecurrence(section)
            checkZone(section)
            checkTimes(section)
            checkSizes(section)
            guard let start = section.options.text("start_time").flatMap(Instant.init(rfc3339:)) else { continue }
            if let other = started.first(where: { $0.time == start }) {
                findings.error(
                    "'\(item.name)' starts when '\(other.name)' does", at: section.place(of: "start_time"),
                    hint: "expected another time: which of them comes last would be chance")
            }
            started.append((start, item.name))
        }
    }

    // MARK: When

    private mutating func checkRecurrence(_ section: SectionValues) {
        guard let text = section.options.text("recurrence") else {
            guard !section.isWritten("recurrence"), section.isSound else { return }
            if !section.isWritten("start_time") {
                findings.error(
                    "\(section.title ?? "a scheduled action") does not say when", at: section.span,
                    hint: "expected 'recurrence:', 'start_time:' or both")
            }
            for name in ["end_time", "time_zone"] where section.isWritten(name) {
                findings.error(
                    "'\(name)' has no meaning without 'recurrence'", at: section[name]?.keySpan ?? section.span,
                    hint: "expected it with 'recurrence' only")
            }
            return
        }
        do {
            let recurrence = try Recurrence.parse(text)
            let action = ScheduledAction(name: "", recurrence: recurrence)
            if action.next(after: Instant(milliseconds: 0)) == nil {
                findings.error(
                    "'recurrence' is a day that never comes", at: section.place(of: "recurrence"),
                    hint: "expected a day that the months have")
            }
        } catch {
            findings.error(
                "'recurrence': \(error.message)", at: section.place(of: "recurrence"),
                hint: "expected \(error.expected)")
        }
    }

    private mutating func checkZone(_ section: SectionValues) {
        guard let name = section.options.text("time_zone") else { return }
        do {
            _ = try ZoneDatabase.rules(of: name)
        } catch {
            findings.error(error.message, at: section.place(of: "time_zone"), hint: error.hint)
        }
    }

    private mutating func checkTimes(_ section: SectionValues) {
        guard let start = section.options.text("start_time"), let end = section.options.text("end_time"),
            let first = Instant(rfc3339: start), let last = Instant(rfc3339: end), last <= first
        else { return }
        findings.error(
            "'end_time' is not after 'start_time'", at: section.place(of: "end_time"),
            hint: "expected a time after \(start)")
    }

    // MARK: What

    private mutating func checkSizes(_ section: SectionValues) {
        let names = ["min_size", "max_size", "desired_capacity"]
        guard names.contains(where: section.isWritten) else {
            guard section.isSound else { return }
            findings.error(
                "\(section.title ?? "a scheduled action") sets nothing", at: section.span,
                hint: "expected \(Field.Kind.alternatives(names))")
            return
        }
        let options = section.options
        if let minimum = options.integer("min_size"), let maximum = options.integer("max_size"), minimum > maximum {
            findings.error(
                "'min_size' is \(minimum), above 'max_size', which is \(maximum)", at: section.place(of: "min_size"),
                hint: "expected 0 to \(maximum)")
            return
        }
        // A size that it does not name is the file's, or one that another action has set.
        let lowest = options.integer("min_size") ?? sizes("min_size").min() ?? 0
        let highest = options.integer("max_size") ?? sizes("max_size").max() ?? Limits.largestGroup
        for name in names {
            guard let size = options.integer(name),
                !(min(lowest, highest)...max(lowest, highest)).contains(size) || lowest > highest
            else { continue }
            findings.error(
                "'\(name)' is \(size), outside of every 'min_size' to 'max_size'", at: section.place(of: name),
                hint: lowest > highest
                    ? "expected 'min_size' and 'max_size' together" : "expected \(lowest) to \(highest)")
            return
        }
    }

    /// What the file and all of its actions say.
    private func sizes(_ name: String) -> [Int] {
        let scheduled = root.named("scheduled_actions").compactMap { $0.section?.options.integer(name) }
        return ([root.options.integer(name)].compactMap(\.self)) + scheduled
    }
}
