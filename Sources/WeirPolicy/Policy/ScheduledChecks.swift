import WeirCore

/// What scheduled actions have to keep to.
extension CrossChecks {
    mutating func checkScheduledActions() {
        for item in root.named("scheduled_actions") {
            guard let section = item.section else { continue }
            checkRecurrence(section)
            checkZone(section)
            checkTimes(section)
            checkSizes(section)
        }
        checkSharedTimes()
    }

    /// Two actions of a group cannot share a start time; of two that recur alike that is the time at which they run next.
    /// Source: "Scheduled scaling", considerations.
    private mutating func checkSharedTimes() {
        var known: [ScheduledAction] = []
        for item in root.named("scheduled_actions") {
            guard let section = item.section, let action = ScheduledSection.action(item) else { continue }
            if let other = known.first(where: { $0.startTime == action.startTime && action.startTime != nil }) {
                findings.error(
                    "'\(item.name)' starts when '\(other.name)' does", at: section.place(of: "start_time"),
                    hint: Self.anotherTime)
            } else if let other = known.first(where: action.recursWith) {
                findings.error(
                    "'\(item.name)' recurs at the times of '\(other.name)'", at: section.place(of: "recurrence"),
                    hint: Self.anotherTime)
            }
            known.append(action)
        }
    }

    private static let anotherTime = "expected another time: which of them comes last would be chance"

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
            guard let size = options.integer(name) else { continue }
            if size > highest, name != "max_size" {
                let beside = name == "min_size" ? ", or a 'max_size' of at least \(size) beside it" : ""
                findings.error(
                    "'\(name)' is \(size), above 'max_size', which is \(highest)", at: section.place(of: name),
                    hint: "expected \(name == "min_size" ? 0 : lowest) to \(highest)\(beside)")
                return
            }
            if size < lowest, name != "min_size" {
                let beside = name == "max_size" ? ", or a 'min_size' of at most \(size) beside it" : ""
                let most = name == "max_size" ? Limits.largestGroup : highest
                findings.error(
                    "'\(name)' is \(size), below 'min_size', which is \(lowest)", at: section.place(of: name),
                    hint: "expected \(lowest) to \(most)\(beside)")
                return
            }
        }
    }

    /// What the file and all of its actions say.
    private func sizes(_ name: String) -> [Int] {
        let scheduled = root.named("scheduled_actions").compactMap { $0.section?.options.integer(name) }
        return ([root.options.integer(name)].compactMap(\.self)) + scheduled
    }

    // MARK: Warnings

    mutating func warnOfSchedules() {
        for item in root.named("scheduled_actions") {
            guard let section = item.section, let action = ScheduledSection.action(item) else { continue }
            warnOfStartOnly(action, section)
            guard let now, action.next(after: now) == nil else { continue }
            let key = action.endTime == nil ? "start_time" : "end_time"
            findings.warning(
                "'\(item.name)' does not run any more: '\(key)' is past", at: section.place(of: key),
                hint: "expected a time after \(now.rfc3339)")
        }
    }

    /// It runs at its start time whatever its recurrence says, as on AWS.
    private mutating func warnOfStartOnly(_ action: ScheduledAction, _ section: SectionValues) {
        guard let start = action.startTime, let end = action.endTime, action.recurrence != nil,
            action.next(after: start) == nil
        else { return }
        findings.warning(
            "'recurrence' has no time between 'start_time' and 'end_time': '\(action.name)' runs once, at \(start.rfc3339)",
            at: section.place(of: "end_time"), hint: "expected a time after \(end.rfc3339), or no 'recurrence'")
    }
}
