import WeirCore

/// What may be written in a story file: reading and the schema walk over these declarations.
enum StorySection {
    static let file = Section(
        "The stories of one policy: what its group is promised to do, and in which circumstances.",
        keys: [
            Key(
                "policy", .value(.text(), default: nil), "The policy that they are about, beside this file.",
                elsewhere: ["policy_file", "rule_files"], fallback: .init(text: "NAME.yaml, for NAME.stories.yaml")),
            Key(
                "stories", .sequence(story, 1...Limits.mostStories), required: true, "Each has a group of its own.",
                elsewhere: ["tests", "cases", "scenarios"]),
        ])

    static let story = Section(
        "A made-up course of events, and what is expected of the group in it. Times are since its beginning.",
        keys: [
            Key(
                "story", .value(.text(), default: nil), required: true, "What is promised, in a sentence.",
                elsewhere: ["name", "title", "description"]),
            Key(
                "begins_at",
                .value(
                    .checkedText(expected: "a time in UTC such as 2026-03-02T08:00:00Z") {
                        Instant(rfc3339: $0) != nil
                    }, default: usualBeginning),
                "What the clock shows at the beginning, in UTC; schedules go by it. The default is a Monday.",
                elsewhere: ["start", "starts_at", "start_time"],
                pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$"),
            Key(
                "desired_capacity", .value(.integer(0...Limits.largestGroup), default: nil),
                "So many instances are in service at the beginning.",
                elsewhere: ["capacity", "desired", "instances", "start_capacity"],
                fallback: .init(text: "as the policy says")),
            Key(
                "fleet_room", .value(.integer(0...Limits.largestFleet), default: nil),
                "What the other groups of its fleet leave to the group. Unit: units.",
                elsewhere: ["fleet", "fleet_limit", "room"], fallback: .init(text: "as much as it likes")),
            time("startup_time", "10s", "From the launch of an instance until it is in service."),
            time("stop_time", "1s", "From the order to stop until an instance has ended."),
            time("hook_time", "1s", "How long lifecycle hooks take that no command completes."),
            Key(
                "lasts", .value(.duration(.seconds(1)...Limits.longestStory), default: nil), "How long it goes on.",
                elsewhere: ["for", "duration", "length"],
                fallback: .init(text: "until all has happened that it names")),
            Key(
                "given", .section(given), "What the source says, mark by mark.",
                elsewhere: ["input_series", "series", "metrics", "source"]),
            Key(
                "load", .section(load), "In place of 'given': jobs, for a simulated queue.",
                elsewhere: ["jobs", "arrivals"]),
            Key(
                "events", .sequence(event, 0...Limits.mostEvents), "What happens besides.",
                elsewhere: ["happens", "when", "actions"]),
            Key(
                "expect", .sequence(expectation, 1...Limits.mostExpectations), required: true,
                "What is to hold, and when.",
                elsewhere: ["expectations", "alert_rule_test", "then", "expects", "assert"]),
        ])

    static let usualBeginning = "2026-01-05T00:00:00Z"

    private static func time(_ name: String, _ usual: String, _ summary: String) -> Key {
        Key(name, .value(.duration(.zero ... .seconds(86_400)), default: usual), summary)
    }

    // MARK: What the group sees

    private static let given = Section(
        """
        Series of marks: 120 is a value, 120x5 five of them, 0+20x6 six from 0 on, each 20 more than the one before, 100-10x3 \
        three of which each is 10 less, _ is not told, ! is a source that does not answer. The last mark stays. What is not \
        given is 0; rates that are not given are not told.
        """,
        keys: [
            Key(
                "every", .value(.duration(.seconds(1) ... .seconds(86_400)), default: "60s"),
                "How long a mark holds.", elsewhere: ["interval", "step"])
        ]
            + StoryFigures.metrics.map { metric in
                Key(metric.rawValue, .value(.text(), default: nil), "What the source says of '\(metric.rawValue)'.")
            },
        advice: [
            .init(words: ["outstanding"], text: "'outstanding' is visible + in_flight: give these"),
            .init(
                words: ["in_service", "pending", "terminating", "desired"],
                text: "the group knows this by itself; 'desired_capacity' says how many there are at the beginning"),
        ])

    private static let load = Section(
        "Jobs that are sent to a simulated queue, and done by the instances that the group has.",
        keys: [
            Key(
                "generate", .value(.list(of: .text()), default: nil),
                "Loads that are made up, each in the words of weir simulate --generate; several add up."),
            Key("trace", .value(.text(), default: nil), "A recorded load, beside this file."),
            Key(
                "service_time", .value(.text(), default: nil),
                "How long jobs take where the load does not say: 20s, or drawn, as exponential(20s)."),
            Key(
                "metric", .value(.text(), default: nil),
                "Which metric of a CloudWatch document the arrivals are, by its id or its label."),
            Key(
                "period", .value(.duration(.seconds(1)...Limits.longestStory), default: nil),
                "How long a datapoint of a CloudWatch document covers, or one interval of counts.",
                fallback: .init(text: "as the timestamps have it")),
            Key(
                "seed", .value(.integer(0...Int.max), default: "1"), "Everything that chance decides follows from it."),
        ], choice: .init(noun: "load", words: ["generate", "trace"]))

    // MARK: What happens besides

    private static let event = Section(
        "Something that happens at its time.",
        keys: [
            Key("at", .value(.duration(.zero...Limits.longestStory), default: nil), required: true, "When.")
        ] + events,
        choice: .init(noun: "event", words: events.map(\.name)))

    private static let events: [Key] = [
        instance("instance_ends", "It ends by itself, with exit code 1."),
        span("launches_fail", "For so long every launch fails."),
        span("listing_fails", "For so long the launcher does not say what is there."),
        flag("restart", "weir is killed, and started again from what it had stored."),
        Key(
            "set_desired", .value(.integer(0...Limits.largestGroup), default: nil),
            "An operator sets the desired capacity.",
            elsewhere: ["set_desired_capacity"]),
        process("suspend", "An operator suspends this process."),
        process("resume", "An operator resumes it."),
        instance("protect", "It asks for scale-in protection."),
        instance("unprotect", "It asks for it no more."),
        instance("terminate", "An operator ends it; another one takes its place."),
        instance("standby", "It is to stand by, and another one takes its place."),
        flag("exit_standby", "Those that stand by come back."),
        instance("unhealthy", "It is told to be unhealthy."),
        flag("refresh", "An instance refresh begins."),
        flag("reset", "An operator ends every pause that failures have caused."),
    ]

    private static func instance(_ name: String, _ summary: String) -> Key {
        Key(
            name,
            .value(
                .checkedText(expected: "oldest, newest, all, or a number counted from the oldest, which is 1") {
                    StoryInstance($0) != nil
                }, default: nil), summary)
    }

    private static func span(_ name: String, _ summary: String) -> Key {
        Key(name, .value(.duration(.seconds(1)...Limits.longestStory), default: nil), summary)
    }

    private static func flag(_ name: String, _ summary: String) -> Key {
        Key(name, .value(.boolean, default: nil), summary)
    }

    private static func process(_ name: String, _ summary: String) -> Key {
        Key(name, .value(.oneOf(ScalingProcess.allCases.map(\.rawValue)), default: nil), summary)
    }

    // MARK: What is expected

    private static let expectation = Section(
        "What is to hold: at a moment, at some moment soon after it, or all the time between two.",
        keys: [
            moment("at", "At this moment, when all is done that follows from it at once.", elsewhere: ["eval_time"]),
            Key(
                "within", .value(.duration(.seconds(1)...Limits.longestStory), default: nil),
                "With 'at': at some moment that is no later than so long after it."),
            moment("from", "All the time from this moment …", elsewhere: ["after", "since"]),
            moment("until", "… to this one, or to the end.", elsewhere: ["to", "before"]),
        ] + conditions + [
            Key("never", .section(never), "What is at no moment, at all or from 'from' to 'until'.", elsewhere: ["not"])
        ])

    private static let never = Section(
        "What is never the case: all of it together.",
        keys: conditions.filter { !counts.contains($0.name) },
        advice: counts.map { name in
            .init(words: [name], text: "it is counted over a time: expected '{ from: 5m, until: 8m, \(name): 0 }'")
        })

    /// What is counted over a time, and so is nothing that a moment has.
    private static let counts = ["launches", "terminations"]

    private static func moment(_ name: String, _ summary: String, elsewhere: [String]) -> Key {
        Key(name, .value(.duration(.zero...Limits.longestStory), default: nil), summary, elsewhere: elsewhere)
    }

    private static let conditions: [Key] =
        [
            figure(.desired, "The desired capacity.", elsewhere: ["desired_capacity", "capacity"]),
            figure(.inService, "Instances in service."),
            figure(.pending, "Instances whose launch is under way."),
            figure(.terminating, "Instances that drain or stop."),
            figure(.launches, "Instances that were launched: by this look at the group, or in that time."),
            figure(.terminations, "Instances that were told to stop, likewise.", elsewhere: ["terminates"]),
            figure(.visible, "Messages, as the source last said."),
            figure(.inFlight, "The same."),
            figure(.oldestAge, "Seconds, as the source last said."),
            Key(
                "alarms", .named(alarmNames, .value(.oneOf(AlarmState.allCases.map(\.rawValue)), default: nil)),
                "States of alarms: OK, ALARM or INSUFFICIENT_DATA.", elsewhere: ["alarm", "exp_alerts", "alarm_states"]),
            Key(
                "because", .value(.text(), default: nil),
                """
                What is among the reasons that are given at that moment, or were when the desired capacity last changed: the \
                name of a scaling policy, alarm or scheduled action, a reason's code or words of it (cooldown, missing_data, \
                maximum), or a part of its sentence.
                """, elsewhere: ["reason", "why"]),
        ]

    private static let alarmNames = Key.Names(
        noun: "alarm", expected: "the name of an alarm", pattern: "^.+$", accepts: { !$0.isEmpty },
        most: Limits.mostAlarms)

    private static func figure(_ figure: StoryFigure, _ summary: String, elsewhere: [String] = []) -> Key {
        let number = figure.isWhole ? "a whole number such as 4" : "a number such as 4"
        return Key(
            figure.rawValue,
            .value(
                .checkedText(expected: "\(number), or a comparison such as '<= 4' or '2..4'") {
                    StoryComparison($0)?.isPossible(for: figure) == true
                }, default: nil), summary, elsewhere: elsewhere)
    }
}
