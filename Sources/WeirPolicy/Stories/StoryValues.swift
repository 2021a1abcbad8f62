import WeirCore

/// From what was read of a story file to the stories. What is needed of the policy is checked here too, at its place.
struct StoryValues {
    let policy: GroupPolicy
    var findings: Findings
    var loadMistakes: (StoryLoad) -> [StoryLoad.Mistake] = { _ in [] }

    init(policy: GroupPolicy, findings: Findings) {
        self.policy = policy
        self.findings = findings
    }

    mutating func stories(_ root: SectionValues) -> [Story] {
        root.sequence("stories").compactMap { story($0) }
    }

    private mutating func story(_ section: SectionValues) -> Story? {
        let errorsBefore = findings.errors
        checkCapacity(section)
        let source = source(of: section)
        let events = section.sequence("events").compactMap(event)
        var expectations = section.sequence("expect").flatMap { self.expectations($0) }
        let options = section.options
        guard section.isSound, findings.errors == errorsBefore, let source, let title = options.text("story"),
            let beginsAt = options.text("begins_at").flatMap(Instant.init(rfc3339:)),
            let startupTime = options.duration("startup_time"), let stopTime = options.duration("stop_time"),
            let hookTime = options.duration("hook_time")
        else { return nil }
        let lasts = options.duration("lasts") ?? Self.length(source, events, expectations)
        for index in expectations.indices { expectations[index].when = expectations[index].when.ending(by: lasts) }
        checkLength(lasts, section)
        if options.integer("fleet_room") != nil, policy.fleet == nil {
            findings.error(
                "'\(policy.name)' shares no limit with other groups", at: section.place(of: "fleet_room"),
                hint: "expected a policy with 'fleet', or a story without 'fleet_room'")
        }
        return Story(
            title: title, line: section.span.line, beginsAt: beginsAt,
            desiredCapacity: options.integer("desired_capacity"), fleetRoom: options.integer("fleet_room"),
            startupTime: startupTime, stopTime: stopTime,
            hookTime: hookTime, lasts: lasts, source: source, events: events, expectations: expectations)
    }

    /// A scheduled action may allow more than the group does at first.
    private mutating func checkCapacity(_ section: SectionValues) {
        let most = policy.scheduledActions.compactMap(\.maxSize).reduce(policy.maxSize, max)
        guard let capacity = section.options.integer("desired_capacity"), capacity > most else { return }
        findings.error(
            "'desired_capacity' is \(capacity), and '\(policy.name)' has at most \(most)",
            at: section.place(of: "desired_capacity"), hint: "expected at most \(most)")
    }

    // MARK: How long

    /// Until the last mark has held, the last event has happened and the last expectation is over.
    private static func length(
        _ source: Story.Source, _ events: [StoryEvent], _ expectations: [StoryExpectation]
    ) -> Duration {
        var end = Duration.seconds(1)
        if case .given(let figures) = source {
            end = max(end, figures.every * (figures.series.map(\.marks.count).max() ?? 0))
        }
        end = max(end, events.map(\.at).max() ?? .zero)
        let named = expectations.map(\.when.end).filter { $0 < Limits.longestStory }
        return max(end, named.max() ?? .zero)
    }

    private mutating func checkLength(_ lasts: Duration, _ section: SectionValues) {
        if lasts > Limits.longestStory {
            findings.error(
                "the story lasts longer than \(Quantity.text(Limits.longestStory))", at: section.span,
                hint: "expected fewer or shorter marks")
        }
        for item in section.sequence("events") + section.sequence("expect") {
            for name in ["at", "from", "until"] where (item.options.duration(name) ?? .zero) > lasts {
                findings.error(
                    "'\(name)' is after the end of the story, which lasts \(Quantity.text(lasts))",
                    at: item.place(of: name), hint: "expected an earlier time, or a longer 'lasts'")
            }
        }
    }

    // MARK: What the group sees

    private mutating func source(of section: SectionValues) -> Story.Source? {
        if section.isWritten("given"), section.isWritten("load") {
            findings.error(
                "the story has 'given' and 'load'", at: section["load"]?.keySpan ?? section.span,
                hint: "expected figures, or a queue that has them")
            return nil
        }
        if let load = section.child("load") { return self.load(load).map(Story.Source.load) }
        guard let given = section.child("given") else {
            return .given(StoryFigures(every: .seconds(60), series: []))
        }
        guard let every = given.options.duration("every") else { return nil }
        var figures = StoryFigures(every: every, series: [])
        for metric in StoryFigures.metrics {
            guard let value = given[metric.rawValue], case .value(.text(let text)) = value.content else { continue }
            do throws(SeriesNotation.Mistake) {
                figures.series.append(.init(metric: metric, marks: try SeriesNotation.read(text)))
            } catch {
                var span = value.place(ofCharacter: error.offset, in: text) ?? given.span
                if value.textOffset != nil { span.length = error.length }
                findings.error(error.message, at: span, hint: error.hint)
            }
        }
        return .given(figures)
    }

    private mutating func load(_ section: SectionValues) -> StoryLoad? {
        guard section.isSound, let seed = section.options.integer("seed") else { return nil }
        let load = StoryLoad(
            generate: section.options.texts("generate"), trace: section.options.text("trace"),
            serviceTime: section.options.text("service_time"), metric: section.options.text("metric"),
            period: section.options.duration("period"), seed: UInt64(seed), line: section.span.line)
        for mistake in loadMistakes(load) {
            findings.error(mistake.message, at: Self.place(of: mistake.part, in: section), hint: mistake.hint)
        }
        return load
    }

    private static func place(of part: StoryLoad.Part, in section: SectionValues) -> SourceSpan {
        switch part {
        case .generate(let number):
            let spans = section["generate"]?.itemSpans ?? []
            return spans.indices.contains(number) ? spans[number] : section.place(of: "generate")
        case .trace: return section.place(of: "trace")
        case .serviceTime: return section.place(of: "service_time")
        case .load: return section.span
        }
    }

    // MARK: What happens besides

    private func event(_ section: SectionValues) -> StoryEvent? {
        let options = section.options
        guard let at = options.duration("at"),
            let name = section.section.choice?.words.first(where: section.isWritten),
            let kind = Self.kind(name, options)
        else { return nil }
        return StoryEvent(at: at, kind: kind)
    }

    private static func kind(_ name: String, _ options: Options) -> StoryEvent.Kind? {
        let instance = options.text(name).flatMap(StoryInstance.init)
        let process = options.text(name).flatMap(ScalingProcess.init(rawValue:))
        let isTrue = options.boolean(name) == true
        return switch name {
        case "instance_ends": instance.map { .instanceEnds($0) }
        case "launches_fail": options.duration(name).map { .launchesFail($0) }
        case "listing_fails": options.duration(name).map { .listingFails($0) }
        case "restart": isTrue ? .restart : nil
        case "set_desired": options.integer(name).map { .setDesired($0) }
        case "suspend": process.map { .suspend($0) }
        case "resume": process.map { .resume($0) }
        case "protect": instance.map { .protect($0) }
        case "unprotect": instance.map { .unprotect($0) }
        case "terminate": instance.map { .terminate($0) }
        case "standby": instance.map { .standby($0) }
        case "exit_standby": isTrue ? .exitStandby : nil
        case "unhealthy": instance.map { .unhealthy($0) }
        case "refresh": isTrue ? .refresh : nil
        case "reset": isTrue ? .reset : nil
        default: nil
        }
    }

    // MARK: What is expected

    private mutating func expectations(_ section: SectionValues) -> [StoryExpectation] {
        let conditions = conditions(section)
        var expectations: [StoryExpectation] = []
        if let never = section.child("never") {
            let forbidden = self.conditions(never)
            if forbidden.isEmpty, never.isSound {
                findings.error(
                    "'never' names nothing", at: never.span, hint: "expected such as never: { desired: '> 10' }")
            }
            if let when = when(section, orAlways: true) {
                expectations.append(
                    StoryExpectation(line: section.span.line, when: when, conditions: forbidden, isNever: true))
            }
        }
        guard section.child("never") == nil || !conditions.isEmpty else { return expectations }
        guard !conditions.isEmpty else {
            // What was written and is wrong has been told.
            if section.isSound {
                findings.error(
                    "nothing is expected here", at: section.span,
                    hint: "expected such as desired: 4, or because: up-policy")
            }
            return []
        }
        if let when = when(section, orAlways: false) {
            expectations.append(
                StoryExpectation(line: section.span.line, when: when, conditions: conditions, isNever: false))
        }
        return expectations
    }

    private mutating func when(_ section: SectionValues, orAlways: Bool) -> StoryExpectation.When? {
        let options = section.options
        let (from, until) = (options.duration("from"), options.duration("until"))
        if let at = options.duration("at") {
            if let other = ["from", "until"].first(where: section.isWritten) {
                return refuse("'at' and '\(other)' stand together", section, other, "expected a moment, or a time")
            }
            return options.duration("within").map { .sometime(at, at + $0) } ?? .at(at)
        }
        if section.isWritten("within") {
            return refuse("'within' stands without 'at'", section, "within", "expected 'at' beside it")
        }
        guard from != nil || until != nil || orAlways else {
            return section.isSound
                ? refuse("it does not say when", section, "at", "expected 'at', or 'from' and 'until'") : nil
        }
        if let from, let until, until < from {
            return refuse("'until' is before 'from'", section, "until", "expected a later time")
        }
        return .throughout(from ?? .zero, until ?? Limits.longestStory)
    }

    private mutating func refuse(
        _ message: String, _ section: SectionValues, _ name: String, _ hint: String
    ) -> StoryExpectation.When? {
        findings.error(message, at: section[name]?.keySpan ?? section.span, hint: hint)
        return nil
    }

    private mutating func conditions(_ section: SectionValues) -> StoryConditions {
        let options = section.options
        let figures = StoryFigure.allCases.compactMap { figure -> StoryConditions.FigureCondition? in
            options.text(figure.rawValue).flatMap(StoryComparison.init).map { .init(figure: figure, comparison: $0) }
        }
        let alarms = section.named("alarms").compactMap { item -> StoryConditions.AlarmCondition? in
            checkAlarm(item)
            return item.text.flatMap(AlarmState.init(rawValue:)).map { .init(alarm: item.name, state: $0) }
        }
        var because: StoryReason?
        if let text = options.text("because") {
            checkReason(text, at: section.place(of: "because"))
            because = StoryReason(text: text, isPolicy: policy.scalingPolicies.contains { $0.name == text })
        }
        return StoryConditions(figures: figures, alarms: alarms, because: because)
    }

    // MARK: Words of the policy

    private var alarmNames: [String] { policy.alarms.map(\.name) + policy.compositeAlarms.map(\.name) }

    private mutating func checkAlarm(_ item: NamedValue) {
        guard !alarmNames.contains(item.name) else { return }
        let nearest = NearestWord.to(item.name, among: alarmNames).map { "did you mean '\($0)'?" }
        let expected =
            alarmNames.isEmpty ? "the policy has no alarm" : "expected \(Field.Kind.alternatives(alarmNames))"
        findings.error(
            "there is no alarm '\(Quotation.short(item.name))'", at: item.nameSpan, hint: nearest ?? expected)
    }

    /// One word is a name or a code; more of them may be a part of any sentence.
    private mutating func checkReason(_ text: String, at span: SourceSpan) {
        guard !text.contains(" ") else { return }
        let names = policy.scalingPolicies.map(\.name) + alarmNames + policy.scheduledActions.map(\.name)
        guard !names.contains(text), !Reason.codes.contains(where: { "_\($0)_".contains("_\(text)_") }) else { return }
        let nearest = NearestWord.to(text, among: names + Reason.codes).map { "did you mean '\($0)'?" }
        let expected = Field.Kind.alternatives(names.prefix(8) + ["a reason's code such as held_by_cooldown"])
        findings.error(
            "'because' is '\(Quotation.short(text))'", at: span, hint: nearest ?? "expected \(expected)")
    }
}

extension StoryConditions {
    var isEmpty: Bool { figures.isEmpty && alarms.isEmpty && because == nil }
}

extension StoryExpectation.When {
    /// Where it was left open it ends with the story.
    fileprivate func ending(by end: Duration) -> Self {
        switch self {
        case .at: self
        case .sometime(let from, let until): .sometime(from, min(until, end))
        case .throughout(let from, let until): .throughout(from, min(until, end))
        }
    }
}
