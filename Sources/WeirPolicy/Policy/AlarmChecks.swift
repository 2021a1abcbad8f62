import WeirCore

/// What one alarm has to keep to, and which alarms there are.
extension CrossChecks {
    mutating func checkAlarms(metrics: [String]) {
        for item in root.named("alarms") {
            guard let section = item.section else { continue }
            checkMetric(section, known: metrics)
            checkStatistic(section)
            checkLowSamples(section)
            checkPeriod(section)
            checkDatapoints(section)
            checkRange(section)
            checkRule(section["rule"], named: "rule", of: item.name)
        }
        checkCircles()
    }

    private mutating func checkMetric(_ section: SectionValues, known: [String]) {
        guard let metric = section.options.text("metric"), !known.contains(metric) else { return }
        if case .mistaken? = root["metrics"]?.content { return }
        reportUnknownMetric(metric, in: section, known: known)
    }

    mutating func reportUnknownMetric(_ metric: String, in section: SectionValues, known: [String]) {
        let meant = NearestWord.to(metric, among: known) ?? ForeignWords.metric(metric)?.rawValue
        findings.error(
            "there is no metric '\(metric)'", at: section.place(of: "metric"),
            hint: meant.map { "did you mean '\($0)'?" } ?? "expected \(Field.Kind.alternatives(known))")
    }

    mutating func checkStatistic(_ section: SectionValues) {
        guard let word = section.options.text("statistic"), Statistic(word) == nil else { return }
        let plain = Statistic.plain.map(\.text)
        let meant = ForeignWords.statistic(word) ?? NearestWord.to(word, among: plain)
        let hint = meant.map { "did you mean '\($0)'?" }
        findings.error(
            "'statistic' is '\(Quotation.short(word))'", at: section.place(of: "statistic"),
            hint: hint ?? "expected \(Field.Kind.alternatives(plain + ["p99", "tm90", "TM(10%:90%)"]))")
    }

    /// Source: PutMetricAlarm, EvaluateLowSampleCountPercentile.
    private mutating func checkLowSamples(_ section: SectionValues) {
        let key = "evaluate_low_sample_count_percentile"
        guard section.isSet(key), let word = section.options.text("statistic"), let statistic = Statistic(word)
        else { return }
        if case .percentile = statistic { return }
        findings.error(
            "'\(key)' has no meaning with '\(statistic.text)'", at: section[key]?.keySpan ?? section.span,
            hint: "expected it with a percentile such as p99 only")
    }

    /// Source: PutMetricAlarm, Period and EvaluationPeriods.
    private mutating func checkPeriod(_ section: SectionValues) {
        let options = section.options
        guard let period = options.duration("period") else { return }
        let text = Quantity.text(period)
        let limits = AlarmLimits.weir
        guard limits.allows(period: period) else {
            findings.error(
                "'period' is \(text)", at: section.place(of: "period"),
                hint: "expected \(AlarmSection.shortPeriods) or a multiple of \(Quantity.text(Limits.periodUnit))")
            return
        }
        guard let count = options.integer("evaluation_periods") else { return }
        let longest = limits.longestEvaluation(ofPeriod: period)
        let most = limits.mostEvaluationPeriods(ofPeriod: period)
        if count > most {
            findings.error(
                "\(count) evaluation periods of \(text) are more than \(Quantity.text(longest))",
                at: section.place(of: section.isWritten("evaluation_periods") ? "evaluation_periods" : "period"),
                hint: "expected at most \(most)")
        }
    }

    private mutating func checkDatapoints(_ section: SectionValues) {
        let options = section.options
        guard let count = options.integer("evaluation_periods"),
            let datapoints = options.integer("datapoints_to_alarm"),
            datapoints > count
        else { return }
        let periods = count == 1 ? "1 evaluation period is" : "\(count) evaluation periods are"
        findings.error(
            "'datapoints_to_alarm' is \(datapoints), but only \(periods) looked at",
            at: section.place(of: "datapoints_to_alarm"), hint: count == 1 ? "expected 1" : "expected 1 to \(count)")
    }

    /// With fewer periods in view than are judged, some would be missing for ever.
    private mutating func checkRange(_ section: SectionValues) {
        let options = section.options
        guard let count = options.integer("evaluation_periods"), let range = options.integer("evaluation_range"),
            range < count
        else { return }
        findings.error(
            "'evaluation_range' is \(range), but \(count) evaluation periods are judged",
            at: section.place(of: "evaluation_range"), hint: "expected at least \(count)")
    }

    // MARK: Rules

    /// - Parameter name: of the composite alarm whose rule it is; nil for a rule in place.
    mutating func checkRule(_ value: KeyValue?, named key: String, of name: String? = nil) {
        guard let value, case .value(.text(let text)) = value.content, let place = value.valueSpan else { return }
        let rule: AlarmRule
        do {
            rule = try AlarmRule.parse(text)
        } catch {
            findings.error(
                "'\(key)': \(error.message)", at: value.place(ofCharacter: error.offset, in: text) ?? place,
                hint: "expected \(error.expected)")
            return
        }
        let known = root.named("alarms").map(\.name)
        let named = rule.alarms
        for alarm in named where !known.contains(alarm) {
            let offset = text.range(of: alarm).map { text.distance(from: text.startIndex, to: $0) }
            let start = offset.flatMap { value.place(ofCharacter: $0, in: text) } ?? place
            findings.error(
                "there is no alarm '\(alarm)'",
                at: value.textOffset == nil ? start : start.part(from: 0, length: alarm.unicodeScalars.count),
                hint: alarmHint(alarm, among: known.filter { $0 != name }))
        }
        if named.count > WeirCore.Limits.mostAlarmsInRule {
            findings.error(
                "'\(key)' names \(named.count) alarms", at: place,
                hint: "expected at most \(WeirCore.Limits.mostAlarmsInRule)")
        }
    }

    func alarmHint(_ alarm: String, among known: [String]) -> String {
        NearestWord.to(alarm, among: known).map { "did you mean '\($0)'?" }
            ?? (known.isEmpty ? "expected an alarm under 'alarms'" : "expected \(Field.Kind.alternatives(known))")
    }

    /// Rules whose alarms lead back to themselves could never be judged.
    private mutating func checkCircles() {
        var rules: [(name: String, alarms: [String], value: KeyValue)] = []
        for item in root.named("alarms") {
            guard let section = item.section, let text = section.options.text("rule"), let value = section["rule"],
                let rule = try? AlarmRule.parse(text)
            else { continue }
            rules.append((item.name, rule.alarms, value))
        }
        // What names only alarms that are judged already can be judged; what is left over is a circle, or leads into one.
        var open = rules
        while true {
            let names = open.map(\.name)
            let next = open.filter { $0.alarms.contains(where: names.contains) }
            if next.count == open.count { break }
            open = next
        }
        for rule in open where leadsBack(rule.name, rules) {
            guard let place = rule.value.valueSpan else { continue }
            findings.error(
                "the rule of '\(rule.name)' leads back to '\(rule.name)'", at: place,
                hint: "expected alarms that do not rest on '\(rule.name)'")
        }
    }

    private func leadsBack(_ name: String, _ rules: [(name: String, alarms: [String], value: KeyValue)]) -> Bool {
        var seen: [String] = []
        var ahead = rules.first { $0.name == name }?.alarms ?? []
        while let next = ahead.popLast() {
            if next == name { return true }
            if seen.contains(next) { continue }
            seen.append(next)
            ahead += rules.first { $0.name == next }?.alarms ?? []
        }
        return false
    }
}

extension String {
    /// Where another text begins in this one, as a whole word if it can be found as one.
    fileprivate func range(of word: String) -> String.Index? {
        let ends: (Character) -> Bool = { $0.isWhitespace || "()\"".contains($0) }
        var position = startIndex
        var first: String.Index?
        while position < endIndex {
            if self[position...].hasPrefix(word) {
                first = first ?? position
                let end = index(position, offsetBy: word.count)
                let startsWord = position == startIndex || ends(self[index(before: position)])
                if startsWord, end == endIndex || ends(self[end]) { return position }
            }
            position = index(after: position)
        }
        return first
    }
}

extension Duration {
    /// In whole milliseconds, which is as fine as a policy file can be.
    func isMultiple(of unit: Duration) -> Bool {
        wholeMilliseconds % unit.wholeMilliseconds == 0
    }
}
