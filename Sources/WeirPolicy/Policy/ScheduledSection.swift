import WeirCore

/// One scheduled action: its keys, and from them the value that decides.
enum ScheduledSection {
    static let declaration = Section(
        "A scheduled action: sets sizes at a certain time, or again and again. Others keep their values.",
        keys: [
            Key(
                "recurrence", .value(.text(), default: nil),
                "When: minute, hour, day of month, month and day of week, as in a crontab. 0 and 7 are Sunday.",
                source: "PutScheduledUpdateGroupAction, Recurrence", elsewhere: ["cron", "schedule"],
                fallback: .init(text: "once, at start_time")),
            Key(
                "time_zone", .value(.text(), default: TimeZoneRules.utc.name),
                "Whose clocks the recurrence speaks of, such as Europe/Berlin.",
                source: "PutScheduledUpdateGroupAction, TimeZone", elsewhere: ["timezone", "zone", "tz"]),
            time("start_time", "When it runs, or first runs; in UTC.", "StartTime", elsewhere: ["start", "time"]),
            time("end_time", "After this it does not run any more; in UTC.", "EndTime", elsewhere: ["end"]),
            size("min_size", "The fewest instances from then on.", "MinSize", elsewhere: ["min", "min_capacity"]),
            size("max_size", "The most instances from then on.", "MaxSize", elsewhere: ["max", "max_capacity"]),
            size(
                "desired_capacity", "The desired capacity at that time.", "DesiredCapacity",
                elsewhere: ["desired", "capacity"]),
        ])

    private static func time(_ name: String, _ summary: String, _ aws: String, elsewhere: [String]) -> Key {
        Key(
            name,
            .value(
                .checkedText(expected: "a time in UTC such as 2026-03-01T08:00:00Z") { Instant(rfc3339: $0) != nil },
                default: nil),
            summary, source: "PutScheduledUpdateGroupAction, \(aws)", elsewhere: elsewhere,
            pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$")
    }

    private static func size(_ name: String, _ summary: String, _ aws: String, elsewhere: [String]) -> Key {
        Key(
            name, .value(.integer(0...Limits.largestGroup), default: nil), summary,
            source: "PutScheduledUpdateGroupAction, \(aws)", elsewhere: elsewhere,
            fallback: .init(text: "stays as it is"))
    }

    // MARK: Values

    /// Nil while something that it needs is mistaken.
    static func action(_ item: NamedValue) -> ScheduledAction? {
        guard let section = item.section, section.isSound else { return nil }
        let options = section.options
        var recurrence: Recurrence?
        if let text = options.text("recurrence") {
            guard let read = try? Recurrence.parse(text) else { return nil }
            recurrence = read
        }
        guard let name = options.text("time_zone"), let zone = try? ZoneDatabase.rules(of: name) else { return nil }
        return ScheduledAction(
            name: item.name, startTime: options.text("start_time").flatMap(Instant.init(rfc3339:)),
            endTime: options.text("end_time").flatMap(Instant.init(rfc3339:)), recurrence: recurrence, timeZone: zone,
            minSize: options.integer("min_size"), maxSize: options.integer("max_size"),
            desiredCapacity: options.integer("desired_capacity"))
    }
}
