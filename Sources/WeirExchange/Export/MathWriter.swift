import WeirCore

/// Metrics of an alarm or of target tracking as CloudWatch's metric math.
struct MathWriter {
    let group: GroupPolicy
    let groupID: String
    let queueName: CloudValue?
    let statistic: Statistic
    /// Nil: target tracking, whose metrics have none.
    let period: Int?
    /// Metrics of the group that somebody has to publish.
    private(set) var groupMetrics: [String] = []
    private(set) var changes: [String] = []
    private var entries: [Entry] = []

    private struct Entry {
        /// The word of the policy file that it stands for.
        var word: String
        var id: String
        var properties: [CloudValue.Property]
    }

    init(writer: CloudWriter, statistic: Statistic, period: Int?) {
        group = writer.group
        groupID = writer.groupID
        queueName = writer.queueName
        self.statistic = statistic
        self.period = period
    }

    /// MetricDataQuery objects; the last one is what is watched.
    var queries: [CloudValue] {
        entries.enumerated().map { index, entry in
            .object(entry.properties + [.init("ReturnData", .boolean(index == entries.count - 1))])
        }
    }

    // MARK: Metrics

    /// Namespace, name and dimensions; nil when CloudWatch has to compute it.
    mutating func gauge(_ metric: BuiltInMetric) throws(NotCarried) -> [CloudValue.Property]? {
        for (namespace, metrics) in AWSImport.gauges {
            guard let name = metrics.first(where: { $0.value == metric })?.key else { continue }
            return try properties(namespace, name)
        }
        return nil
    }

    private mutating func properties(_ namespace: String, _ name: String) throws(NotCarried) -> [CloudValue.Property] {
        let dimension: CloudValue
        if namespace == "AWS/SQS" {
            guard let queueName else {
                throw NotCarried("CloudWatch does not measure where the work of the group waits")
            }
            dimension = .object([.init("Name", .text("QueueName")), .init("Value", queueName)])
        } else {
            if !groupMetrics.contains(name) { groupMetrics.append(name) }
            dimension = .object([.init("Name", .text("AutoScalingGroupName")), .init("Value", .name(of: groupID))])
        }
        return [
            .init("Namespace", .text(namespace)), .init("MetricName", .text(name)),
            .init("Dimensions", .list([dimension])),
        ]
    }

    // MARK: Entries

    /// The id that stands for a word of the policy file.
    mutating func operand(_ word: String) throws(NotCarried) -> String {
        if let known = entries.first(where: { $0.word == word }) { return known.id }
        guard let metric = BuiltInMetric(rawValue: word) else {
            guard let named = group.metrics.first(where: { $0.name == word }) else {
                throw NotCarried("there is no metric '\(word)'")
            }
            return try add(expression: named.expression.text, for: word)
        }
        if let gauge = try gauge(metric) { return add(gauge, statistic, for: word) }
        switch metric {
        case .outstanding: return try add(expression: "visible + in_flight", for: word)
        case .arrivalRate: return try rate("NumberOfMessagesSent", word)
        case .completionRate: return try rate("NumberOfMessagesDeleted", word)
        case .visible, .inFlight, .delayed, .oldestAge, .inService, .pending, .terminating, .desired:
            throw NotCarried("CloudWatch does not measure \(word)")
        }
    }

    private mutating func add(_ metric: [CloudValue.Property], _ statistic: Statistic, for word: String) -> String {
        let id = "m\(entries.count + 1)"
        var stat: [CloudValue.Property] = [.init("Metric", .object(metric))]
        if let period { stat.append(.init("Period", .integer(period))) }
        stat.append(.init("Stat", .text(statistic.cloudWatchName)))
        entries.append(
            Entry(word: word, id: id, properties: [.init("Id", .text(id)), .init("MetricStat", .object(stat))]))
        return id
    }

    private mutating func rate(_ name: String, _ word: String) throws(NotCarried) -> String {
        let count = add(try properties("AWS/SQS", name), .sum, for: "count of \(word)")
        if statistic != .average { changes.append("CloudWatch knows only the average of '\(word)' over the period") }
        return finish("\(count) / PERIOD(\(count))", for: word)
    }

    private mutating func add(expression: String, for word: String) throws(NotCarried) -> String {
        guard let parts = MetricMath.parts(of: expression) else { throw NotCarried("'\(word)' cannot be read") }
        return finish(MetricMath.text(try translate(parts)), for: word)
    }

    private mutating func finish(_ expression: String, for word: String) -> String {
        let id = "e\(entries.count + 1)"
        entries.append(
            Entry(
                word: word, id: id,
                properties: [
                    .init("Id", .text(id)), .init("Expression", .text(expression)), .init("Label", .text(word)),
                ]))
        return id
    }

    // MARK: Words

    private mutating func translate(_ parts: [MathPart]) throws(NotCarried) -> [MathPart] {
        var translated: [MathPart] = []
        for part in parts {
            switch part {
            case .number, .operation: translated.append(part)
            case .word("repeat"), .word("REPEAT"): translated.append(.word("REPEAT"))
            case .word("linear"), .word("LINEAR"): translated.append(.word("LINEAR"))
            case .word(let word): translated.append(.word(try operand(word)))
            case .group(let inner): translated.append(.group(try translate(inner)))
            case .list: throw NotCarried("a list is no part of an expression")
            case .call(let name, let arguments): translated.append(try call(name.uppercased(), arguments))
            }
        }
        return translated
    }

    private mutating func call(_ name: String, _ written: [[MathPart]]) throws(NotCarried) -> MathPart {
        var arguments: [[MathPart]] = []
        for argument in written { arguments.append(try translate(argument)) }
        guard name == "MAX" || name == "MIN", let first = arguments.first else { return .call(name, arguments) }
        // CloudWatch takes the extreme of several series, and not of a series and a number.
        guard written.contains(where: Self.isScalar) else { return .call(name, [[.list(arguments)]]) }
        let symbol = MathPart.operation(name == "MAX" ? ">" : "<")
        let extreme = arguments.dropFirst().reduce(first) { best, next in
            [.call("IF", [best + [symbol] + next, best, next])]
        }
        return extreme.count == 1 ? extreme[0] : .group(extreme)
    }

    private static func isScalar(_ parts: [MathPart]) -> Bool {
        parts.allSatisfy { part in
            switch part {
            case .number, .operation: true
            case .group(let inner): isScalar(inner)
            case .list(let items), .call(_, let items): items.allSatisfy(isScalar)
            case .word: false
            }
        }
    }
}
