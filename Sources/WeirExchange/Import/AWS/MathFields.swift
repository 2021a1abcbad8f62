import WeirCore
import WeirPolicy

/// Metric math of an alarm or of target tracking as a named expression.
extension AWSImport {
    /// One entry, once its own entries are known.
    private struct Entry {
        var id: String
        var item: Item
        /// What stands for it in an expression.
        var parts: [MathPart]
        /// It alone, as an alarm can watch it; nil for an expression.
        var metric: ReadMetric?
    }

    /// - Parameters:
    ///   - list: MetricDataQuery objects.
    ///   - owner: whose metrics they are, to name an expression that has no name.
    mutating func readMath(_ list: Item, owner: String) throws(NotCarried) -> ReadMetric {
        var known: [Entry] = []
        var statistics: [Statistic] = []
        var period = 60
        var waiting = list.items
        for item in waiting {
            guard let stat = item["MetricStat"], let id = item["Id"] else { continue }
            guard let metric = stat["Metric"] else { throw NotCarried("an entry of its metric math has no metric") }
            period = try readPeriod(stat["Period"] ?? item["Period"])
            guard let word = stat["Stat"], let text = word.text(as: "statistic"), let statistic = Statistic(text) else {
                throw NotCarried("a statistic of its metric math is none that weir has")
            }
            let operand = try readOperand(metric)
            statistics.append(statistic)
            stat["Unit"]?.notNeeded("a metric of weir has one unit")
            known.append(
                Entry(
                    id: id.plain ?? "", item: item, parts: try Self.parts(of: operand, statistic, period),
                    metric: try Self.metric(operand, statistic, period)))
        }
        waiting.removeAll { $0["MetricStat"] != nil }
        // Each may use those above and below it: what can be resolved is, until nothing is left.
        while !waiting.isEmpty {
            let unresolved = Set(waiting.compactMap { $0["Id"]?.plain })
            guard let next = waiting.firstIndex(where: { Self.words(of: $0).isDisjoint(with: unresolved) }) else {
                throw NotCarried("its metric math goes in a circle")
            }
            known.append(try resolve(waiting.remove(at: next), known, owner, period))
        }
        for entry in known { settle(entry) }
        let returned = known.filter { $0.item["ReturnData"]?.plain.map { $0.lowercased() != "false" } ?? true }
        if returned.count == 1, let metric = returned[0].metric { return metric }
        guard let result = returned.last, returned.count == 1, case .word(let word)? = result.parts.first,
            result.parts.count == 1
        else { throw NotCarried("its metric math does not say which entry it returns") }
        return Self.metric(word, statistics, period)
    }

    private static func metric(_ word: String, _ statistics: [Statistic], _ period: Int) -> ReadMetric {
        let plain = statistics.map { $0 == .sum ? .average : $0 }
        let isOne = Set(plain).count <= 1
        let change = isOne ? nil : "its metrics have several statistics; weir makes an average of the whole expression"
        return ReadMetric(
            word: word, statistic: isOne ? plain.first ?? .average : .average, period: .seconds(period),
            change: change)
    }

    private func settle(_ entry: Entry) {
        entry.item["Id"]?.notNeeded("metrics have words here")
        entry.item["Label"]?.settle(.notNeeded("a name for people"))
        entry.item["Period"]?.settle(.carried("period"))
        entry.item["AccountId"]?.settle(.told(.notCarried, "weir asks with the credentials that it is given"))
        entry.item["ReturnData"]?.notNeeded("an alarm names the one metric that it watches")
    }

    /// A metric that is a Sum has another size here unless its period is a minute.
    private static func parts(
        of operand: BuiltInMetric, _ statistic: Statistic, _ period: Int
    ) throws(NotCarried) -> [MathPart] {
        let word = MathPart.word(operand.rawValue)
        if counters.values.contains(operand) {
            guard statistic == .sum else { throw NotCarried("of a count only the Sum has a meaning here") }
            return [.group([word, .operation("*"), .number("\(period)")])]
        }
        switch statistic {
        case .sum:
            guard period != 60 else { return [word] }
            return [.group([word, .operation("*"), .number(PlainNumber.text(Double(period) / 60))])]
        case .sampleCount, .trimmedCount, .trimmedSum:
            throw NotCarried("how many samples there are is another number here")
        case .average, .minimum, .maximum, .percentile, .trimmedMean, .winsorizedMean, .percentileRank: return [word]
        }
    }

    // MARK: Expressions

    private static func words(of item: Item) -> Set<String> {
        guard let parts = item["Expression"]?.plain.flatMap(MetricMath.parts) else { return [] }
        return Set(words(in: parts))
    }

    private static func words(in parts: [MathPart]) -> [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .word(let word): [word]
            case .number, .operation: []
            case .group(let inner): words(in: inner)
            case .list(let items), .call(_, let items): items.flatMap { words(in: $0) }
            }
        }
    }

    private mutating func resolve(
        _ item: Item, _ known: [Entry], _ owner: String, _ period: Int
    ) throws(NotCarried) -> Entry {
        guard let expression = item["Expression"], let text = expression.plain, let parts = MetricMath.parts(of: text)
        else { throw NotCarried("an entry of its metric math cannot be read") }
        let translated = Self.translate(parts, known: known, period: period)
        let said = MetricMath.text(translated)
        expression.carried("metrics")
        let id = item["Id"]?.plain ?? ""
        if case .word(let word)? = translated.first, translated.count == 1, BuiltInMetric(rawValue: word) != nil {
            return Entry(id: id, item: item, parts: translated)
        }
        if ["visible + in_flight", "in_flight + visible"].contains(said) {
            return Entry(id: id, item: item, parts: [.word(BuiltInMetric.outstanding.rawValue)])
        }
        do {
            _ = try MetricExpression.parse(said, names: expressions.map(\.name))
        } catch {
            throw NotCarried("weir cannot compute '\(text)': \(error.message), expected \(error.expected)")
        }
        let name = name(of: said, label: item["Label"]?.plain, owner: owner)
        return Entry(id: id, item: item, parts: [.word(name)])
    }

    private static func translate(_ parts: [MathPart], known: [Entry], period: Int) -> [MathPart] {
        if let rate = rate(parts, known) { return [.word(rate)] }
        return parts.flatMap { part -> [MathPart] in
            switch part {
            case .number, .operation: return [part]
            case .word(let word): return known.first { $0.id == word }?.parts ?? [part]
            case .group(let inner): return [.group(translate(inner, known: known, period: period))]
            case .list(let items): return [.list(items.map { translate($0, known: known, period: period) })]
            case .call("PERIOD", _): return [.number("\(period)")]
            case .call(let name, let arguments):
                var translated = arguments.map { translate($0, known: known, period: period) }
                if translated.count == 1, case .list(let items)? = translated[0].first, translated[0].count == 1 {
                    translated = items
                }
                if name.lowercased() == "if", let extreme = MetricMath.extreme(translated) {
                    return [.call(extreme.name, extreme.arguments)]
                }
                return [.call(functions.contains(name.lowercased()) ? name.lowercased() : name, translated)]
            }
        }
    }

    private static let functions: Set<String> = ["max", "min", "abs", "ceil", "floor", "if", "fill"]

    /// `m1 / PERIOD(m1)` of a count is its rate.
    private static func rate(_ parts: [MathPart], _ known: [Entry]) -> String? {
        guard parts.count == 3, case .word(let id) = parts[0], parts[1] == .operation("/"),
            parts[2] == .call("PERIOD", [[.word(id)]]), let entry = known.first(where: { $0.id == id }),
            case .group(let inner)? = entry.parts.first, case .word(let word)? = inner.first,
            counters.values.contains(where: { $0.rawValue == word })
        else { return nil }
        return word
    }

    // MARK: Names

    /// What says the same has one name.
    private mutating func name(of text: String, label: String?, owner: String) -> String {
        if let known = expressions.first(where: { $0.text == text }) { return known.name }
        let wanted = label.map(Self.metricName) ?? ""
        let base = wanted.isEmpty ? Self.metricName("metric of \(owner)") : wanted
        var name = base
        var number = 2
        while BuiltInMetric(rawValue: name) != nil || expressions.contains(where: { $0.name == name }) {
            name = "\(base)_\(number)"
            number += 1
        }
        expressions.append((name, text))
        return name
    }

    /// A small letter first, then small letters, digits and `_`; empty when nothing is left.
    private static func metricName(_ text: String) -> String {
        var name = ""
        for character in text.lowercased() {
            let isPlain = character.isASCII && (character.isLetter || character.isNumber)
            if isPlain { name.append(character) } else if !name.hasSuffix("_"), !name.isEmpty { name.append("_") }
        }
        while let first = name.first, !first.isLetter { name.removeFirst() }
        name = String(name.prefix(60))
        while name.hasSuffix("_") { name.removeLast() }
        return name
    }

    mutating func writeMetrics() {
        draft.metrics = expressions.map { .init($0.name, text: $0.text) }
    }
}
