import WeirCore

/// Rules that span keys and sections. They look at what could be read, and keep quiet about what has been complained
/// of already.
struct CrossChecks {
    let root: SectionValues
    var findings: Findings
    /// What the clock says, where it is known who reads, and when.
    var now: Instant?

    mutating func run() {
        checkBounds()
        checkTerminationPolicies()
        let metrics = checkMetrics()
        checkAlarms(metrics: metrics)
        checkPollInterval()
        checkFallback()
        checkScalingPolicies()
        checkScheduledActions()
        checkLives()
        if findings.errors == 0 { warn() }
    }

    // MARK: Bounds

    private mutating func checkBounds() {
        let options = root.options
        guard let minimum = options.integer("min_size"), let maximum = options.integer("max_size") else { return }
        guard minimum <= maximum else {
            findings.error(
                "'min_size' is \(minimum), above 'max_size', which is \(maximum)", at: root.place(of: "min_size"),
                hint: "expected 0 to \(maximum)")
            return
        }
        guard let desired = options.integer("desired_capacity"), !(minimum...maximum).contains(desired) else { return }
        findings.error(
            "'desired_capacity' is \(desired), outside 'min_size' to 'max_size'",
            at: root.place(of: "desired_capacity"),
            hint: "expected \(minimum) to \(maximum)")
    }

    /// Source: "Work with termination policies": the default one comes last.
    private mutating func checkTerminationPolicies() {
        guard let value = root["termination_policies"], let place = value.valueSpan, case .value = value.content else {
            return
        }
        let words = root.options.texts("termination_policies")
        if words.isEmpty {
            findings.error(
                "'termination_policies' is empty", at: place,
                hint: "expected \(Field.Kind.alternatives(TerminationPolicy.allCases.map(\.rawValue)))")
        }
        for (index, word) in words.enumerated() where words[..<index].contains(word) {
            findings.error(
                "'\(word)' stands twice in 'termination_policies'", at: place, hint: "expected each one once")
            return
        }
        if let index = words.firstIndex(of: TerminationPolicy.default.rawValue), index != words.count - 1 {
            findings.error(
                "'default' is not the last of the 'termination_policies'", at: place, hint: "expected it last")
        }
    }

    // MARK: Metrics

    /// The names that alarms may use: those that every group has, then the file's own.
    private mutating func checkMetrics() -> [String] {
        var known = BuiltInMetric.allCases.map(\.rawValue)
        for item in root.named("metrics") {
            if BuiltInMetric(rawValue: item.name) != nil {
                findings.error(
                    "'\(item.name)' is a metric that every group has", at: item.nameSpan, hint: "expected another name")
            }
            check(item, names: known)
            known.append(item.name)
        }
        return known
    }

    /// An expression may use the names above it, so that none can be made of itself.
    private mutating func check(_ item: NamedValue, names: [String]) {
        guard let text = item.text else { return }
        do {
            _ = try MetricExpression.parse(text, names: names)
        } catch {
            let scalars = text.prefix(error.offset).unicodeScalars.count
            let place = item.textOffset.map { item.valueSpan.part(from: $0 + scalars) } ?? item.valueSpan
            let word = String(text.dropFirst(error.offset).prefix(while: Self.isOfName))
            guard let later = root.named("metrics").first(where: { $0.name == word }), !names.contains(word) else {
                findings.error("'\(item.name)': \(error.message)", at: place, hint: "expected \(error.expected)")
                return
            }
            let isCircle = word == item.name || metricNames(behind: later).contains(item.name)
            findings.error(
                "'\(item.name)': "
                    + (word == item.name
                        ? "it is made of itself"
                        : isCircle ? "'\(word)' leads back to '\(item.name)'" : "'\(word)' stands below it"),
                at: item.textOffset == nil ? place : place.part(from: 0, length: word.unicodeScalars.count),
                hint: isCircle
                    ? "expected metrics that do not rest on '\(item.name)'" : "expected '\(word)' above '\(item.name)'")
        }
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    /// The names that an expression uses, and those that these use.
    private func metricNames(behind item: NamedValue) -> [String] {
        let metrics = root.named("metrics")
        var found: [String] = []
        var ahead = [item]
        while let next = ahead.popLast() {
            let words = (next.text ?? "").split { !Self.isOfName($0) }.map { String($0) }
            for metric in metrics where words.contains(metric.name) && !found.contains(metric.name) {
                found.append(metric.name)
                ahead.append(metric)
            }
        }
        return found
    }

    // MARK: Poll interval

    /// A period without a measurement has no datapoint: an alarm finer than the measurements lapses again and again.
    private mutating func checkPollInterval() {
        let periods = root.named("alarms").compactMap { item in
            item.section.flatMap { section in section.options.duration("period").map { (item, section, $0) } }
        }
        guard let queue = root.child("queue"), let interval = queue.options.duration("poll_interval"),
            let (item, section, period) = periods.min(by: { $0.2 < $1.2 }), interval > period
        else { return }
        let intervalText = Quantity.text(interval)
        let periodText = Quantity.text(period)
        if queue.isWritten("poll_interval") {
            findings.error(
                "'poll_interval' is \(intervalText): alarm '\(item.name)' with its period of \(periodText) would have gaps",
                at: queue.place(of: "poll_interval"), hint: "expected at most \(periodText)")
        } else {
            findings.error(
                "the queue is measured every \(intervalText): alarm '\(item.name)' would have gaps",
                at: section.place(of: "period"), hint: "expected 'poll_interval: \(periodText)' under 'queue'")
        }
    }
}
